"""What Prometheus reads, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from bot.store.models import CampaignRow
from tests.bot.scripted import ScriptedCore
from tests.knowledge.real import real_base
from tests.platforms.office import office, real_core

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database
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
    assert "bhyt_token_ok{" in text
    assert "bhyt_refresh_token_age_seconds{" in text
    assert "bhyt_outbox_age_seconds 0.0" in text
    assert "0912345678" not in text


async def test_cases_campaigns_and_reviews_are_told(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    person = telegram.platform.add_person("An")
    async with office(place, telegram, zalo, real_core(ScriptedCore())) as running:
        telegram.platform.say(person, "case cứu tôi với")
        await running.settled()
        await _add_campaign(running.runtime.database, running.runtime.clock())
        async with running.http.get(f"{running.url}/metrics") as response:
            text = await response.text()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert figures['bhyt_cases{state="new"}'] == "1.0"
    assert 0 < float(figures['bhyt_case_age_seconds{state="new"}']) < 60
    assert figures['bhyt_cases{state="open"}'] == figures['bhyt_case_age_seconds{state="open"}'] == "0.0"
    assert 'bhyt_cases{state="resolved"}' not in figures
    assert figures['bhyt_campaigns{state="paused"}'] == "1.0"
    assert figures['bhyt_campaigns{state="running"}'] == "0.0"
    overdue = sum(entry.review_by < running.runtime.clock().date() for entry in real_base().entries.values())
    assert float(figures["bhyt_knowledge_overdue"]) == overdue


async def _add_campaign(database: Database, now: datetime) -> None:
    values = {"code": "c1", "title": "T", "topic": "news", "content": {}, "segment": "", "state": "paused"}
    async with database.transaction() as session:
        await session.execute(insert(CampaignRow).values(values | {"created": now, "updated": now}))


async def test_nobody_else_may_read_them(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    async with office(place, telegram, zalo, real_core(ScriptedCore())) as running:
        through_a_proxy = {"X-Forwarded-For": "203.0.113.7"}
        async with running.http.get(f"{running.url}/metrics", headers=through_a_proxy) as response:
            assert response.status == 404
