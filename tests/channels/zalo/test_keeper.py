"""The access token: current, refreshed in time, by one caller at a time, with staff told before it is too late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.channels.zalo.keeper import due
from bot.channels.zalo.sealing import Seal, new_key
from bot.delivery.errors import AccountBrokenError, RetryLaterError
from bot.metrics import REGISTRY
from bot.store.models import TokenState
from tests.channels.zalo.support import ACCOUNT, Office
from tests.fakes.faults import Gate, empty, hang, hang_after, reply
from tests.fakes.zalo import TOKEN

if TYPE_CHECKING:
    from tests.bot.conftest import FakeClock
    from tests.fakes.zalo import FakeZalo


async def test_an_account_that_was_never_connected_is_broken(office: Office) -> None:
    with pytest.raises(AccountBrokenError, match="not_connected"):
        await office.keeper.token()
    assert (await office.keeper.health()).state == "missing"
    await office.keeper.look()
    assert office.alerts == []


async def test_the_token_is_read_once(connected: Office) -> None:
    token = await connected.keeper.token()
    assert token.value == (await connected.pair())[0]
    assert await connected.keeper.token() is token


async def test_a_hundred_failures_are_one_refresh(connected: Office) -> None:
    failed = await connected.keeper.token()
    renewed = await asyncio.gather(*(connected.keeper.renewed(failed) for _ in range(100)))
    assert connected.fake.platform.oauth.refreshes == 1
    assert {token.value for token in renewed} == {(await connected.pair())[0]}


async def test_a_hundred_callers_share_a_refresh_that_fails(connected: Office) -> None:
    failed = await connected.keeper.token()
    connected.fake.spoil(TOKEN, *[reply(502, {})] * 5)
    results = await asyncio.gather(*(connected.keeper.renewed(failed) for _ in range(100)), return_exceptions=True)
    assert len(connected.fake.called(TOKEN)) == 1
    assert all(isinstance(result, RetryLaterError) and result.whole_account for result in results)


async def test_after_a_failure_the_platform_is_left_alone_for_a_while(connected: Office, clock: FakeClock) -> None:
    failed = await connected.keeper.token()
    connected.fake.spoil(TOKEN, reply(502, {}), reply(502, {}))
    for _ in range(3):
        with pytest.raises(RetryLaterError) as raised:
            await connected.keeper.renewed(failed)
    assert raised.value.after == 15
    assert len(connected.fake.called(TOKEN)) == 1
    clock.advance(seconds=15)
    with pytest.raises(RetryLaterError) as raised:
        await connected.keeper.renewed(failed)
    assert raised.value.after == 30
    clock.advance(seconds=30)
    assert (await connected.keeper.renewed(failed)).value == (await connected.pair())[0]


async def test_a_token_that_another_process_refreshed_is_taken_over(connected: Office) -> None:
    failed = await connected.keeper.token()
    await connected.renewal.renew(await connected.stored())
    assert (await connected.keeper.renewed(failed)).value == (await connected.pair())[0]
    assert connected.fake.platform.oauth.refreshes == 1


async def test_who_finds_another_process_at_it_waits_for_it(connected: Office, fake: FakeZalo) -> None:
    other = Office(fake, connected.database, connected.clock, connected.session)
    failed, gate = await other.keeper.token(), Gate()
    fake.spoil(TOKEN, hang(gate))
    first = asyncio.create_task(connected.renewal.renew(await connected.stored()))
    await gate.reached.wait()

    async def wait(_seconds: float) -> None:
        gate.release()
        await first

    other.keeper._sleep = wait
    assert (await other.keeper.renewed(failed)).value == (await connected.pair())[0]
    assert fake.platform.oauth.refreshes == 1


async def test_a_dead_refresh_token_is_told_once_a_day(connected: Office, clock: FakeClock) -> None:
    failed = await connected.keeper.token()
    connected.fake.spoil(TOKEN, empty())
    for _ in range(2):
        with pytest.raises(AccountBrokenError, match="reconnect"):
            await connected.keeper.renewed(failed)
    assert connected.alerts == [f"zalo_reconnect:{ACCOUNT}"]
    assert len(connected.fake.called(TOKEN)) == 1
    await connected.keeper.look()
    clock.advance(hours=24)
    await connected.keeper.look()
    assert connected.alerts == [f"zalo_reconnect:{ACCOUNT}"] * 2
    assert (await connected.keeper.health()).state == "reconnect"


async def test_a_new_consent_heals_it(connected: Office) -> None:
    failed = await connected.keeper.token()
    connected.fake.spoil(TOKEN, empty())
    with pytest.raises(AccountBrokenError):
        await connected.keeper.renewed(failed)
    await connected.connect()
    assert (await connected.keeper.renewed(failed)).value == (await connected.pair())[0]
    assert (await connected.keeper.health()).state == "ok"


async def test_it_is_refreshed_twice_a_day_and_not_more_often(connected: Office, clock: FakeClock) -> None:
    refreshes = []
    for _ in range(48):
        await connected.keeper.look()
        refreshes.append(connected.fake.platform.oauth.refreshes)
        clock.advance(hours=1)
    assert refreshes[11:13] == [0, 1]
    assert refreshes[-1] == 3


@pytest.mark.parametrize(
    ("lifetime", "after"),
    [
        (timedelta(hours=25), timedelta(hours=12)),
        (timedelta(hours=5), timedelta(hours=3)),
        (timedelta(hours=1), timedelta(minutes=30)),
        (timedelta(minutes=1), timedelta(minutes=5)),
    ],
)
async def test_when_a_pair_is_due(connected: Office, lifetime: timedelta, after: timedelta) -> None:
    stored = await connected.stored()
    assert stored.last_success is not None
    assert (
        due(replace(stored, expires=stored.last_success + lifetime), connected.clock()) - stored.last_success == after
    )


async def test_a_refresh_cut_off_by_a_crash_is_tried_at_the_start(connected: Office, clock: FakeClock) -> None:
    gate = Gate()
    connected.fake.spoil(TOKEN, hang_after(gate))
    crashed = asyncio.create_task(connected.renewal.renew(await connected.stored()))
    await gate.reached.wait()
    crashed.cancel()
    await asyncio.gather(crashed, return_exceptions=True)
    gate.release()
    clock.advance(minutes=1)
    assert (await connected.keeper.health()).pending
    with pytest.raises(AccountBrokenError, match="reconnect"):
        await connected.keeper.look()
    assert connected.alerts == [f"zalo_reconnect:{ACCOUNT}"]
    assert (await connected.stored()).state is TokenState.RECONNECT


async def test_staff_are_told_before_the_refresh_token_dies(connected: Office, clock: FakeClock) -> None:
    connected.fake.dialect.keeps_refresh_token = True
    clock.advance(days=74)
    await connected.keeper.look()
    assert connected.alerts == []
    clock.advance(days=1)
    await connected.keeper.look()
    assert connected.alerts == [f"zalo_refresh_token_old:{ACCOUNT}"]
    health = await connected.keeper.health()
    assert health.days_left == 15


async def test_the_loop_goes_on_after_a_failure(connected: Office) -> None:
    connected.clock.advance(hours=13)
    connected.fake.spoil(TOKEN, reply(502, {}))

    async def wait(seconds: float) -> None:
        connected.clock.advance(seconds=seconds)
        if connected.fake.platform.oauth.refreshes:
            raise asyncio.CancelledError

    connected.keeper._sleep = wait
    with pytest.raises(asyncio.CancelledError):
        await connected.keeper.run()
    assert connected.fake.platform.oauth.refreshes == 1
    assert REGISTRY.get_sample_value("bhyt_token_ok", {"account": ACCOUNT}) == 1


async def test_who_stops_waiting_does_not_stop_the_refresh(connected: Office) -> None:
    failed, gate = await connected.keeper.token(), Gate()
    connected.fake.spoil(TOKEN, hang_after(gate))
    impatient = asyncio.create_task(connected.keeper.renewed(failed))
    await gate.reached.wait()
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    closing = asyncio.create_task(connected.keeper.close())
    gate.release()
    await closing
    assert (await connected.pair())[0] == connected.fake.platform.oauth.pairs[ACCOUNT.removeprefix("zalo:")].access


async def test_a_send_does_not_wait_long_for_a_slow_refresh(connected: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.zalo.keeper.PATIENCE", 0.05)
    failed, gate = await connected.keeper.token(), Gate()
    connected.fake.spoil(TOKEN, hang(gate))
    with pytest.raises(RetryLaterError, match="token_refresh") as raised:
        await connected.keeper.renewed(failed)
    assert raised.value.whole_account
    gate.release()
    await connected.keeper.close()
    assert connected.fake.platform.oauth.refreshes == 1


async def test_another_key_is_told_and_loses_nothing(connected: Office) -> None:
    pair = await connected.pair()
    connected.keeper._seal = connected.renewal._seal = Seal(SecretStr(new_key()))
    with pytest.raises(AccountBrokenError, match="token_key"):
        await connected.keeper.token()
    assert connected.alerts == [f"zalo_token_key:{ACCOUNT}"]
    assert await connected.pair() == pair
    assert connected.fake.called(TOKEN) == []


async def test_a_database_that_does_not_answer_is_for_later(connected: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OSError("no such host")

    monkeypatch.setattr("bot.channels.zalo.keeper.read_token", gone)
    with pytest.raises(RetryLaterError, match="token_database"):
        await connected.keeper.token()
