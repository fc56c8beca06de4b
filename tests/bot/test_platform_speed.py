"""The bench's platform parts measure what they say. No time is asserted: only what is counted, compared and written."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.evaluation import platform_report, platforms, telegramturns
from bot.evaluation.crowd import Crowd
from bot.evaluation.measured import clean_environment
from bot.evaluation.platform_report import PlatformFigures
from bot.evaluation.processes import running
from bot.evaluation.telegramturns import Contender, Way, memory, pressed, standing, transports
from bot.evaluation.webturns import Load
from tests.fakes.telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.evaluation.measured import Row
    from bot.simulator.telegram.updates import Update

TEXTS = ["xin chào", "mất thẻ", "đóng tiền"]
NEVER = ("tests.platforms.dying", "before the send", "1000000")
"""Our own program with a conversation core that echoes; it would die at its millionth send."""


@pytest.fixture(autouse=True)
def _quick_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(telegramturns.PROGRAMS, Contender.OURS, NEVER)


@pytest.mark.parametrize(
    "contender",
    [
        Contender.OURS,
        *(pytest.param(other, marks=pytest.mark.long) for other in Contender if other is not Contender.OURS),
    ],
)
async def test_every_bot_answers_every_text(contender: Contender, tmp_path: Path) -> None:
    async with standing(contender, tmp_path, at_once=2) as stand:
        row = await stand.turns(contender, Way.FIRST, TEXTS, limit=60)
    assert (row["name"], row["way"], row["turns"]) == (contender, Way.FIRST, 3)
    assert 0 < row["p50"] <= row["p95"]


@pytest.mark.long
async def test_ways_and_memory_are_measured_within_their_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegramturns, "PAUSE", 0.01)
    async with standing(Contender.OURS, tmp_path, at_once=2) as stand:
        ways = [row async for row in pressed(stand, Contender.OURS, TEXTS, limit=2)]
        marks = [row async for row in memory(stand, TEXTS, 60, marks=(2, 5))]
        late = [row async for row in memory(stand, TEXTS, 0.2, marks=(1, telegramturns.MANY))]
    assert [row["way"] for row in ways] == list(Way)
    assert ways[0]["turns"] == 3
    assert 0 < ways[1]["turns"] < telegramturns.MANY
    assert [row["turns"] for row in marks] == [0, 2, 5]
    assert len(late) == 3
    assert late[-1]["turns"] < telegramturns.MANY
    if sys.platform == "linux":
        assert all(row["memory"] > 1_000_000 for row in [*marks, *late])


async def test_for_the_memory_every_text_comes_once_and_then_greetings() -> None:
    asked: list[str] = []

    async def write(texts: list[str], limit: float) -> Load:
        assert limit <= 60
        asked.extend(texts)
        return Load(1, (0.01,) * len(texts))

    stand: Any = SimpleNamespace(crowd=SimpleNamespace(write=write), bot=SimpleNamespace(memory=7))
    marks = [row async for row in memory(stand, TEXTS, 60, marks=(2, 6))]
    assert marks == [{"turns": turns, "memory": 7} for turns in (0, 2, 6)]
    assert asked == [*TEXTS, *[telegramturns.GREETING] * 3]


async def test_both_transports_make_calls() -> None:
    rows = await transports(60, rounds=1, seconds=0.05, at_once=[2])
    assert [(row["name"], row["at_once"]) for row in rows] == [("httpx", 2), ("aiohttp", 2)]
    assert all(row["calls"] > 0 for row in rows)
    assert rows[0]["ratio"] == 1


async def test_a_bot_that_does_not_start_is_not_taken_for_a_slow_one(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended before it served"):
        async with running((sys.executable, "-c", ""), clean_environment(tmp_path, {})):
            pass


async def test_what_was_measured_before_the_limit_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def one_and_no_more(_stand: object, **_: object) -> AsyncIterator[Row]:
        yield {"turns": 1}
        await asyncio.Event().wait()

    monkeypatch.setattr(platforms, "LIMIT", 0.01)
    monkeypatch.setattr(platforms, "MANY_TURNS_LIMIT", 0.01)
    monkeypatch.setattr(platforms, "standing", _nobody)
    monkeypatch.setattr(platforms, "pressed", one_and_no_more)
    monkeypatch.setattr(platforms, "memory", one_and_no_more)
    monkeypatch.setattr(platforms, "transports", _no_calls)
    figures, parts = PlatformFigures(), list[str]()
    await platforms.measure_all(figures, TEXTS, tmp_path, parts.append)
    assert len(parts) == len(Contender) + 2
    assert figures.turns == [{"turns": 1}] * len(Contender)
    assert figures.memory == [{"turns": 1}]


@asynccontextmanager
async def _nobody(_contender: Contender, _folder: Path) -> AsyncIterator[None]:
    yield


async def _no_calls(_limit: float) -> list[Row]:
    return []


async def test_somebody_without_an_answer_ends_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.evaluation.crowd.PATIENCE", 0.01)
    async with FakeTelegram() as fake:
        crowd = Crowd(fake.platform, at_once=1)
        async with crowd.watching():
            with pytest.raises(TimeoutError):
                await crowd.write(TEXTS, limit=60)


async def test_a_person_s_own_message_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeTelegram() as fake:
        answered: list[int] = []

        def answer(update: Update) -> None:
            answered.append(update.chat)
            chat = fake.platform.world.chat(update.chat)
            fake.platform.world.write(chat, fake.platform.world.bot, {"text": "vâng"})

        fake.platform.updates.on_added = answer
        crowd = Crowd(fake.platform, at_once=2, each=2)
        async with crowd.watching():
            load = await crowd.write(["a", "b", "c", "d", "e"], limit=60)
    assert len(load.latencies) == 5
    assert len(set(answered)) == 4


def test_the_report_compares_with_both_echoes_and_says_what_was_lifted() -> None:
    turn = {"turns": 9, "p50": 1.0, "p95": 2.0, "cpu": None, "telegram_cpu": 0.5}
    figures = PlatformFigures(
        turns=[
            {**turn, "name": "ours", "way": "first", "per_second": 300.0, "cpu": 3.21},
            {**turn, "name": "ptb", "way": "first", "per_second": 200.0},
            {**turn, "name": "aiogram", "way": "first", "per_second": 400.0},
        ],
        transports=[
            {"name": "aiohttp", "at_once": 30, "per_second": 2000.0, "p50": 1, "p95": 2, "cpu": 0.4, "ratio": 4.0}
        ],
        memory=[{"turns": 0, "memory": 90e6}, {"turns": 1000, "memory": 91e6}, {"turns": 1234, "memory": None}],
        busy={"ours": 3.25},
    )
    report = "\n".join([*platform_report.aims(figures), *platform_report.lines(figures)])
    for piece in (
        "× 1.50 (every text new), not reached in time (the same texts again)",
        "× 0.75 (every text new)",
        "90 MB (0) → 91 MB (1,000) → – (1,234)",
        "The time was up after 1,234 turns of 50,000.",
        "`BHYT_TELEGRAM__RATE=1000`",
        "3.21 ms",
        "× 4.0",
        "ours 3.2",
    ):
        assert piece in report


def test_a_report_without_figures_says_so() -> None:
    report = "\n".join([*platform_report.aims(PlatformFigures()), *platform_report.lines(PlatformFigures())])
    assert report.count("ot reached in time") >= 8
