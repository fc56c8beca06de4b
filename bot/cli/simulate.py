"""`bhyt-bot simulate`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.cli.console import notices, output
from bot.cli.stopping import stop_signal


def simulate(
    port: Annotated[int, typer.Option(help="Port of the page.", min=0, max=65535)] = 8090,
    keep: Annotated[
        Path | None, typer.Option(help="SQLite file to keep; default: one that is thrown away.", dir_okay=False)
    ] = None,
) -> None:
    """Try the bot on Telegram and Zalo without any account: a page with two phones, on this machine only.

    Settings and secrets of the real bot are not used.
    """
    with TemporaryDirectory(prefix="bhyt-", ignore_cleanup_errors=True) as folder:
        asyncio.run(_simulate(Path(folder), port, keep))


async def _simulate(folder: Path, port: int, keep: Path | None) -> None:
    from bot.simulator.simulation import simulation

    stop = stop_signal()
    with notices().status("Đang nạp kho tri thức và mở Telegram, Zalo mô phỏng…") as status:
        async with simulation(folder, keep or folder / "bhyt.sqlite3", port) as running:
            status.stop()
            output().print(f"Mở trang dùng thử tại: {running.page}", markup=False)
            await running.until(stop)
