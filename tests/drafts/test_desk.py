"""Who may do what with a draft, and what is refused before anything is live."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.drafts.draft import difference
from bot.drafts.errors import (
    ChangedError,
    DraftError,
    NoDraftError,
    NotAllowedError,
    ProblemsError,
    WrongStepError,
)
from bot.store.models import DraftState, StaffRole
from knowledge.errors import line_in

if TYPE_CHECKING:
    from tests.drafts.conftest import Office

PHRASING = "ví da rách toạc quai"


async def test_an_agent_writes_nothing_and_an_editor_approves_nothing(office: Office) -> None:
    with pytest.raises(NotAllowedError):
        await office.desk.add_phrasing(office.staff["tam"], "mat-the", PHRASING)
    draft = await office.submitted("mat-the", PHRASING)
    with pytest.raises(NotAllowedError):
        await office.desk.approve(office.editor, draft.id, 1)
    with pytest.raises(NotAllowedError):
        await office.desk.reject(office.editor, draft.id, "không đúng")
    with pytest.raises(NotAllowedError):
        await office.desk.roll_back(office.editor, draft.id)


async def test_nobody_approves_what_they_wrote_any_revision_of(office: Office) -> None:
    boss = replace(office.editor, role=StaffRole.ADMIN)
    draft = await office.submitted("mat-the", PHRASING)
    with pytest.raises(NotAllowedError):
        await office.desk.approve(boss, draft.id, 1)
    edited = await office.desk.edit(office.approver, draft.id, draft.text.replace(PHRASING, f"{PHRASING} cũ"))
    await office.desk.submit(office.editor, draft.id)
    for who in (boss, office.approver):
        with pytest.raises(NotAllowedError):
            await office.desk.approve(who, draft.id, edited.revision)


async def test_somebody_shut_out_does_nothing(office: Office) -> None:
    gone = replace(office.editor, disabled=office.clock())
    with pytest.raises(NotAllowedError):
        await office.desk.add_phrasing(gone, "mat-the", PHRASING)


async def test_only_the_revision_that_was_seen_is_approved(office: Office) -> None:
    draft = await office.submitted("mat-the", PHRASING)
    await office.desk.edit(office.editor, draft.id, draft.text.replace(PHRASING, "tàu hỏa"))
    await office.desk.submit(office.editor, draft.id)
    with pytest.raises(ChangedError):
        await office.desk.approve(office.approver, draft.id, 1)
    assert (await office.desk.approve(office.approver, draft.id, 2)).state is DraftState.LIVE


async def test_every_revision_is_kept_with_who_wrote_it(office: Office) -> None:
    draft = await office.desk.add_phrasing(office.editor, "mat-the", PHRASING)
    await office.desk.edit(office.approver, draft.id, draft.text.replace(PHRASING, "tàu hỏa"), note="gọn hơn")
    kept = await office.desk.revisions(draft.id)
    assert [(row.revision, login, "tàu hỏa" in row.text) for row, login in kept] == [
        (2, "hoa", True), (1, "lan", False),
    ]  # fmt: skip


async def test_a_rejected_draft_says_why_and_can_be_mended(office: Office) -> None:
    draft = await office.submitted("mat-the", PHRASING)
    with pytest.raises(DraftError):
        await office.desk.reject(office.approver, draft.id, " ")
    rejected = await office.desk.reject(office.approver, draft.id, "chưa rõ ý")
    assert (rejected.state, rejected.note) == (DraftState.REJECTED, "chưa rõ ý")
    edited = await office.desk.edit(office.editor, draft.id, draft.text.replace(PHRASING, "tàu hỏa"))
    assert (edited.state, edited.revision) == (DraftState.DRAFT, 2)


async def test_what_is_live_is_not_edited_and_what_is_not_live_not_rolled_back(office: Office) -> None:
    draft = await office.submitted("mat-the", PHRASING)
    with pytest.raises(WrongStepError):
        await office.desk.roll_back(office.approver, draft.id)
    await office.desk.approve(office.approver, draft.id, 1)
    for step in (
        office.desk.edit(office.editor, draft.id, draft.text),
        office.desk.submit(office.editor, draft.id),
        office.desk.approve(office.approver, draft.id, 1),
        office.desk.reject(office.approver, draft.id, "muộn"),
    ):
        with pytest.raises(WrongStepError):
            await step
    with pytest.raises(NoDraftError):
        await office.desk.draft(999)


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("Bạn xin cấp lại thẻ.", "Mất 50.000 đồng.", "Mất 50", "50.000"),
        ('next = ["tien-dong"]', 'next = ["khong-co"]', "next", "khong-co does not exist"),
        ('"rơi thẻ"', '"đóng mấy tiền"', "phrasings", "also leads to tien-dong"),
        ("review_by = 2027-01-01", "review_by = 2026-01-01", "review_by", "review was due"),
    ],
)
async def test_what_check_would_find_is_named_by_line_before_it_is_submitted(
    office: Office, old: str, new: str, where: str, what: str
) -> None:
    text = office.desk.text("mat-the")
    assert old in text
    draft = await office.desk.write(office.editor, text.replace(old, new))
    with pytest.raises(ProblemsError) as refused:
        await office.desk.submit(office.editor, draft.id)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("faq/the/mat-the.md", line_in(draft.text, where))
    assert what in problem.what
    assert (await office.desk.draft(draft.id)).state is DraftState.DRAFT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+++", "---"),
        ("kind =", "kind"),
        ('topic = "the"', 'topic = "../the"'),
        ('id = "mat-the"', 'id = "Mất thẻ"'),
        ('topic = "the"', 'topic = "tien"'),
        ("Bạn xin", "Bạn " * 20_000),
    ],
)
async def test_a_text_without_the_form_of_an_answer_is_not_kept(office: Office, old: str, new: str) -> None:
    text = office.desk.text("mat-the")
    assert old in text
    with pytest.raises(DraftError):
        await office.desk.write(office.editor, text.replace(old, new))
    assert await office.desk.drafts() == []


async def test_a_draft_stays_with_its_answer(office: Office) -> None:
    draft = await office.desk.add_phrasing(office.editor, "mat-the", PHRASING)
    with pytest.raises(DraftError, match="mat-the"):
        await office.desk.edit(office.editor, draft.id, office.desk.text("tien-dong"))
    with pytest.raises(DraftError, match="khong-co"):
        await office.desk.add_phrasing(office.editor, "khong-co", PHRASING)


async def test_an_answer_that_changed_meanwhile_must_be_compared_again(office: Office) -> None:
    late = await office.submitted("mat-the", PHRASING)
    await office.approved("mat-the", "tàu hỏa nghiền nát")
    with pytest.raises(ChangedError, match="mat-the"):
        await office.desk.approve(office.approver, late.id, 1)
    again = await office.desk.edit(office.editor, late.id, late.text)
    assert again.before is not None
    assert [line.text for line in difference(again.before, again.text) if line.mark == "-"] == [
        '  "tàu hỏa nghiền nát",'
    ]


async def test_a_new_answer_that_others_lead_to_is_not_taken_away(office: Office) -> None:
    text = office.desk.text("mat-the").replace('"mat-the"', '"rach-the"')
    for phrasing in ("mất thẻ", "rơi thẻ", "thất lạc thẻ", "không thấy thẻ", "để quên thẻ", "thẻ bị mất"):
        text = text.replace(f'"{phrasing}"', f'"giấy khai sinh {phrasing}"')
    text = text.replace('"làm rơi"', '"giấy làm rơi"').replace('"mất rồi"', '"giấy mất rồi"')
    new = await office.desk.write(office.editor, text)
    await office.desk.submit(office.editor, new.id)
    await office.desk.approve(office.approver, new.id, 1)
    leads = office.desk.text("tien-dong").replace('next = ["mat-the"]', 'next = ["mat-the", "rach-the"]')
    link = await office.desk.write(office.editor, leads)
    await office.desk.submit(office.editor, link.id)
    await office.desk.approve(office.approver, link.id, 1)
    with pytest.raises(DraftError, match="tien-dong"):
        await office.desk.roll_back(office.approver, new.id)
    await office.desk.roll_back(office.approver, link.id)
    await office.desk.roll_back(office.approver, new.id)
    assert "rach-the" not in office.bot.core.base.entries
