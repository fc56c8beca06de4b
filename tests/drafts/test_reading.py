"""What staff sees: lists, previews for another day, figures that end, why an answer won, and the exported files."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.drafts.errors import ProblemsError
from bot.drafts.explaining import explain
from bot.drafts.export import export
from bot.drafts.reading import browse, ending_facts, preview, topics
from bot.evaluation.questions import load_questions
from knowledge.base import load
from knowledge.check import check
from knowledge.errors import FactError
from knowledge.search.model import EVIDENCE
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.drafts.conftest import Office

WALLET = "ví da rách toạc quai đeo"


async def test_answers_are_listed_by_topic_words_and_review(office: Office) -> None:
    draft = await office.approved("mat-the", "ví da rách toạc quai")
    base, live = office.bot.core.base, office.bot.live.drafts
    assert [shown.entry.id for shown in browse(base, live, TODAY, topic="tien")] == ["tien-dong"]
    (lost,) = browse(base, live, TODAY, words="VI DA")
    assert (lost.entry.id, lost.change, lost.overdue) == ("mat-the", draft.id, False)
    assert len(browse(base, live, date(2027, 1, 2), due=True)) == len(base.entries)
    assert browse(base, live, TODAY, due=True) == []
    assert topics(base)["tien"] == 1


async def test_an_answer_is_shown_as_on_another_day(office: Office) -> None:
    text = office.desk.text("tien-dong")
    now, before = (preview(office.bot.core.base, text, day).text for day in (TODAY, date(2025, 9, 5)))
    assert "113.850" in now
    assert "105.300" in before
    with pytest.raises(FactError):
        preview(office.bot.core.base, text, date(2020, 1, 1))
    with pytest.raises(ProblemsError):
        preview(office.bot.core.base, text.replace("nd-188", "nd-0"), TODAY)


async def test_figures_that_end_soon_are_told_with_what_follows(office: Office) -> None:
    base, end = office.bot.core.base, date(2026, 6, 30)
    (ending,) = ending_facts(base, end - timedelta(days=90))
    assert (ending.fact.id, ending.value.period.end) == ("salary", end)
    assert "2.340.000" in ending.written
    assert ending.next is not None
    assert "2.530.000" in ending.next
    assert ending_facts(base, end - timedelta(days=91)) == []
    assert ending_facts(base, end + timedelta(days=1)) == []


async def test_why_an_answer_won(office: Office) -> None:
    explained = explain(office.bot.core, "rơi mất thẻ", TODAY)
    first = explained.contenders[0]
    assert (first.entry.id, explained.outcome.entry) == ("mat-the", "mat-the")
    assert first.nearest == "Mất thẻ"
    assert [weighed.name for weighed in first.evidence] == list(EVIDENCE)
    points = [sum(weighed.points for weighed in each.evidence) for each in explained.contenders]
    assert points == sorted(points, reverse=True)
    assert explain(office.bot.core, "?!", TODAY).contenders == ()


async def test_live_changes_go_back_into_the_files(office: Office, tmp_path: Path) -> None:
    kept = tmp_path / "tests" / "evaluation" / "questions-office.jsonl"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"id": "office-x", "text": "câu cũ", "expect": "answer"}) + "\n", encoding="utf-8")
    draft = await office.approved("mat-the", "ví da rách toạc quai", WALLET)
    desk = office.desk
    for _ in range(2):
        exported = export(desk.base, desk.live.overlay.used(desk.live.drafts), tmp_path)
        assert exported.files == ("knowledge/faq/the/mat-the.md",)
        assert (tmp_path / exported.files[0]).read_text(encoding="utf-8") == draft.text
        assert exported.questions == 2
    questions = load_questions(kept)
    assert [(question.text, question.expect, question.entries) for question in questions] == [
        ("câu cũ", "answer", ()), (WALLET, "handoff", ("mat-the",)),
    ]  # fmt: skip


async def test_what_was_exported_passes_the_check_of_the_next_release(office: Office) -> None:
    await office.approved("mat-the", "ví da rách toạc quai", WALLET)
    base = office.bot.core.base
    assert check(base, TODAY) == check(load(office.folder), TODAY)
