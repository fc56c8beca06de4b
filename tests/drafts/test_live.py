"""An unanswered question becomes an answer while the bot runs, in every process, and can be taken back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.actions import Action
from bot.drafts.errors import BrokenError, DraftError
from bot.drafts.gaps import find_gaps
from bot.drafts.live import LiveKnowledge
from bot.store.models import DraftState

if TYPE_CHECKING:
    from tests.drafts.conftest import Office

ASKED = "ví da rách toạc quai đeo"
LOST, PAY = "faq/the/mat-the.md", "faq/tien/tien-dong.md"


async def test_from_an_unanswered_question_to_an_answer_for_the_next_person(office: Office) -> None:
    assert await office.ask(ASKED) is None
    (gap,) = await find_gaps(office.database, office.bot.core, office.clock().date())
    assert gap.question == ASKED

    draft = await office.desk.add_phrasing(office.editor, "mat-the", "ví da rách toạc quai", gap.question)
    draft = await office.desk.submit(office.editor, draft.id)
    assert await office.ask(ASKED) is None
    live = await office.desk.approve(office.approver, draft.id, draft.revision)

    assert live.state is DraftState.LIVE
    assert await office.ask(ASKED) == "mat-the"
    assert await find_gaps(office.database, office.bot.core, office.clock().date()) == []


async def test_a_roll_back_brings_the_text_before_again(office: Office) -> None:
    before = office.desk.text("mat-the")
    draft = await office.approved("mat-the", "ví da rách toạc quai", ASKED)
    assert office.desk.text("mat-the") == draft.text != before
    rolled_back = await office.desk.roll_back(office.approver, draft.id)
    assert rolled_back.state is DraftState.ROLLED_BACK
    assert office.desk.text("mat-the") == before
    assert await office.ask(ASKED) is None


async def test_changes_of_one_answer_stand_on_each_other(office: Office) -> None:
    first = await office.approved("mat-the", "ví da rách toạc quai")
    second = await office.approved("mat-the", "bà ngoại giặt quần áo nhòe hết chữ")
    assert second.before == first.text
    with pytest.raises(DraftError, match=f"số {second.id}"):
        await office.desk.roll_back(office.approver, first.id)
    await office.desk.roll_back(office.approver, second.id)
    assert office.desk.text("mat-the") == first.text
    await office.desk.roll_back(office.approver, first.id)
    assert await office.ask(ASKED) is None


async def test_a_new_answer_is_found_and_shown(office: Office) -> None:
    draft = await office.desk.write(office.editor, NEW, question="ký túc xá có phải mua riêng không")
    assert draft.before is None
    await office.desk.submit(office.editor, draft.id)
    await office.desk.approve(office.approver, draft.id, 1)
    assert await office.ask("ở ký túc xá có phải mua riêng không") == "ky-tuc-xa"


async def test_another_process_notices_and_answers_the_same(office: Office) -> None:
    other = office.process()
    draft = await office.approved("mat-the", "ví da rách toạc quai", ASKED)
    assert await office.ask(ASKED, other) is None
    await other.live.refresh()
    assert await office.ask(ASKED, other) == "mat-the"
    await office.desk.roll_back(office.approver, draft.id)
    await other.live.refresh()
    assert await office.ask(ASKED, other) is None
    assert other.core.base is other.live.repository.base


async def test_nothing_is_built_while_nothing_changed(office: Office, log_lines: list[Any]) -> None:
    await office.approved("mat-the", "ví da rách toạc quai")
    conversation = office.bot.core.conversation
    await office.bot.live.refresh()
    assert office.bot.core.conversation is conversation
    assert [line["event"] for line in log_lines].count(Action.KNOWLEDGE_CHANGED) == 1


async def test_the_task_survives_a_database_that_is_away(office: Office, log_lines: list[Any]) -> None:
    looks = 0

    async def sleep(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            raise asyncio.CancelledError

    class Away:
        def reading(self) -> Any:
            raise OSError

    live = LiveKnowledge(office.bot.core, Away(), office.clock, sleep)  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await live.run()
    assert [line["event"] for line in log_lines] == [Action.KNOWLEDGE_FAILED] * 2


async def test_a_draft_that_does_not_answer_its_own_question_is_refused(office: Office) -> None:
    draft = await office.submitted("mat-the", "bỏ quên ở bệnh viện huyện", "tàu hỏa chạy lúc mấy giờ chiều")
    with pytest.raises(BrokenError) as refused:
        await office.desk.approve(office.approver, draft.id, 1)
    assert [broken.wanted for broken in refused.value.broken] == ["mat-the"]
    assert "tàu hỏa" in str(refused.value)
    assert (await office.desk.draft(draft.id)).state is DraftState.SUBMITTED


async def test_a_draft_that_would_break_an_earlier_question_is_refused(office: Office) -> None:
    first = await office.approved("mat-the", "ví da rách toạc quai", ASKED)
    text = office.desk.text("mat-the").replace('  "ví da rách toạc quai",\n', "")
    draft = await office.desk.write(office.editor, text)
    await office.desk.submit(office.editor, draft.id)
    with pytest.raises(BrokenError, match="ví da"):
        await office.desk.approve(office.approver, draft.id, 1)
    assert await office.ask(ASKED) == "mat-the"
    assert (await office.desk.drafts([DraftState.LIVE]))[0].id == first.id


async def test_a_question_that_was_broken_by_something_else_blocks_nobody(office: Office) -> None:
    first = await office.approved("mat-the", "ví da rách toạc quai", ASKED)
    await office.change_row(first.id, question="học sinh đóng bao nhiêu tiền một năm")
    draft = await office.approved("tien-dong", "học phí bảo hiểm hết mấy đồng", "học phí bảo hiểm hết mấy đồng vậy")
    assert draft.state is DraftState.LIVE


async def test_two_approvals_at_once_both_count(office: Office) -> None:
    other = office.process()
    one = await office.submitted("mat-the", "ví da rách toạc quai", ASKED)
    two = await office.submitted("tien-dong", "học phí bảo hiểm hết mấy đồng")
    await asyncio.gather(
        office.desk.approve(office.approver, one.id, 1), other.desk.approve(office.approver, two.id, 1)
    )
    for process in (office.bot, other):
        await process.live.refresh()
        assert {LOST, PAY} == set(process.core.base.changed)


NEW = """\
+++
id = "ky-tuc-xa"
title = "Ở ký túc xá có phải mua riêng?"
topic = "tien"
kind = "answer"
phrasings = [
  "ở ký túc xá có phải mua riêng không", "nội trú mua ở đâu", "ktx thu chưa", "ký túc xá thu hộ à", "ở trọ thì sao",
  "sinh viên nội trú nộp cho ai", "quản lý ktx thu không", "phòng ktx có thu",
]
sources = ["nd-188"]
reviewed = 2026-11-21
review_by = 2027-01-01
next = ["tien-dong"]
+++
Bạn nộp qua trường.
"""
