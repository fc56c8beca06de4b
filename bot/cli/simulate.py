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
    practice: Annotated[
        Path | None,
        typer.Option(help="Folder to practise a campaign in: lists of test persons, settings for other commands."),
    ] = None,
) -> None:
    """Try the bot on Telegram and Zalo without any account: a page with two phones, on this machine only.

    Settings and secrets of the real bot are not used.
    """
    with TemporaryDirectory(prefix="bhyt-", ignore_cleanup_errors=True) as folder:
        asyncio.run(_simulate(Path(folder), port, keep, practice))


async def _simulate(folder: Path, port: int, keep: Path | None, practice: Path | None) -> None:
    from bot.simulator.practice import DATABASE, LIST, SCHOOLS, SETTINGS
    from bot.simulator.simulation import simulation

    stop = stop_signal()
    database = keep or (practice or folder) / DATABASE
    with notices().status("Đang nạp kho tri thức và mở Telegram, Zalo mô phỏng…") as status:
        async with simulation(folder, database, port, practice) as running:
            status.stop()
            output().print(f"Mở trang dùng thử tại: {running.page}", markup=False)
            if practice is None:
                await running.until(stop)
                return
            output().print(f"Danh sách để tập: {practice / SCHOOLS}, {practice / LIST}", markup=False, soft_wrap=True)
            output().print(f"Ở cửa sổ khác, gõ trước: . {practice / SETTINGS}", markup=False, soft_wrap=True)
            output().print(
                f"Bot đang chạy là tiến trình {running.bot.id}; nếu nó bị tắt, nó được mở lại.", markup=False
            )
            await running.until(
                stop, lambda bot: output().print(f"Bot đã bị tắt, mở lại: tiến trình {bot.id}.", markup=False)
            )
