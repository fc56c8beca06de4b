"""`bhyt-bot run`."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import notices, output
from bot.cli.context import settings
from bot.cli.stopping import stop_at_end_of_input, stop_signal

if TYPE_CHECKING:
    from bot.app import Core
    from bot.config import Settings


def run(
    until_input_ends: Annotated[
        bool, typer.Option("--until-input-ends", help="Stop when standard input ends.", hidden=True)
    ] = False,
) -> None:
    """Bring the database up to date and serve the web chat until Ctrl-C or SIGTERM."""
    loaded = settings()
    with notices().status("Đang nạp kho tri thức…"):
        from bot.app import build_core

        core = build_core(loaded)
    asyncio.run(_serve(loaded, core, until_input_ends=until_input_ends))


async def _serve(loaded: Settings, core: Core, *, until_input_ends: bool) -> None:
    import structlog
    from aiohttp import web

    from bot.actions import Action
    from bot.app import build_runtime, build_web_app

    log = structlog.get_logger()
    stop = stop_signal()
    if until_input_ends:
        stop_at_end_of_input(stop)
    runtime = await build_runtime(loaded, core)
    # What is loaded now stays: looking through it again and again would stop all turns for a tenth of a second.
    gc.collect()
    gc.freeze()
    # Without an access log: it would hold addresses. Time to answer what is under way when the process is stopped.
    runner = web.AppRunner(
        build_web_app(runtime),
        access_log=None,
        keepalive_timeout=loaded.web.idle,
        shutdown_timeout=10,
        handle_signals=False,
    )
    try:
        await runner.setup()
        await web.TCPSite(runner, loaded.web.host, loaded.web.port).start()
        port = int(runner.addresses[0][1])
        output().print(f"Mở trò chuyện tại: {_address(loaded.web.host, port)}", markup=False)
        log.info(Action.STARTED, port=port)
        await stop.wait()
    finally:
        await runner.cleanup()
        await runtime.close()
        log.info(Action.STOPPED)


def _address(host: str, port: int) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - only compared: what to show instead of "everywhere"
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
