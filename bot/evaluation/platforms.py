"""What `bhyt-bot bench` measures over the local Telegram, part by part, each within its limit."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from bot.evaluation.platform_report import BOTS, PlatformFigures
from bot.evaluation.telegramturns import LIMIT, MANY_TURNS_LIMIT, Contender, memory, pressed, standing, transports

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from bot.evaluation.measured import Row
    from bot.evaluation.telegramturns import Stand

START = 20.0
"""Seconds of a part's limit that are left for the start of the bot and for the last answers."""


async def measure_all(
    figures: PlatformFigures, texts: Sequence[str], folder: Path, advance: Callable[[str], None]
) -> None:
    """Into `figures`, row by row. `folder` keeps the index; raises RuntimeError when a bot does not start."""
    for contender in BOTS:
        advance(f"Telegram: {contender}")
        _note(figures, contender)
        press = partial(pressed, contender=contender, texts=texts, limit=LIMIT - START)
        await _alone(contender, folder, LIMIT, figures.turns, press)
    advance("calls to Telegram")
    _note(figures, "calls")
    figures.transports = await transports(LIMIT)
    advance("memory over many turns")
    _note(figures, "memory")
    greet = partial(memory, texts=texts, limit=MANY_TURNS_LIMIT - START)
    await _alone(Contender.OURS, folder, MANY_TURNS_LIMIT, figures.memory, greet)


async def _alone(
    contender: Contender, folder: Path, limit: float, into: list[Row], measure: Callable[[Stand], AsyncIterator[Row]]
) -> None:
    with suppress(TimeoutError):  # what it reached until then is in the list
        async with asyncio.timeout(limit), standing(contender, folder) as stand:
            async for row in measure(stand):
                into.append(row)  # noqa: PERF401 - what was measured before the limit is kept


def _note(figures: PlatformFigures, part: str) -> None:
    if hasattr(os, "getloadavg"):
        figures.busy[part] = os.getloadavg()[0]
