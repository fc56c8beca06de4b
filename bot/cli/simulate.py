"""`bhyt-bot simulate`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.cli.console import Exit, notices, output
from bot.cli.stopping import stop_signal
from bot.config import variable


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
    from bot.simulator.practice import SETTINGS
    from bot.simulator.serving import PortTakenError

    try:
        with TemporaryDirectory(prefix="bhyt-", ignore_cleanup_errors=True) as folder:
            asyncio.run(_simulate(Path(folder), port, keep, practice))
    except PortTakenError as error:
        way = "chọn cổng khác bằng --port"
        if practice is not None and error.port != port:
            way = f"đổi {variable('web', 'port')} trong {practice / SETTINGS}"
        notices().print(f"{error} Hãy tắt chương trình đó, hoặc {way}, rồi chạy lại.", style="red", markup=False)
        raise typer.Exit(Exit.USAGE) from None


async def _simulate(folder: Path, port: int, keep: Path | None, practice: Path | None) -> None:
    from bot.console.addresses import HOME
    from bot.simulator.practice import DATABASE, LIST, SCHOOLS, SETTINGS, ZALO_LIST
    from bot.simulator.simulation import simulation

    stop = stop_signal()
    database = keep or (practice or folder) / DATABASE
    with notices().status("Đang nạp kho tri thức và mở Telegram, Zalo mô phỏng…") as status:
        async with simulation(folder, database, port, practice) as running:
            status.stop()
            _tell(f"Mở trang dùng thử tại: {running.page}")
            _tell(f"Trò chuyện trên web: {running.bot.address}")
            if practice is None:
                await running.until(stop)
                return
            _tell(f"Bàn làm việc của cán bộ: {running.bot.address}{HOME}")
            _tell(f"Danh sách để tập: {', '.join(str(practice / name) for name in (SCHOOLS, LIST, ZALO_LIST))}")
            _tell(f"Ở cửa sổ khác, gõ trước: . {practice / SETTINGS}")
            _tell(f"Bot đang chạy là tiến trình {running.bot.id}; nếu nó bị tắt, nó được mở lại.")
            await running.until(stop, lambda bot: _tell(f"Bot đã bị tắt, mở lại: tiến trình {bot.id}."))


def _tell(line: str) -> None:
    output().print(line, markup=False, soft_wrap=True)
