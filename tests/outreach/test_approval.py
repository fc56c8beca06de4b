"""Two people, one seal: what was approved is what starts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outreach import approval
from bot.outreach.approval import has_drifted, seal, shown
from bot.outreach.checking import Finding
from bot.outreach.editing import create, edit, load
from bot.outreach.errors import CampaignError
from bot.outreach.messages import say
from bot.store.campaigns import list_events
from bot.store.database import Database
from bot.store.migrations import upgrade
from bot.store.models import CampaignState
from tests.bot.reading import rows
from tests.outreach.office import NOW, Office, written

if TYPE_CHECKING:
    from bot.outreach.campaign import Campaign

PEOPLE = 200


@dataclass
class Desk:
    """A campaign on its way, with an author and an approver; each call reads it anew, as a command does."""

    database: Database
    code: str
    author: int
    approver: int
    people: int = PEOPLE

    @classmethod
    async def open(cls, office: Office, code: str = "kg26") -> Desk:
        author, approver = await office.staff(f"soan-{code}"), await office.staff(f"duyet-{code}", "approver")
        await office.campaign(author, code=code)
        return cls(office.database, code, author, approver)

    async def campaign(self) -> Campaign:
        async with self.database.reading() as session:
            return await load(session, self.code)

    async def submit(self, staff: int | None = None, findings: tuple[Finding, ...] = ()) -> None:
        async with self.database.transaction() as session:
            campaign = await load(session, self.code)
            await approval.submit(session, campaign, self.people, findings, staff or self.author, NOW)

    async def approve(self, staff: int | None = None, seen: str | None = None) -> None:
        async with self.database.transaction() as session:
            campaign = await load(session, self.code)
            seen = seen or shown(seal(campaign, campaign.approved_count or 0))
            await approval.approve(session, campaign, self.people, seen, staff=staff or self.approver, now=NOW)

    async def reject(self) -> None:
        async with self.database.transaction() as session:
            campaign = await load(session, self.code)
            await approval.reject(session, campaign, "sai ngày", staff=self.approver, now=NOW)

    async def edit(self, staff: int | None = None, **changes: Any) -> None:
        async with self.database.transaction() as session:
            campaign = await load(session, self.code)
            await edit(session, campaign, written(code=self.code, **changes), staff or self.author, NOW)

    async def release(self) -> bool:
        async with self.database.transaction() as session:
            return await approval.release(session, await load(session, self.code), self.people, NOW)

    async def history(self) -> list[str]:
        async with self.database.reading() as session:
            return [event.action for event in await list_events(session, (await load(session, self.code)).id)]


@pytest.fixture
async def desk(office: Office) -> Desk:
    return await Desk.open(office)


async def test_from_draft_to_release(desk: Desk) -> None:
    await desk.submit()
    await desk.approve()
    campaign = await desk.campaign()
    assert campaign.state is CampaignState.APPROVED
    assert campaign.approved_hash == seal(campaign, PEOPLE)
    assert (campaign.approved_by, campaign.approved_count) == (desk.approver, PEOPLE)
    assert await desk.release()
    assert await desk.history() == ["created", "submitted", "approved"]


async def test_the_history_says_who_when_and_what(desk: Desk) -> None:
    await desk.submit()
    event = (await rows(desk.database, "campaign_event"))[-1]
    assert (event["staff_id"], event["happened"]) == (desk.author, NOW)
    assert event["detail"] == {"people": PEOPLE, "seal": seal(await desk.campaign(), PEOPLE), "revision": 1}


async def test_nobody_approves_what_they_wrote_edited_or_handed_in(desk: Desk, office: Office) -> None:
    editor, sender = await office.staff("sua"), await office.staff("gui", "admin")
    await desk.edit(editor, title="Khác")
    await desk.submit(sender)
    for author in (desk.author, editor, sender):
        with pytest.raises(CampaignError, match="người khác"):
            await desk.approve(author)
    await desk.approve()


async def test_only_what_was_seen_is_approved(desk: Desk) -> None:
    await desk.submit()
    seen = shown(seal(await desk.campaign(), PEOPLE))
    await desk.edit(texts={"vi": {"text": "Khác hẳn"}})
    await desk.submit()
    for stale in (seen, "", seen[:3]):
        with pytest.raises(CampaignError, match="niêm phong") if stale else pytest.raises(CampaignError):
            await desk.approve(seen=stale or "x")
    assert (await desk.campaign()).state is CampaignState.SUBMITTED


@pytest.mark.parametrize(
    "change",
    [
        {"texts": {"vi": {"text": "Khác"}}},
        {"segment": "province = hue"},
        {"exclude": "role = teacher"},
        {"starts": NOW + timedelta(days=1)},
        {"ends": NOW + timedelta(days=9)},
        {"terms": {"pays": True}},
        {"topic": "reminders"},
        {"priority": 1},
    ],
)
async def test_any_edit_voids_the_approval(desk: Desk, change: dict[str, Any]) -> None:
    await desk.submit()
    await desk.approve()
    before = await desk.campaign()
    await desk.edit(**change)
    after = await desk.campaign()
    assert after.state is CampaignState.DRAFT
    assert (after.approved_hash, after.approved_by, after.approved_count) == (None, None, None)
    assert seal(after, PEOPLE) != seal(before, PEOPLE)
    assert after.revision == before.revision + 1


async def test_an_edit_that_changes_nothing_voids_nothing(desk: Desk) -> None:
    await desk.submit()
    await desk.approve()
    await desk.edit()
    assert (await desk.campaign()).state is CampaignState.APPROVED


async def test_a_row_that_was_changed_behind_our_back_does_not_start(desk: Desk) -> None:
    await desk.submit()
    await desk.approve()
    campaign = replace(await desk.campaign(), segment="province = hue")
    async with desk.database.transaction() as session:
        assert not await approval.release(session, campaign, PEOPLE, NOW)
    assert (await desk.campaign()).state is CampaignState.DRAFT
    assert (await rows(desk.database, "campaign_event"))[-1]["detail"]["sealed"] is False


async def test_other_people_than_approved_make_it_a_draft_again(desk: Desk) -> None:
    await desk.submit()
    await desk.approve()
    desk.people = 221
    assert not await desk.release()
    assert (await desk.campaign()).state is CampaignState.DRAFT
    assert (await desk.history())[-1] == "voided"


async def test_other_people_than_submitted_are_not_approved(desk: Desk) -> None:
    await desk.submit()
    desk.people = 150
    with pytest.raises(CampaignError, match="200 thành 150"):
        await desk.approve()


async def test_a_rejected_campaign_goes_back(desk: Desk) -> None:
    await desk.submit()
    await desk.reject()
    assert (await desk.campaign()).state is CampaignState.DRAFT
    await desk.submit()


async def test_what_has_to_be_mended_is_told_and_nothing_is_handed_in(desk: Desk) -> None:
    with pytest.raises(CampaignError, match="xấu") as caught:
        await desk.submit(findings=(Finding("vi", "xấu"), Finding("vi", "đáng ngờ", blocks=False)))
    assert caught.value.problems == ("[vi] xấu",)
    desk.people = 0
    with pytest.raises(CampaignError, match="không có ai"):
        await desk.submit()
    assert await desk.history() == ["created"]


async def test_of_two_who_act_at_once_one_wins(desk: Desk) -> None:
    stale = await desk.campaign()
    await desk.edit(title="Khác")
    async with desk.database.transaction() as session:
        with pytest.raises(CampaignError, match="vừa sửa"):
            await edit(session, stale, written(title="Thứ ba"), desk.author, NOW)
    async with desk.database.transaction() as session:
        with pytest.raises(CampaignError, match="vừa sửa"):
            await approval.submit(session, stale, PEOPLE, (), desk.author, NOW)
    assert (await desk.campaign()).title == "Khác"


async def test_a_running_campaign_is_frozen(desk: Desk, office: Office) -> None:
    await office.set_state(await desk.campaign(), CampaignState.RUNNING)
    with pytest.raises(CampaignError, match="đang gửi"):
        await desk.edit(title="Khác")


async def test_a_code_is_used_once(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        with pytest.raises(CampaignError, match="kg26"):
            await create(session, written(), desk.author, NOW)
    async with desk.database.transaction() as session:
        assert (await load(session, " KG26 ")).code == "kg26"
        with pytest.raises(CampaignError, match="không có chiến dịch"):
            await load(session, "kg27")


@pytest.mark.parametrize(
    ("before", "now", "drifted"),
    [(5, 15, False), (5, 16, True), (1000, 1100, False), (1000, 1101, True), (1000, 899, True), (0, 10, False)],
)
def test_how_much_the_number_of_people_may_change(before: int, now: int, drifted: bool) -> None:
    assert has_drifted(before, now) is drifted


@pytest.mark.parametrize("state", CampaignState)
def test_every_state_has_a_name(state: CampaignState) -> None:
    assert say(f"state_{state}")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Office]]:
    """One SQLite database for all examples: each takes a campaign of its own."""
    folder: Path = tmp_path_factory.mktemp("approval")
    with asyncio.Runner() as runner:
        database = Database(f"sqlite:///{folder}/bhyt.sqlite3")
        runner.run(upgrade(database.engine))
        yield runner, Office(database)
        runner.run(database.close())


_numbers = iter(range(1000, 9999))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(("author", "approver")), st.integers(0, 3)),
        st.tuples(st.sampled_from(("submit", "approve")), st.sampled_from(("author", "approver")), st.just(0)),
        st.tuples(st.just("people"), st.just(""), st.sampled_from((0, 150, 190, 200, 210, 300))),
        st.tuples(st.sampled_from(("reject", "release")), st.just(""), st.just(0)),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=60)
def test_whatever_is_done_in_whatever_order(
    workshop: tuple[asyncio.Runner, Office], steps: list[tuple[str, str, int]]
) -> None:
    runner, office = workshop
    runner.run(_walk(office, steps))


async def _walk(office: Office, steps: list[tuple[str, str, int]]) -> None:
    desk = await Desk.open(office, f"kg{next(_numbers)}")
    writers = {desk.author}
    released = False
    for step, who, number in steps:
        before, staff = await desk.campaign(), desk.author if who == "author" else desk.approver
        try:
            match step:
                case "edit":
                    await desk.edit(staff, title=f"Bản {number}")
                case "people":
                    desk.people = number
                case "submit":
                    await desk.submit(staff)
                case "approve":
                    await desk.approve(staff)
                case "reject":
                    await desk.reject()
                case "release":
                    released = await desk.release()
                    assert released is not has_drifted(before.approved_count or 0, desk.people)
        except CampaignError:
            assert await desk.campaign() == before, "a step that is refused changes nothing"
            continue
        after = await desk.campaign()
        if step in {"edit", "submit"} and after != before:
            writers.add(staff)
        if after.state is CampaignState.APPROVED:
            assert after.approved_by not in writers
            assert after.approved_hash == seal(after, after.approved_count or 0)
        else:
            assert after.approved_hash is None
        assert (after.content, after.segment) == (before.content, before.segment) or after.state is CampaignState.DRAFT
