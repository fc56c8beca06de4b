"""Real processes are killed in the middle of a campaign. Then the platforms count: nobody got it twice, everybody is
accounted for, nobody who had said no was written to, and no limit was exceeded."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from bot.outreach.delivery.sending import AT_ONCE
from bot.outreach.delivery.workers import LOST
from tests.outreach.delivery.dying import NOWHERE, POINTS
from tests.outreach.delivery.killing import LIVE, TELEGRAM, ZALO, Season
from tests.platforms.office import Place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo

PLANNED, _, TAKEN, ACCEPTED, _ = POINTS
HOUR = 3600
"""Seconds after which the largest campaigns are given up; each part of theirs has a limit of its own."""


@pytest.fixture
async def season(url: str, tmp_path: Path, telegram: FakeTelegram, zalo: FakeZalo) -> AsyncIterator[Season]:
    made = Season(Place(url, tmp_path / "inbox"), telegram, zalo, rate=200)
    yield made
    await made.database.close()


@pytest.mark.long
async def test_one_process_killed_again_and_again(season: Season) -> None:
    await season.prepare(on_telegram=400, on_zalo=200)
    season.spoil(3)
    async with asyncio.timeout(LIVE):
        for point, times in ((PLANNED, 1), (TAKEN, 100)):
            async with season.worker("one", point, times) as process:
                assert await process.wait() == -signal.SIGKILL
        async with season.worker("one", NOWHERE):
            await season.until_asked(300)
            for _ in range(10):
                await season.opt_out()
        async with season.worker("one", NOWHERE):
            await season.until_finished()
    await accounted(season)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_two_processes_of_which_one_is_lost_for_good(season: Season) -> None:
    await season.prepare(on_telegram=400, on_zalo=200)
    season.spoil(3)
    async with asyncio.timeout(LIVE), AsyncExitStack() as stack:
        doomed = await stack.enter_async_context(season.worker("one", ACCEPTED, 8))
        await season.until_asked(1)
        await stack.enter_async_context(season.worker("two", NOWHERE))
        await doomed.wait()
        for _ in range(10):
            await season.opt_out()
        await season.until_finished()
    await accounted(season)


@pytest.mark.kill
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_twenty_thousand_with_one_process_killed_five_times(season: Season) -> None:
    """Three times at points, twice at moments that nobody chose."""
    await season.prepare(on_telegram=16_000, on_zalo=4_000)
    season.spoil(40)
    for point, times in ((PLANNED, 9), (TAKEN, 1_500), (ACCEPTED, 60)):
        async with asyncio.timeout(LIVE), season.worker("one", point, times) as process:
            await process.wait()
    for share in (0.4, 0.6):
        async with asyncio.timeout(LIVE), season.worker("one", NOWHERE):
            await season.until_asked(int(share * 20_000) + season.random.randrange(1_000))
            for _ in range(50):
                await season.opt_out()
    async with asyncio.timeout(LIVE), season.worker("one", NOWHERE):
        await season.until_finished()
    await accounted(season)


@pytest.mark.kill
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_twenty_thousand_with_two_processes_and_each_that_is_killed_lost_for_good(season: Season) -> None:
    await season.prepare(on_telegram=16_000, on_zalo=4_000)
    season.spoil(40)
    async with asyncio.timeout(LIVE), season.worker("one", PLANNED, 9) as planning:
        await planning.wait()
    async with asyncio.timeout(3 * LIVE), AsyncExitStack() as living:
        doomed = [
            await living.enter_async_context(season.worker(name, point, times))
            for name, point, times in (("two", TAKEN, 1_500), ("three", ACCEPTED, 60))
        ]
        await asyncio.gather(*(process.wait() for process in doomed))
        async with season.worker("five", NOWHERE):
            async with season.worker("four", NOWHERE):
                await season.until_asked(8_000 + season.random.randrange(1_000))
                for _ in range(50):
                    await season.opt_out()
            await living.enter_async_context(season.worker("six", NOWHERE))
            await season.until_asked(12_000 + season.random.randrange(1_000))
            for _ in range(50):
                await season.opt_out()
        await season.until_finished()
    await accounted(season)


async def accounted(season: Season) -> None:
    """What must hold after every campaign."""
    states, shown = await season.states(), await season.shown()
    figures = {
        "states": dict(states),
        "twice": sum(times > 1 for times in shown.values()),
        "held at the kills": season.held,
        "opted out": len(season.opted_out),
        "most in a second": season.most_in(1, TELEGRAM),
    }
    season.tell(figures)
    assert set(shown.values()) <= {0, 1}
    assert sum(states.values()) == len(season.people)
    assert {state for state, _ in states} <= {"sent", "failed", "skipped", "unknown"}
    held = [count for _, count in season.held]
    unknown = {reason: count for (state, reason), count in states.items() if state == "unknown"}
    assert unknown.get(LOST, 0) <= sum(held)
    assert sum(unknown.values()) <= sum(held) + season.dubious
    assert all(count <= 2 * AT_ONCE for count in held)
    assert not any(shown[person] for person in season.opted_out)
    assert sum(shown.values()) >= states["sent", None]
    assert figures["most in a second"] <= season.rate
    assert season.most_in(60, ZALO) <= season.zalo.office.account.rate
