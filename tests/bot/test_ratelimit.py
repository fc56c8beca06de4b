"""How much one visitor may ask, and what they are told when it was too much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.ratelimit import RateLimiter
from bot.web.clients import Proxies
from tests.web.support import MANY, Times, running, visitor

if TYPE_CHECKING:
    from pathlib import Path


def limiter(times: Times, *, rate: float = 1, burst: int = 3, size: int = 100) -> RateLimiter:
    return RateLimiter(rate, burst, size, times.monotonic)


def test_a_burst_then_a_steady_rate() -> None:
    times = Times()
    bucket = limiter(times, rate=0.5)
    assert [bucket.take("a") for _ in range(4)] == [None, None, None, 2.0]
    times.ticks += 2
    assert [bucket.take("a"), bucket.take("a")] == [None, 2.0]


def test_asking_while_refused_does_not_prolong_the_wait() -> None:
    times = Times()
    bucket = limiter(times, burst=1)
    bucket.take("a")
    for _ in range(10):
        times.ticks += 0.05
        bucket.take("a")
    times.ticks += 0.51
    assert bucket.take("a") is None


def test_a_long_rest_gives_no_more_than_a_burst() -> None:
    times = Times()
    bucket = limiter(times)
    bucket.take("a")
    times.ticks += 1_000_000
    assert [bucket.take("a") is None for _ in range(4)] == [True, True, True, False]


def test_memory_is_bounded_and_the_longest_idle_goes_first() -> None:
    bucket = limiter(Times(), burst=1, size=3)
    for key in ("a", "b", "c", "a", "d"):
        bucket.take(key)
    assert len(bucket) == 3
    assert bucket.take("a") is not None
    assert bucket.take("b") is None


async def test_a_session_that_writes_too_fast_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with running(tmp_path, replace(MANY, session_rate=0.1, session_burst=2)) as chat, visitor(chat) as guest:
        await guest.open()
        assert [(await guest.post("a"))[0] for _ in range(3)] == [200, 200, 429]
        status, data = await guest.post("a")
        assert (status, data["error"]) == (429, "too_fast")
        assert data["message"] == "Bạn gửi hơi nhanh. Vui lòng đợi 10 giây rồi gửi lại."
        assert guest.last.headers["Retry-After"] == "10"
        async with visitor(chat) as other:
            await other.open()
            assert (await other.post("a"))[0] == 200
        chat.times.ticks += 10
        assert (await guest.post("a"))[0] == 200


async def test_an_address_is_limited_over_all_its_sessions(tmp_path: Path) -> None:
    async with running(tmp_path, replace(MANY, address_rate=1, address_burst=3)) as chat:
        statuses = []
        for _ in range(4):
            async with visitor(chat) as guest, guest.http.get(chat.origin + "/") as response:
                statuses.append(response.status)
        assert statuses == [200, 200, 200, 429]


ADDRESSES = [
    ("203.0.113.9", "", (), "203.0.113.9"),
    ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
    ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
    ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
    ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
    ("10.0.0.1", "nonsense", ("10.0.0.0/8",), "unknown"),
    ("::ffff:10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
    ("2001:db8:1:2:3:4:5:6", "", (), "2001:db8:1:2::/64"),
    ("fe80::1%eth0", "", (), "fe80::/64"),
]


@pytest.mark.parametrize(("peer", "forwarded", "trusted", "counted"), ADDRESSES)
def test_the_address_that_is_counted(peer: str, forwarded: str, trusted: tuple[str, ...], counted: str) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded}).clone(remote=peer)
    assert Proxies.of(trusted).address(request) == counted


@pytest.mark.parametrize(("trusted", "secure"), [((), False), (("10.0.0.0/8",), True)])
def test_only_a_trusted_proxy_can_say_https(trusted: tuple[str, ...], secure: bool) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-Proto": "https"}).clone(remote="10.0.0.1")
    assert Proxies.of(trusted).secure(request) is secure
