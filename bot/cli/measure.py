"""`bhyt-bot eval` and `bhyt-bot bench`."""

from __future__ import annotations

from importlib import import_module

import typer

from bot.cli.context import settings


def evaluate() -> None:
    """Measure how well questions are answered; prints a report and writes docs/answer-quality.md."""
    _run("bot.evaluation.quality")


def bench() -> None:
    """Measure how fast questions and Telegram messages are answered, beside other searches and bots."""
    _run("bot.evaluation.speed")


def _run(module: str) -> None:
    # The measurements need packages that a running bot does not: they are found only when asked for.
    raise typer.Exit(import_module(module).main(settings(quiet=True)))
