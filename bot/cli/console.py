"""How the command line talks: UTF-8 everywhere, results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from enum import IntEnum
from io import TextIOWrapper
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Exit(IntEnum):
    """Exit codes."""

    OK = 0
    PROBLEMS = 1
    """Something was found that has to be mended."""
    USAGE = 2
    """The command or the configuration is wrong."""


def speak_utf8() -> None:
    """Vietnamese must come out whatever the system's locale is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def output() -> Console:
    """Where results go. Long lines are left whole when a program reads them, brackets in texts are no mark-up."""
    return Console(file=sys.stdout, soft_wrap=not sys.stdout.isatty(), highlight=False, markup=False)


def notices() -> Console:
    """Where progress and errors go; brackets in texts are no mark-up."""
    return Console(file=sys.stderr, soft_wrap=not sys.stderr.isatty(), highlight=False, markup=False)


@contextmanager
def progress(label: str, *, fills: bool = True) -> Iterator[Callable[[str, float], None]]:
    """A progress bar; call what it gives with what is being done and the share done, 0 to 1. It `fills` at the end."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=notices()) as bar:
        task = bar.add_task(label, total=1.0)

        def report(what: str, share: float) -> None:
            bar.update(task, description=f"{label}: {what}" if what else label, completed=share)

        try:
            yield report
        except BaseException:
            bar.update(task, visible=False)  # nothing stands before the error
            raise
        if fills:
            bar.update(task, completed=1.0)
