"""`bhyt-bot doctor`."""

from __future__ import annotations

import asyncio

import typer
from rich.text import Text

from bot.cli.console import Exit, notices, output
from bot.cli.context import CONFIG


def doctor() -> None:
    """Look for what would keep the bot from working; shows no values. Exit code 1 when something is broken."""
    from bot.doctor import examine
    from bot.findings import Health

    with notices().status("…"):
        findings = asyncio.run(examine(CONFIG.get()))
    signs = {Health.WELL: ("✓", "green"), Health.NOTE: ("•", "yellow"), Health.BROKEN: ("✗", "red")}
    for finding in findings:
        output().print(Text.assemble(signs[finding.health], f" {finding.part}: {finding.what}"))
    if any(finding.health is Health.BROKEN for finding in findings):
        raise typer.Exit(Exit.PROBLEMS)
