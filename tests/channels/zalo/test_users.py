"""Where new followers live."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.inbound import Channel, Inbound, Profile
from bot.channels.zalo.provinces import Provinces
from bot.channels.zalo.users import FORGET_AFTER, WAITING, Users
from bot.errors import IntakeError
from tests.channels.zalo.support import ACCOUNT, Office
from tests.fakes.faults import reply
from tests.knowledge.real import real_base

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.inbound import Event

DETAIL = "/user/detail"
PROVINCES = Provinces(real_base().offices)


class Taken:
    """What was handed to the intake."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.failure: Exception | None = None
        self.called = asyncio.Event()

    async def __call__(self, events: Sequence[Event]) -> None:
        self.called.set()
        if self.failure is not None:
            raise self.failure
        self.events.extend(events)


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def users(connected: Office, taken: Taken) -> Users:
    return Users(connected.client, PROVINCES, taken, connected.clock, rate=100, sleep=connected.wait)


def follower(office: Office, **shared: str) -> str:
    user = office.fake.office.add_person("Bình", follows=True)
    office.fake.office.account.members[user].shared = shared
    return user


async def test_the_city_that_somebody_shares(connected: Office, users: Users) -> None:
    assert await users.province_of(follower(connected, city="TP. Hồ Chí Minh", phone="84900000000")) == "ho-chi-minh"


async def test_a_former_province_is_part_of_a_new_one(connected: Office, users: Users) -> None:
    assert await users.province_of(follower(connected, city="", address="ấp 1, Hậu Giang")) == "can-tho"


async def test_who_shares_nothing_is_not_asked_for_again_soon(connected: Office, users: Users) -> None:
    user = follower(connected)
    assert await users.province_of(user) is None
    assert await users.province_of(user) is None
    assert len(connected.fake.called(DETAIL)) == 1
    connected.clock.advance(seconds=FORGET_AFTER.total_seconds())
    assert await users.province_of(user) is None
    assert len(connected.fake.called(DETAIL)) == 2


async def test_a_platform_that_fails_is_no_harm(connected: Office, users: Users) -> None:
    user = follower(connected, city="Hà Nội")
    connected.fake.spoil(DETAIL, reply(500, {}))
    assert await users.province_of(user) is None
    assert await users.province_of(user) == "ha-noi"


async def test_somebody_without_relation_is_not_asked_for_again(connected: Office, users: Users) -> None:
    stranger = connected.fake.office.add_person("Chi")
    for _ in range(2):
        assert await users.province_of(stranger) is None
    assert len(connected.fake.called(DETAIL)) == 1


def start(user: str, office: Office) -> Inbound:
    return Inbound(ACCOUNT, Channel.ZALO, user, "follow:1:2", office.clock(), action="start")


async def test_a_new_follower_is_learned_about(connected: Office, users: Users, taken: Taken) -> None:
    user = follower(connected, city="Hà Nội")
    users.welcome(start(user, connected))
    await taken.called.wait()
    assert taken.events == [Profile(ACCOUNT, user, "ha-noi")]


async def test_an_intake_that_is_full_is_no_harm(
    connected: Office, users: Users, taken: Taken, log_lines: list[Any]
) -> None:
    taken.failure = IntakeError("full")
    users.welcome(start(follower(connected, city="Hà Nội"), connected))
    await taken.called.wait()
    await users.close()
    assert [line["reason"] for line in log_lines if line.get("reason") == "profile"] == ["profile"]


async def test_a_crowd_is_looked_up_slowly(connected: Office, users: Users) -> None:
    """At 100 requests a minute, 20 are for look-ups."""
    user, third = follower(connected, city="Hà Nội"), asyncio.Event()

    async def wait(seconds: float) -> None:
        connected.waits.append(seconds)
        if len(connected.waits) == 3:
            third.set()
            await asyncio.Event().wait()

    users._sleep = wait
    for _ in range(10):
        users.welcome(start(user, connected))
    await third.wait()
    await users.close()
    assert connected.waits == [3.0, 3.0, 3.0]
    assert len(connected.fake.called(DETAIL)) == 3


async def test_those_beyond_the_queue_are_let_be(connected: Office, users: Users) -> None:
    user = follower(connected)
    for _ in range(WAITING + 50):
        users.welcome(start(user, connected))
    assert len(users._tasks) == WAITING
    await users.close()
