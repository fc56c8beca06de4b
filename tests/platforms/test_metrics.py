"""What Prometheus reads, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.scripted import ScriptedCore
from tests.platforms.office import office, real_core

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo
    from tests.platforms.office import Place


async def test_turns_sends_and_token_ages_are_told(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    person = telegram.platform.add_person("An")
    async with office(place, telegram, zalo, real_core(ScriptedCore())) as running:
        telegram.platform.say(person, "một 0912345678")
        await running.settled()
        async with running.http.get(f"{running.url}/metrics") as response:
            text = await response.text()
    assert 'bhyt_turns_total{channel="telegram",decision="answer"}' in text
    assert 'bhyt_sends_total{account="telegram",result="sent"}' in text
    assert "bhyt_token_ok" in text
    assert "bhyt_outbox_age_seconds 0.0" in text
    assert "0912345678" not in text


async def test_nobody_else_may_read_them(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    async with office(place, telegram, zalo, real_core(ScriptedCore())) as running:
        through_a_proxy = {"X-Forwarded-For": "203.0.113.7"}
        async with running.http.get(f"{running.url}/metrics", headers=through_a_proxy) as response:
            assert response.status == 404
