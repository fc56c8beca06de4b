"""An event counts as taken when it is kept, never before; what is taken is processed, once and in order."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.channels.inbound import Ignored, Profile, Reachability, Withdrawal
from bot.errors import IntakeError
from bot.intake.flood import FloodControl
from bot.intake.spool import FAILED, Spool
from bot.intake.taking import RETRIES, WAITED_FOR, Intake
from tests.bot.reading import rows
from tests.delivery.scripted import ACCOUNT, Sleeper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.delivery.scripted import Post

BUDGET = 0.05
"""Seconds: short, for the tests in which the database is slow; in the others it does not matter."""


@dataclass
class Door:
    """An intake in front of a pipeline with a scripted outlet."""

    post: Post
    folder: Path
    ticks: float = 0.0
    sleep: Sleeper = field(default_factory=Sleeper)
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.intake = self.another(BUDGET)

    def another(self, budget: float, rate: int = 5) -> Intake:
        flood = FloodControl(rate, lambda: self.ticks)
        post = self.post
        return Intake(
            post.pipeline,
            post.database,
            post.delivery,
            Spool(self.folder),
            flood,
            budget,
            sleep=self.sleep,
            clock=post.clock,
        )

    @property
    def spooled(self) -> list[Path]:
        return sorted(self.folder.glob("*/*.json"))

    async def settled(self) -> None:
        await self.intake.idle()
        await self.post.delivery.idle()


@pytest.fixture
async def door(post: Post, tmp_path: Path) -> AsyncIterator[Door]:
    opened = Door(post, tmp_path / "inbox")
    opened.intake = opened.another(10)
    opened.intake.start()
    yield opened
    await opened.intake.close(5)


@asynccontextmanager
async def slow_database(post: Post) -> AsyncIterator[None]:
    """Until the end of the block no transaction begins."""
    released = asyncio.Event()
    begin = post.database.transaction

    @asynccontextmanager
    async def waiting() -> AsyncIterator[Any]:
        await released.wait()
        async with begin() as session:
            yield session

    post.database.transaction = waiting  # type: ignore[method-assign]
    try:
        yield
    finally:
        post.database.transaction = begin  # type: ignore[method-assign]
        released.set()


async def test_a_message_is_kept_answered_and_forgotten(door: Door) -> None:
    await door.intake.take([door.post.inbound("một")])
    assert len(await rows(door.post.database, "inbound")) == 1
    await door.settled()
    assert door.post.outlet.shown == [("7", "1: một")]
    assert door.spooled == []


async def test_a_redelivery_is_answered_once(door: Door) -> None:
    message = door.post.inbound("một")
    await door.intake.take([message, message])
    await door.intake.take([message])
    await door.settled()
    assert door.post.outlet.shown == [("7", "1: một")]


async def test_messages_of_one_person_keep_their_order(door: Door) -> None:
    await door.intake.take([door.post.inbound(f"m{number}") for number in range(5)])
    await door.settled()
    assert [text.split()[-1] for _, text in door.post.outlet.shown] == ["m0", "m1", "m2", "m3", "m4"]


async def test_while_the_database_is_slow_events_are_accepted_on_disk(post: Post, tmp_path: Path) -> None:
    door = Door(post, tmp_path / "inbox")
    door.intake.start()
    first, second = post.inbound("một"), post.inbound("hai")
    async with slow_database(post):
        await door.intake.take([first])
        await door.intake.take([second])
        assert len(door.spooled) == 2
    await door.settled()
    assert [text for _, text in post.outlet.shown] == ["1: một", "2: hai"]
    assert door.spooled == []
    await door.intake.close(5)


async def test_what_was_accepted_on_disk_survives_the_process(post: Post, tmp_path: Path) -> None:
    door = Door(post, tmp_path / "inbox")
    door.intake.start()
    async with slow_database(post):
        await door.intake.take([post.inbound("một")])
        await door.intake.close(0)  # as good as killed: the turn is cut off
    assert await rows(post.database, "inbound") == []

    door.intake = door.another(10)
    door.intake.start()
    await door.settled()
    assert post.outlet.shown == [("7", "1: một")]
    assert door.spooled == []
    await door.intake.close(5)


async def test_a_database_that_comes_back_gets_what_was_spooled(door: Door) -> None:
    failing = [1, 1]
    keep = door.post.pipeline._keep

    async def unreliable(*arguments: Any) -> Any:
        if failing:
            failing.pop()
            raise OSError("away")
        return await keep(*arguments)

    door.post.pipeline._keep = unreliable  # type: ignore[method-assign]
    await door.intake.take([door.post.inbound("một")])
    await door.settled()
    assert door.post.outlet.shown == [("7", "1: một")]
    assert door.spooled == []


async def test_a_dropped_connection_costs_no_answer(door: Door) -> None:
    failing = [OperationalError("", None, ConnectionError("away")), OSError("away"), OSError("away")]
    keep = door.post.pipeline._keep

    async def unreliable(*arguments: Any) -> Any:
        if failing:
            raise failing.pop()
        return await keep(*arguments)

    door.post.pipeline._keep = unreliable  # type: ignore[method-assign]
    await door.intake.take([door.post.inbound("một")])
    await door.settled()
    assert door.post.outlet.shown == [("7", "1: một")]


async def test_poison_is_set_aside_and_the_next_message_is_answered(door: Door) -> None:
    keep = door.post.pipeline._keep

    async def refusing(inbound: Any, *more: Any) -> Any:
        if inbound.text == "poison":
            raise OSError("whatever is tried")
        return await keep(inbound, *more)

    door.post.pipeline._keep = refusing  # type: ignore[method-assign]
    door.sleep.hold = True
    await door.intake.take([door.post.inbound("poison")])
    following = asyncio.create_task(door.intake.take([door.post.inbound("hai")]))
    for _ in range(WAITED_FOR - 1):
        await door.sleep.holding.wait()
        assert door.post.outlet.shown == []
        door.sleep.wake()
    await following
    await door.post.delivery.idle()
    assert door.post.outlet.shown == [("7", "1: hai")]

    door.sleep.hold = False
    door.sleep.wake()
    await door.settled()
    assert door.sleep.slept == list(RETRIES)
    assert [path.parent.name for path in door.spooled] == [FAILED]


@asynccontextmanager
async def failing_database(door: Door) -> AsyncIterator[None]:
    """Until the end of the block no turn is kept, and whatever fails waits for its next try."""
    keep = door.post.pipeline._keep

    async def refusing(*_: Any) -> Any:
        raise OSError("away")

    door.post.pipeline._keep = refusing  # type: ignore[method-assign]
    door.sleep.hold = True
    try:
        yield
    finally:
        door.post.pipeline._keep = keep  # type: ignore[method-assign]
        door.sleep.hold = False


async def test_a_message_that_failed_once_is_not_overtaken(door: Door) -> None:
    async with failing_database(door):
        await door.intake.take([door.post.inbound("một")])
        await door.sleep.holding.wait()
    following = asyncio.create_task(door.intake.take([door.post.inbound("hai")]))
    await door.intake.take([door.post.inbound("ba", sender="8")])
    door.sleep.wake()
    await following
    await door.settled()
    assert [text.split()[-1] for address, text in door.post.outlet.shown if address == "7"] == ["một", "hai"]


async def test_what_is_tried_again_counts_once_for_the_flood_control(door: Door) -> None:
    async with failing_database(door):
        for number in range(3):
            await door.intake.take([door.post.inbound(f"m{number}", sender=str(number))])
            await door.sleep.holding.wait()
            door.sleep.wake()
        await door.sleep.holding.wait()
    door.sleep.wake()
    message = door.post.inbound("một")
    for _ in range(8):
        await door.intake.take([message])
    await door.intake.take([door.post.inbound("hai")])
    await door.settled()
    assert sorted(text.split()[-1] for _, text in door.post.outlet.shown) == ["hai", "m0", "m1", "m2", "một"]


async def test_without_database_and_disk_the_platform_is_told_to_come_again(post: Post, tmp_path: Path) -> None:
    door = Door(post, tmp_path / "inbox")
    door.intake.start()
    for folder in door.folder.iterdir():
        folder.rmdir()
    async with slow_database(post):
        with pytest.raises(IntakeError):
            await door.intake.take([post.inbound("một")])
    await door.settled()
    await door.intake.close(5)


async def test_who_writes_too_fast_is_told_once_and_heard_again_later(door: Door) -> None:
    for number in range(8):
        await door.intake.take([door.post.inbound(f"m{number}")])
    await door.settled()
    texts = [text for _, text in door.post.outlet.shown]
    assert [text.split(": ")[-1] for text in texts[:5]] == [f"m{number}" for number in range(5)]
    (notice,) = texts[5:]
    assert "đợi" in notice
    assert len(await rows(door.post.database, "inbound")) == 8

    await door.intake.take([door.post.inbound("khác", sender="8")])
    door.ticks += 61
    await door.intake.take([door.post.inbound("lại")])
    await door.settled()
    assert len(door.post.outlet.shown) == 8


async def test_reports_of_the_platform_are_kept(door: Door) -> None:
    await door.intake.take([door.post.inbound("một"), Ignored("sticker_set")])
    await door.settled()
    now = door.post.clock()
    await door.intake.take([Reachability(ACCOUNT, "7", now, reachable=False)])
    late = Reachability(ACCOUNT, "7", now - timedelta(minutes=5), reachable=True)
    await door.intake.take([late, Profile(ACCOUNT, "7", "ha-noi")])
    (identity,) = await rows(door.post.database, "identity")
    assert identity["unreachable"] == "blocked"
    (conversation,) = await rows(door.post.database, "conversation")
    assert conversation["memory"]["province"] == "ha-noi"

    await door.intake.take([Profile(ACCOUNT, "7", "hue")])
    (conversation,) = await rows(door.post.database, "conversation")
    assert conversation["memory"]["province"] == "ha-noi"

    await door.intake.take([Withdrawal(ACCOUNT, "7"), Withdrawal(ACCOUNT, "nobody")])
    assert await rows(door.post.database, "identity") == []
    assert [row["day"] for row in await rows(door.post.database, "suppression")] == [now.date()]


async def test_a_turn_that_takes_long_shows_that_somebody_works(post: Post, tmp_path: Path) -> None:
    door = Door(post, tmp_path / "inbox")
    door.intake = door.another(0.9)
    door.intake.start()
    async with slow_database(post):
        await door.intake.take([post.inbound("một")])
        assert post.outlet.working_for == ["7"]
    await door.settled()
    await door.intake.close(5)
