"""What a campaign would do, before anybody approves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.outreach.campaign import Wave
from bot.outreach.eligibility import Eligibility, SkipReason
from bot.outreach.forecast import forecast
from bot.outreach.preview import Preview, preview, reach
from bot.outreach.schedule import QuietHours, Schedule
from bot.store.models import Consent, RecipientState
from tests.outreach.office import EVERYBODY, NOW, SETTINGS, TELEGRAM, ZALO, Office

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.outreach.campaign import Campaign
    from knowledge.base import KnowledgeBase

HOUR = timedelta(hours=1)
NEVER_QUIET = QuietHours(0, 0)


def configured(**outreach: Any) -> Settings:
    return SETTINGS.model_copy(update={"outreach": SETTINGS.outreach.model_copy(update=outreach)})


async def previewed(office: Office, campaign: Campaign, base: KnowledgeBase, settings: Settings = SETTINGS) -> Preview:
    async with office.database.reading() as session:
        reached = await reach(session, Eligibility.of(campaign, settings, NOW), EVERYBODY)
    return preview(campaign, reached, base, settings, NOW)


async def crowd(office: Office) -> None:
    for _ in range(3):
        await office.reader(TELEGRAM)
    await office.reader(ZALO, HOUR)
    for _ in range(2):
        await office.reader(ZALO, 60 * HOUR)
    await office.reader(ZALO, 300 * HOUR)
    await office.reader(consent=None)
    await office.reader(consent=Consent.WITHDRAWN)
    await office.person()


async def test_people_by_how_they_can_be_reached(office: Office, base: KnowledgeBase) -> None:
    await crowd(office)
    seen = await previewed(office, await office.campaign(), base)
    assert seen.people == 10
    assert dict(seen.reasons) == {
        None: 4,
        SkipReason.WINDOW_PAID: 2,
        SkipReason.WINDOW_CLOSED: 1,
        SkipReason.NO_CONSENT: 1,
        SkipReason.OPTED_OUT: 1,
        SkipReason.NO_ACCOUNT: 1,
    }
    assert dict(seen.states) == {
        RecipientState.PLANNED: 4, RecipientState.WAITING: 3, RecipientState.SKIPPED: 3,
    }  # fmt: skip
    assert dict(seen.accounts) == {TELEGRAM: 3, ZALO: 1}
    assert seen.cost == 0
    assert seen.may_be_submitted


async def test_what_paid_messages_cost(office: Office, base: KnowledgeBase) -> None:
    await crowd(office)
    campaign = await office.campaign(terms={"pays": True})
    assert (await previewed(office, campaign, base, configured(paid_price=55))).cost == 110
    unpriced = await previewed(office, campaign, base)
    assert unpriced.cost is None
    assert unpriced.accounts[ZALO] == 3


async def test_samples_by_channel_and_language(office: Office, base: KnowledgeBase) -> None:
    texts = {"vi": {"text": "Chào {ten|bạn}: {lien_ket}"}, "en": {"text": "Hello"}, "vi-zalo": {"text": "{lien_ket}"}}
    seen = await previewed(office, await office.campaign(texts=texts), base)
    shown = {(sample.channel, sample.key): sample.reply.text for sample in seen.samples}
    assert shown == {
        ("telegram", "vi"): "Chào chị Lan: https://t.me/bhyt_hssv_bot?start=c-kg26",
        ("telegram", "en"): "Hello",
        ("zalo", "vi-zalo"): "https://zalo.me/1234567890 (rồi nhắn: MA KG26)",
        ("zalo", "en"): "Hello",
    }
    assert all(sample.size <= sample.limit for sample in seen.samples)


async def test_texts_that_cannot_be_rendered_have_no_samples(office: Office, base: KnowledgeBase) -> None:
    seen = await previewed(office, await office.campaign(texts={"vi": {"text": "{nope}"}}), base)
    assert not seen.samples
    assert not seen.may_be_submitted


async def test_a_link_that_cannot_be_made_blocks(office: Office, base: KnowledgeBase) -> None:
    nameless = SETTINGS.model_copy(update={"telegram": SETTINGS.telegram.model_copy(update={"username": ""})})
    campaign = await office.campaign(texts={"vi": {"text": "Xem {lien_ket}"}})
    seen = await previewed(office, campaign, base, nameless)
    assert [finding.blocks for finding in seen.findings] == [True]
    assert "telegram.username" in seen.findings[0].what


async def test_the_seal_is_that_of_the_submission(office: Office, base: KnowledgeBase) -> None:
    await office.reader()
    campaign = await office.campaign()
    seen = await previewed(office, campaign, base)
    assert len(seen.seal) == 12
    assert (await previewed(office, replace(campaign, approved_count=1), base)).seal == seen.seal
    assert (await previewed(office, replace(campaign, approved_count=2), base)).seal != seen.seal


async def test_times_that_do_not_fit_are_told(office: Office, base: KnowledgeBase) -> None:
    campaign = await office.campaign()
    over = await previewed(office, replace(campaign, ends=NOW - HOUR), base)
    assert [finding.blocks for finding in over.findings] == [True]
    for _ in range(3):
        await office.reader()
    short = await previewed(
        office, replace(campaign, ends=NOW + timedelta(seconds=1)), base, configured(telegram_rate=1)
    )
    assert [finding.blocks for finding in short.findings] == [False]


def test_the_duration_follows_from_the_slowest_account() -> None:
    schedule = Schedule(NOW, None, NEVER_QUIET)
    found = forecast({TELEGRAM: 3000, ZALO: 500}, schedule, SETTINGS)
    # Half of a hundred requests a minute.
    assert found.finish == NOW + timedelta(minutes=10)
    assert forecast({TELEGRAM: 3000}, schedule, SETTINGS).finish == NOW + timedelta(seconds=100)
    assert forecast({}, schedule, SETTINGS).finish == NOW


def test_sending_stops_at_night() -> None:
    schedule = Schedule(NOW.replace(hour=20), None, QuietHours(21, 7))
    found = forecast({ZALO: 50 * 120}, schedule, SETTINGS)
    assert found.finish == NOW.replace(hour=8) + timedelta(days=1)


def test_a_wave_waits_for_its_hour_and_for_the_one_before() -> None:
    waves = (Wave(share=50, after_hours=0), Wave(share=30, after_hours=1), Wave(share=20, after_hours=24))
    schedule = Schedule(NOW, None, NEVER_QUIET, waves)
    found = forecast({ZALO: 50 * 120}, schedule, SETTINGS)
    assert found.finish == NOW + timedelta(hours=24) + timedelta(minutes=24)
    assert forecast({ZALO: 50 * 600}, schedule, SETTINGS).finish == NOW + timedelta(hours=24) + timedelta(hours=2)


@pytest.mark.parametrize(("people", "enough"), [(2000, True), (2020, False)])
def test_whether_staff_can_answer(people: int, enough: bool) -> None:
    found = forecast({TELEGRAM: people}, Schedule(NOW, None, NEVER_QUIET), SETTINGS)
    assert found.replies == people // 20
    assert found.staff_can_answer is enough
    assert found.days_needed == (1 if enough else 2)


def test_replies_spread_over_the_days_of_sending() -> None:
    waves = tuple(Wave(share=25, after_hours=24 * day) for day in range(4))
    found = forecast({TELEGRAM: 8000}, Schedule(NOW, None, NEVER_QUIET, waves), SETTINGS)
    assert (found.replies, found.replies_a_day, found.staff_can_answer) == (400, 100, True)
