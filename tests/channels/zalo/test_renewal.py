"""The refresh token is spent once for everybody, and the pair that comes for it is never lost; on both databases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.channels.zalo import renewal
from bot.channels.zalo.oauth import OAuthLaterError, OAuthRefusedError
from bot.channels.zalo.renewal import LEASE, NotConnectedError, RenewalBusyError
from bot.store.database import Database
from bot.store.models import TokenState
from tests.channels.zalo.support import Office
from tests.fakes.faults import Gate, drop_answer, empty, hang, hang_after, reply
from tests.fakes.zalo import OA_ID, TOKEN, FakeZalo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.bot.conftest import FakeClock


@pytest.fixture
async def office(fake: FakeZalo, database: Database, clock: FakeClock, http: aiohttp.ClientSession) -> Office:
    made = Office(fake, database, clock, http)
    await made.connect()
    return made


@pytest.fixture
async def other(
    fake: FakeZalo, url: str, clock: FakeClock, http: aiohttp.ClientSession, office: Office
) -> AsyncIterator[Office]:
    """A second process on the same database."""
    database = Database(url)
    yield Office(fake, database, clock, http)
    await database.close()


def granted(fake: FakeZalo) -> tuple[str, str]:
    pair = fake.platform.oauth.pairs[OA_ID]
    return pair.access, pair.refresh


async def test_the_new_pair_replaces_the_old_one_which_is_kept_for_diagnosis(office: Office) -> None:
    before = await office.stored()
    office.clock.advance(hours=12)
    after = await office.renewal.renew(before)
    assert await office.pair() == granted(office.fake)
    assert (after.pending_since, after.lease_until, after.state) == (None, None, TokenState.OK)
    assert after.refreshed_at == after.last_success == office.clock()
    async with office.database.reading() as session:
        both = text("SELECT previous_access_token, previous_refresh_token FROM channel_token")
        previous = (await session.execute(both)).one()
    assert (bytes(previous[0]), bytes(previous[1])) == (before.access, before.refresh)


async def test_the_pair_is_stored_before_anybody_has_it(office: Office) -> None:
    renewed = await office.renewal.renew(await office.stored())
    assert renewed.refresh == (await office.stored()).refresh


async def test_two_refreshers_at_once_spend_the_token_once(office: Office, other: Office) -> None:
    seen = await office.stored()
    results = await asyncio.gather(office.renewal.renew(seen), other.renewal.renew(seen), return_exceptions=True)
    assert office.fake.platform.oauth.refreshes == 1
    assert sum(isinstance(result, RenewalBusyError) for result in results) <= 1
    assert await office.pair() == granted(office.fake)
    assert (await office.stored()).state is TokenState.OK


async def test_while_one_refreshes_the_other_keeps_out(office: Office, other: Office) -> None:
    seen, gate = await office.stored(), Gate()
    office.fake.spoil(TOKEN, hang(gate))
    first = asyncio.create_task(office.renewal.renew(seen))
    await gate.reached.wait()
    with pytest.raises(RenewalBusyError):
        await other.renewal.renew(seen)
    gate.release()
    renewed = await first
    assert (await other.renewal.renew(seen)).refresh == renewed.refresh
    assert office.fake.platform.oauth.refreshes == 1


async def test_the_marker_is_there_before_the_platform_is_asked(office: Office) -> None:
    seen, gate = await office.stored(), Gate()
    office.fake.spoil(TOKEN, hang(gate))
    task = asyncio.create_task(office.renewal.renew(seen))
    await gate.reached.wait()
    during = await office.stored()
    assert during.pending_since == office.clock()
    assert during.lease_until == office.clock() + LEASE
    gate.release()
    await task


async def test_the_new_pair_is_stored_however_long_the_database_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, store = await office.stored(), office.renewal._store
    away, slept = [OSError("away")] * (len(renewal._STORE_WAITS) + 3), list[float]()

    async def storing(*pair: Any) -> None:
        if away:
            raise away.pop()
        await store(*pair)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(office.renewal, "_store", storing)
    await office.renewal.renew(before, sleep)
    assert await office.pair() == granted(office.fake)
    assert slept[-3:] == [renewal._STORE_WAITS[-1]] * 3


def test_the_lease_outlives_the_request_and_the_attempts_to_store() -> None:
    from bot.channels.zalo.oauth import TIMEOUT  # noqa: PLC0415

    assert TIMEOUT.total is not None
    assert TIMEOUT.total + sum(renewal._STORE_WAITS) < LEASE.total_seconds()


@pytest.mark.parametrize(
    "fault",
    [empty(), reply(200, {"error": -14014}), reply(200, {"access_token": ""})],
    ids=["empty", "refused", "blank"],
)
async def test_a_refusal_never_overwrites_the_pair(office: Office, fault: Any) -> None:
    before, pair = await office.stored(), await office.pair()
    office.fake.spoil(TOKEN, fault)
    with pytest.raises(OAuthRefusedError):
        await office.renewal.renew(before)
    after = await office.stored()
    assert await office.pair() == pair
    assert (after.state, after.pending_since, after.lease_until) == (TokenState.RECONNECT, None, None)
    with pytest.raises(NotConnectedError):
        await office.renewal.renew(after)
    assert len(office.fake.called(TOKEN)) == 1


async def test_a_failure_gives_the_claim_back_and_leaves_the_outcome_open(office: Office) -> None:
    office.fake.spoil(TOKEN, reply(502, {}))
    began = office.clock()
    with pytest.raises(OAuthLaterError):
        await office.renewal.renew(await office.stored())
    after = await office.stored()
    assert (after.lease_until, after.pending_since, after.state) == (None, began, TokenState.OK)
    office.clock.advance(minutes=1)
    renewed = await office.renewal.renew(after)
    assert renewed.pending_since is None
    assert await office.pair() == granted(office.fake)


async def test_what_surely_did_nothing_leaves_no_marker(office: Office) -> None:
    office.fake.spoil(TOKEN, reply(200, {"error": -32}))
    with pytest.raises(OAuthLaterError):
        await office.renewal.renew(await office.stored())
    assert (await office.stored()).pending_since is None


async def test_an_open_outcome_stays_open_until_it_is_known(office: Office) -> None:
    began = office.clock()
    for fault in (reply(502, {}), reply(200, {"error": -32})):
        office.fake.spoil(TOKEN, fault)
        with pytest.raises(OAuthLaterError):
            await office.renewal.renew(await office.stored())
        office.clock.advance(minutes=1)
    assert (await office.stored()).pending_since == began


async def test_an_answer_lost_on_the_way_means_consent_anew(office: Office) -> None:
    """The platform has rotated the token and nobody got the new one: the stored one is tried once, then staff act."""
    pair = await office.pair()
    office.fake.spoil(TOKEN, drop_answer())
    with pytest.raises(OAuthLaterError):
        await office.renewal.renew(await office.stored())
    office.clock.advance(minutes=1)
    with pytest.raises(OAuthRefusedError):
        await office.renewal.renew(await office.stored())
    assert (await office.stored()).state is TokenState.RECONNECT
    assert await office.pair() == pair


async def test_a_process_that_dies_between_answer_and_store_leaves_the_marker(office: Office, other: Office) -> None:
    gate, began = Gate(), office.clock()
    office.fake.spoil(TOKEN, hang_after(gate))
    dying = asyncio.create_task(office.renewal.renew(await office.stored()))
    await gate.reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    gate.release()
    left = await other.stored()
    assert left.pending_since == began
    with pytest.raises(RenewalBusyError):
        await other.renewal.renew(left)
    other.clock.advance(seconds=LEASE.total_seconds() + 1)
    with pytest.raises(OAuthRefusedError):
        await other.renewal.renew(await other.stored())
    assert (await other.stored()).state is TokenState.RECONNECT


async def test_a_process_that_dies_before_the_platform_was_asked_costs_nothing(office: Office, other: Office) -> None:
    gate = Gate()

    async def never(_token: str) -> Any:
        await gate.passed()

    office.oauth.refresh = never  # type: ignore[method-assign]
    dying = asyncio.create_task(office.renewal.renew(await office.stored()))
    await gate.reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    other.clock.advance(seconds=LEASE.total_seconds() + 1)
    await other.renewal.renew(await other.stored())
    assert await other.pair() == granted(other.fake)


async def test_a_database_that_fails_does_not_lose_the_new_pair(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, failures = renewal.keep_renewed, iter(range(3))

    async def unreliable(*arguments: Any) -> bool:
        if next(failures, None) is not None:
            raise OperationalError("UPDATE", {}, Exception("gone"))
        return await keep(*arguments)

    monkeypatch.setattr(renewal, "keep_renewed", unreliable)
    await office.renewal.renew(await office.stored(), office.wait)
    assert office.waits == [0.2, 0.5, 1.0]
    assert await office.pair() == granted(office.fake)


async def test_a_consent_in_between_is_not_undone(office: Office, other: Office) -> None:
    """The slow refresher's pair is dead by then: the platform gave out a newer one."""
    gate = Gate()
    office.fake.spoil(TOKEN, hang_after(gate))
    slow = asyncio.create_task(office.renewal.renew(await office.stored()))
    await gate.reached.wait()
    await other.connect()
    fresh = await other.pair()
    gate.release()
    renewed = await slow
    assert await office.pair() == fresh
    assert renewed.refresh == (await other.stored()).refresh


async def test_a_refusal_does_not_condemn_a_newer_pair(office: Office, other: Office) -> None:
    gate = Gate()

    async def refused(_token: str) -> Any:
        await gate.passed()
        raise OAuthRefusedError("empty")

    office.oauth.refresh = refused  # type: ignore[method-assign]
    slow = asyncio.create_task(office.renewal.renew(await office.stored()))
    await gate.reached.wait()
    await other.connect()
    gate.release()
    with pytest.raises(OAuthRefusedError):
        await slow
    assert (await other.stored()).state is TokenState.OK


async def test_without_a_new_refresh_token_the_old_one_stays_and_keeps_its_age(office: Office) -> None:
    office.fake.dialect.keeps_refresh_token = True
    before = await office.stored()
    office.clock.advance(days=3)
    after = await office.renewal.renew(before)
    assert (await office.pair())[1] == office.seal.open(before.refresh)
    assert after.refreshed_at == before.refreshed_at
    assert after.last_success == office.clock()
    assert after.refresh != before.refresh
