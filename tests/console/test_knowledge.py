"""From an unanswered question to an answer for the next person, through the pages; and what the pages refuse."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.store.models import AuditRow, StaffRole
from tests.console.support import office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.console.support import Answer, Clerk, Office

ASKED = "thẻ dính kẹo cao su bóc không ra"
HOSTILE = "<script>alert(1)</script>\"'{{7*7}}"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as running:
        await running.hire("bien-tap", StaffRole.EDITOR)
        await running.hire("duyet", StaffRole.APPROVER)
        await running.hire("ho-tro", StaffRole.AGENT)
        yield running


def text_of(answer: Answer) -> str:
    """What stands in the big box of a form."""
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.text, re.DOTALL)
    assert found
    return unescape(found[1])


async def answered(desk: Office, text: str, sender: str) -> str | None:
    result = await desk.ask(text, sender=sender)
    entry: str | None = result.messages[0].reply.entry
    return entry


async def test_a_gap_becomes_an_answer_without_a_restart_and_can_be_taken_back(desk: Office) -> None:
    assert await answered(desk, ASKED, "one") != "mat-the"
    async with desk.clerk("bien-tap") as editor, desk.clerk("duyet") as approver:
        gaps = await editor.get("/knowledge/gaps")
        assert ASKED in gaps.text
        written = await editor.post("/knowledge/phrasing", entry="mat-the", phrasing=ASKED, question=ASKED)
        assert written.status == 303
        number = written.target.partition("/drafts/")[2].partition("?")[0]
        page = await editor.get(f"/knowledge/drafts/{number}")
        assert f"<ins>+   &#34;{ASKED}&#34;,</ins>" in page.text
        assert (await editor.post(f"/knowledge/drafts/{number}/submit")).status == 303
        assert "/approve" not in (await editor.get(f"/knowledge/drafts/{number}")).text

        assert "/approve" in (await approver.get(f"/knowledge/drafts/{number}")).text
        assert (await approver.post(f"/knowledge/drafts/{number}/approve", revision="9")).status == 409
        assert (await approver.post(f"/knowledge/drafts/{number}/approve", revision="1")).status == 303
        assert await answered(desk, ASKED, "two") == "mat-the"
        assert ASKED not in (await editor.get("/knowledge/gaps")).text
        assert ASKED in (await approver.get("/knowledge/answers/mat-the")).text

        assert (await approver.post(f"/knowledge/drafts/{number}/roll-back")).status == 303
        assert await answered(desk, ASKED, "three") != "mat-the"
    async with desk.runtime.database.reading() as session:
        kept = list(await session.scalars(select(AuditRow.action).where(AuditRow.object == f"draft:{number}")))
    assert kept == ["phrasing_added", "draft_submitted", "draft_approved", "draft_rolled_back"]


async def test_what_is_wrong_is_told_with_its_line_and_nothing_that_was_typed_is_lost(desk: Office) -> None:
    async with desk.clerk("bien-tap") as editor:
        text = text_of(await editor.get("/knowledge/new?entry=mat-the"))
        broken = await editor.post("/knowledge/new", text=text.replace("+++", "---", 1) + HOSTILE, question="")
        assert broken.status == 409
        assert text_of(broken).rstrip().endswith(HOSTILE)
        wrong = text.replace('topic = "the-bhyt"', 'topic = "the-bhyt"\nnext = ["khong-co"]').replace(
            '\nnext = ["g', '\n# ["g'
        )
        wrong = re.sub(r'^next = \[(?!"khong-co").*$', "", wrong, flags=re.MULTILINE)
        written = await editor.post("/knowledge/new", text=wrong, question="")
        page = await editor.get(written.target.removeprefix("/console"))
        assert "khong-co does not exist" in page.text
        assert re.search(r"dòng \d+", page.text)
        submit = await editor.post(f"{written.target.removeprefix('/console').partition('?')[0]}/submit")
        assert submit.status == 409


async def test_the_preview_keeps_nothing(desk: Office) -> None:
    async with desk.clerk("bien-tap") as editor:
        text = text_of(await editor.get("/knowledge/new?entry=mat-the"))
        shown = await editor.post("/knowledge/new", text=text, question="", look="1")
        assert shown.status == 200
        assert 'class="said"><p>' in shown.text
        assert (await desk.runtime.drafts.drafts()) == []


async def test_an_answer_is_shown_as_on_another_day_and_a_question_explained(desk: Office) -> None:
    async with desk.clerk("ho-tro") as agent:
        now = await agent.get("/knowledge/answers/muc-dong-hien-nay?day=2026-11-20")
        before = await agent.get("/knowledge/answers/muc-dong-hien-nay?day=2025-10-01&role=parent")
        assert "56.925" in now.text
        assert "52.650" in before.text
        assert "Lịch sử" in (await agent.get("/knowledge/answers/mat-the?day=không&role=vua")).text
        why = await agent.get("/knowledge/try?question=mat the bhyt")
        assert "Nhóm chữ cái" in why.text
        assert "answers/mat-the" in why.text
        assert "/knowledge/phrasing" not in why.text
        found = await agent.get("/knowledge?words=MAT THE&topic=the-bhyt")
        assert "answers/mat-the" in found.text
        assert (await agent.get("/knowledge/figures")).status == 200
        assert (await agent.get("/knowledge?due=1&topic=khong-co")).status == 200


async def test_hostile_texts_stay_texts(desk: Office) -> None:
    await desk.ask(HOSTILE + " gì vậy", sender="one")
    async with desk.clerk("bien-tap") as editor:
        written = await editor.post("/knowledge/phrasing", entry="mat-the", phrasing=HOSTILE, question=HOSTILE)
        for path in (
            "/knowledge/gaps",
            "/knowledge/drafts",
            written.target.removeprefix("/console"),
            f"/knowledge/try?question={HOSTILE}",
            f"/knowledge/new?question={HOSTILE}&entry={HOSTILE}",
            f"/knowledge?words={HOSTILE}&topic={HOSTILE}",
        ):
            page = await editor.get(path.replace("#", "%23"))
            assert page.status == 200, path
            assert "<script>alert" not in page.text, path


@pytest.mark.parametrize(
    "path", ["/knowledge/drafts/0", "/knowledge/drafts/x", "/knowledge/drafts/99999999999999999999"]
)
async def test_a_draft_that_is_not_there(desk: Office, path: str) -> None:
    async with desk.clerk("duyet") as approver:
        assert (await approver.get(path)).status == 404
        assert (await approver.post(f"{path}/approve", revision="1")).status == 404
        assert (await approver.get("/knowledge/answers/..%2f..%2ffacts")).status == 404


async def test_in_english_too(desk: Office) -> None:
    async with desk.clerk("bien-tap") as editor:
        await _speak_english(editor)
        for path, words in (
            ("", "All answers"),
            ("/try", "Try a question"),
            ("/gaps", "Unanswered"),
            ("/drafts", "Drafts"),
        ):
            assert words in (await editor.get(f"/knowledge{path}")).text


async def _speak_english(clerk: Clerk) -> None:
    await clerk.get("/account")
    assert (await clerk.post("/language", language="en", next="/console/knowledge")).status == 303
