"""Who gets a message and why not, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from bot.outreach.audience import audience
from bot.outreach.campaign import Terms
from bot.outreach.eligibility import Eligibility, SkipReason, ask, decided
from bot.store.models import Consent, PersonRow, RecipientState
from tests.outreach.office import NOW, SETTINGS, TELEGRAM, ZALO, Office

if TYPE_CHECKING:
    from bot.outreach.campaign import Campaign
    from bot.outreach.eligibility import Standing

HOUR = timedelta(hours=1)
PHONE = "+84912345678"


async def reason(office: Office, person: int, campaign: Campaign | None = None) -> SkipReason | None:
    return (await office.standings(campaign or await office.campaign()))[person].reason


async def checked(office: Office, campaign: Campaign, *people: int, account: str = TELEGRAM) -> dict[int, Standing]:
    async with office.database.reading() as session:
        return await ask(session, Eligibility.of(campaign, SETTINGS, NOW).checking(account), people)


async def test_who_agreed_and_can_be_reached_gets_it(office: Office) -> None:
    person = await office.reader(language="en", province="ha-noi")
    (standing,) = (await office.standings(await office.campaign())).values()
    assert standing.reason is None
    assert (standing.person, standing.account, standing.address) == (person, TELEGRAM, f"telegram-{person}")
    assert (standing.language, standing.province, standing.last_interaction) == ("en", "ha-noi", NOW)


@pytest.mark.parametrize(
    ("consent", "expected"), [(None, SkipReason.NO_CONSENT), (Consent.WITHDRAWN, SkipReason.OPTED_OUT)]
)
async def test_nobody_gets_it_without_having_agreed(
    office: Office, consent: Consent | None, expected: SkipReason
) -> None:
    assert await reason(office, await office.reader(consent=consent)) is expected


async def test_consent_is_by_topic(office: Office) -> None:
    person = await office.reader()
    assert await reason(office, person, await office.campaign(topic="quiz")) is SkipReason.NO_CONSENT


async def test_the_windows_of_zalo(office: Office) -> None:
    second = timedelta(seconds=1)
    silences = (48 * HOUR, 48 * HOUR + second, 168 * HOUR, 168 * HOUR + second, None)
    people = [await office.reader(ZALO, silence) for silence in silences]
    found = await office.standings(await office.campaign())
    paid, closed = SkipReason.WINDOW_PAID, SkipReason.WINDOW_CLOSED
    assert [found[person].reason for person in people] == [None, paid, paid, closed, closed]


async def test_telegram_has_no_window(office: Office) -> None:
    assert await reason(office, await office.reader(TELEGRAM, timedelta(days=400))) is None


async def test_people_without_an_account_of_ours(office: Office) -> None:
    only_listed, web, group, visitor = [await office.person() for _ in range(4)]
    await office.account(web, "web")
    await office.account(group, TELEGRAM, sender="-100:5")
    await office.account(visitor, ZALO, sender="anon:1:2")
    found = await office.standings(await office.campaign())
    assert {found[person].reason for person in (only_listed, web, group, visitor)} == {SkipReason.NO_ACCOUNT}


async def test_who_blocked_us_is_unreachable_but_a_closed_window_opens_again(office: Office) -> None:
    blocked, closed = await office.person(), await office.person()
    await office.account(blocked, TELEGRAM, unreachable="blocked", reachability_changed=NOW)
    await office.account(closed, ZALO, 200 * HOUR, unreachable="window_closed", reachability_changed=NOW)
    found = await office.standings(await office.campaign())
    assert found[blocked].reason is SkipReason.UNREACHABLE
    assert found[closed].reason is SkipReason.WINDOW_CLOSED


async def test_the_best_of_several_accounts_is_taken(office: Office) -> None:
    free, recent = await office.person(), await office.person()
    await office.account(free, ZALO, 60 * HOUR)
    await office.account(free, TELEGRAM, 900 * HOUR)
    await office.account(recent, TELEGRAM, 20 * HOUR)
    await office.account(recent, ZALO, HOUR)
    blocked = await office.person()
    await office.account(blocked, TELEGRAM, unreachable="blocked")
    await office.account(blocked, ZALO, 100 * HOUR)
    found = await office.standings(await office.campaign())
    assert [found[person].account for person in (free, recent, blocked)] == [TELEGRAM, ZALO, ZALO]
    assert found[blocked].reason is SkipReason.WINDOW_PAID
    assert len(found) == 3


async def test_an_adult_with_two_records_gets_one_message(office: Office) -> None:
    closed = await office.reader(ZALO, 500 * HOUR, phone=PHONE)
    free = await office.reader(TELEGRAM, phone=PHONE)
    later = await office.reader(TELEGRAM, phone=PHONE)
    other = await office.reader(TELEGRAM, phone="+84900000000")
    nobody = await office.reader(TELEGRAM)
    found = await office.standings(await office.campaign())
    assert {person: found[person].reason for person in (closed, free, later, other, nobody)} == {
        closed: SkipReason.DUPLICATE, free: None, later: SkipReason.DUPLICATE, other: None, nobody: None,
    }  # fmt: skip


@pytest.mark.parametrize("consent", [None, Consent.WITHDRAWN])
async def test_a_record_that_cannot_get_it_takes_nothing_from_another(office: Office, consent: Consent | None) -> None:
    await office.reader(phone=PHONE, consent=consent)
    blocked = await office.person(phone=PHONE)
    await office.account(blocked, TELEGRAM, unreachable="blocked")
    await office.person(phone=PHONE)
    reachable = await office.reader(ZALO, 60 * HOUR, phone=PHONE)
    assert await reason(office, reachable) is SkipReason.WINDOW_PAID


async def test_a_duplicate_outside_the_audience_does_not_count(office: Office) -> None:
    await office.reader(phone=PHONE, province="hue", role="parent")
    wanted = await office.reader(phone=PHONE, province="ha-noi", role="parent")
    segment = "tỉnh = Hà Nội và vai trò = phụ huynh và kênh = telegram"
    campaign = await office.campaign(segment=segment, exclude="nhãn = đã-gọi hoặc lớp trong 1..5 hoặc nguồn = c-kg26")
    found = await office.standings(campaign, audience(campaign, NOW))
    assert {person: each.reason for person, each in found.items()} == {wanted: None}


async def test_caps_count_what_was_sent_lately(office: Office) -> None:
    campaign = await office.campaign(terms={"cap_messages": 2, "cap_days": 7})
    full, old, failed = [await office.reader() for _ in range(3)]
    for number in range(2):
        earlier = await office.campaign(code=f"cu{number:02d}", staff=campaign.created_by)
        await office.received(earlier, full, sent=NOW - timedelta(days=6))
        await office.received(earlier, old, sent=NOW - timedelta(days=7 + number))
        await office.received(earlier, failed, sent=None, state="failed")
    found = await office.standings(campaign)
    assert [found[person].reason for person in (full, old, failed)] == [SkipReason.CAPPED, None, None]


async def test_right_before_sending_all_that_changed_counts(office: Office) -> None:
    campaign = await office.campaign()
    fine, refused, blocked, moved, erased = [await office.reader() for _ in range(5)]
    async with office.database.transaction() as session:
        await session.execute(delete(PersonRow).where(PersonRow.id == erased))
    other = await office.reader(ZALO)
    people = (fine, refused, blocked, moved, erased, other)
    assert set(await checked(office, campaign, *people)) == {fine, refused, blocked, moved, other}
    found = await checked(office, campaign, fine, other)
    assert found[fine].address == f"telegram-{fine}"
    assert found[other].reason is SkipReason.NO_ACCOUNT, "the check is for one account"
    assert (await checked(office, campaign, other, account=ZALO))[other].reason is None


async def test_of_two_records_in_the_ledger_exactly_one_is_sent_to(office: Office) -> None:
    campaign = await office.campaign()
    first, second = await office.reader(phone=PHONE), await office.reader(phone=PHONE)
    await office.received(campaign, first, state="planned")
    await office.received(campaign, second, state="planned")
    found = await checked(office, campaign, first, second)
    assert [found[first].reason, found[second].reason] == [None, SkipReason.DUPLICATE]


async def test_who_got_it_under_another_record_does_not_get_it_again(office: Office) -> None:
    campaign = await office.campaign()
    first, second = await office.reader(phone=PHONE), await office.reader(phone=PHONE)
    await office.received(campaign, first, state="planned")
    await office.received(campaign, second, state="unknown")
    assert (await checked(office, campaign, first))[first].reason is SkipReason.DUPLICATE


@pytest.mark.parametrize(
    ("why", "terms", "state"),
    [
        (None, Terms(), RecipientState.PLANNED),
        (SkipReason.WINDOW_PAID, Terms(pays=True), RecipientState.PLANNED),
        (SkipReason.WINDOW_PAID, Terms(), RecipientState.WAITING),
        (SkipReason.WINDOW_CLOSED, Terms(pays=True), RecipientState.WAITING),
        (SkipReason.WINDOW_CLOSED, Terms(waits=False), RecipientState.SKIPPED),
        (SkipReason.OPTED_OUT, Terms(pays=True), RecipientState.SKIPPED),
        (SkipReason.CAPPED, Terms(), RecipientState.SKIPPED),
    ],
)
def test_what_becomes_of_somebody(why: SkipReason | None, terms: Terms, state: RecipientState) -> None:
    assert decided(why, terms) is state
