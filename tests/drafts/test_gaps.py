"""Which questions are told as gaps, and how they come together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from bot.drafts.gaps import Gap, find_disliked, find_gaps, gather
from bot.store.models import FeedbackRow, QuestionRow
from bot.store.questions import Asked
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from tests.drafts.conftest import Office

WALLET = "ví da rách toạc quai đeo"


async def log(office: Office, text: str, decision: str, confidence: float = 0.1, **more: Any) -> None:
    values = {"day": TODAY, "entry": None, "language": "vi", **more}
    async with office.database.transaction() as session:
        row = {"text": text, "decision": decision, "confidence": confidence, **values}
        await session.execute(insert(QuestionRow).values(row))


async def gaps(office: Office) -> list[Gap]:
    return await find_gaps(office.database, office.bot.core, TODAY)


@pytest.mark.parametrize(
    ("decision", "confidence", "entry", "told"),
    [
        ("clarify", 0.1, None, True),
        ("handoff", 0.1, None, True),
        ("refuse", 0.0, None, True),
        ("error", 0.0, None, True),
        ("handoff", 0.2, "mat-the", True),
        ("handoff", 0.9, "mat-the", False),
        ("handoff", 1.0, None, False),
        ("refuse", 0.9, None, False),
        ("answer", 0.2, "mat-the", False),
        ("smalltalk", 0.2, None, False),
    ],
)
async def test_what_the_bot_did_not_understand_is_a_gap(
    office: Office, decision: str, confidence: float, entry: str | None, told: bool
) -> None:
    await log(office, WALLET, decision, confidence, entry=entry)
    assert [gap.question for gap in await gaps(office)] == ([WALLET] if told else [])


async def test_what_has_an_answer_by_now_and_what_is_long_ago_is_left_out(office: Office) -> None:
    await log(office, "mất thẻ", "clarify")
    await log(office, WALLET, "clarify", day=TODAY - timedelta(days=61))
    assert await gaps(office) == []


async def test_a_gap_names_its_draft(office: Office) -> None:
    await log(office, WALLET, "clarify")
    draft = await office.desk.add_phrasing(office.editor, "mat-the", "ví da rách toạc quai", WALLET.upper())
    (gap,) = await gaps(office)
    assert gap.draft == draft.id
    assert gap.nearest in office.bot.core.base.entries


async def test_answers_that_do_not_help_are_told_with_what_they_were_given_to(office: Office) -> None:
    ratings = [("mat-the", False)] * 3 + [("mat-the", True), ("tien-dong", False), ("khong-con", False)]
    ratings += [("khong-con", False)]
    async with office.database.transaction() as session:
        for entry, helpful in ratings:
            await session.execute(insert(FeedbackRow).values(day=TODAY, entry=entry, helpful=helpful))
    await log(office, "làm mất thẻ", "answer", 0.9, entry="mat-the")
    (disliked,) = await find_disliked(office.database, office.bot.core, TODAY)
    assert (disliked.entry, disliked.helped, disliked.failed) == ("mat-the", 1, 3)
    assert [gap.question for gap in disliked.questions] == ["làm mất thẻ"]


def asked(text: str, times: int = 1, ago: int = 0) -> Asked:
    return Asked(text, "vi", times, TODAY - timedelta(days=ago))


def test_spellings_and_orders_of_one_question_come_together() -> None:
    found = gather(
        [
            asked("ví da rách", 2),
            asked("VI DA RACH"),
            asked("rách ví da", 1, ago=3),
            asked("ví da rách rồi"),
            asked("tàu hỏa mấy giờ"),
        ],
        TODAY,
    )
    assert [(gap.question, gap.count, len(gap.others)) for gap in found] == [
        ("ví da rách", 5, 3), ("tàu hỏa mấy giờ", 1, 0),
    ]  # fmt: skip
    assert found[0].newest == TODAY


def test_new_questions_come_before_old_ones_asked_as_often() -> None:
    found = gather(
        [asked("câu cũ đã lâu", 3, ago=28), asked("hôm nay hỏi", 1), asked("rất nhiều người", 9, ago=14)], TODAY
    )
    assert [gap.question for gap in found] == ["rất nhiều người", "hôm nay hỏi", "câu cũ đã lâu"]


def test_many_questions_are_gathered_in_bounded_time() -> None:
    words = "thẻ trường lớp tiền nộp đổi mất khám viện tỉnh".split()
    many = [asked(f"{words[n % 10]} {words[n // 10 % 10]} {words[n // 100 % 10]} {n}") for n in range(2_000)]
    assert sum(gap.count for gap in gather(many, date(2026, 11, 21))) == 2_000
