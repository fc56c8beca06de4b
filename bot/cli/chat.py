"""`bhyt-bot chat`."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import notices, output
from bot.cli.context import settings
from bot.texts import say

if TYPE_CHECKING:
    from rich.console import Console


def chat(
    sender: Annotated[
        str, typer.Option("--as", help="Name of the conversation; another name is another person.")
    ] = "local",
) -> None:
    """Talk with the bot in the terminal. The same conversation, pipeline and database as on the other channels."""
    loaded = settings(quiet=True)
    with notices().status("Đang nạp kho tri thức…"):
        from bot.app import build_core, build_runtime
        from bot.channels.terminal import TerminalChat, wants_to_leave

        core = build_core(loaded)
    console = output()
    with asyncio.Runner() as runner:
        runtime = runner.run(build_runtime(loaded, core))
        try:
            talk = TerminalChat(runtime, console, sender)
            console.print(say("vi", "welcome"), style="dim")
            while (line := _read(console)) is not None and not wants_to_leave(line):
                if line.strip():
                    runner.run(talk.send(line))
            console.print(say("vi", "goodbye"), style="dim")
        finally:
            runner.run(runtime.close())


def _read(console: Console) -> str | None:
    """The next line; None at Ctrl-D, Ctrl-C and the end of a file. Bytes that are no UTF-8 become U+FFFD."""
    try:
        if sys.stdin.isatty():
            return console.input(f"[bold green]{say('vi', 'prompt')}[/] ")
        line = sys.stdin.buffer.readline()
    except (EOFError, KeyboardInterrupt):
        return None
    return line.decode("utf-8", "replace") if line else None
