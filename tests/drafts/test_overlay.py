"""What counts when a release brings other texts than those that staff changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.drafts.draft import Draft
from bot.drafts.overlay import lay_over
from bot.store.models import DraftState
from knowledge.base import KnowledgeBase, load

if TYPE_CHECKING:
    from pathlib import Path

FILE = "faq/the/mat-the.md"
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    from tests.knowledge.tiny import Tiny  # noqa: PLC0415

    root: Path = tmp_path_factory.mktemp("tiny")
    Tiny.write(root)
    return load(root)


def draft(number: int, text: str, before: str | None, entry: str = "mat-the", topic: str = "the") -> Draft:
    return Draft(number, entry, topic, text, before, "", "", DraftState.LIVE, 1, 1, 2, NOON, NOON, NOON)


def test_a_change_stands_on_the_text_that_it_was_written_for(base: KnowledgeBase) -> None:
    text = base.text(FILE)
    one, two = text.replace("xin", "nhờ trường xin"), text.replace("xin", "tự xin")
    overlay = lay_over(base, [draft(1, one, text), draft(2, two, one)])
    assert overlay.base.entry("mat-the").body == "Bạn tự xin cấp lại thẻ."
    assert overlay.left_out == ()
    assert list(overlay.base.entries) == list(base.entries)


def test_a_newer_text_of_a_release_wins(base: KnowledgeBase) -> None:
    old = draft(1, base.text(FILE).replace("xin", "tự xin"), "văn bản của bản phát hành trước")
    overlay = lay_over(base, [old])
    assert overlay.base.entry("mat-the") == base.entry("mat-the")
    assert overlay.overtaken == (old,)


def test_nothing_is_left_to_do_when_a_release_brought_the_change(base: KnowledgeBase) -> None:
    first = draft(1, "lần đầu", "văn bản của bản phát hành trước")
    overlay = lay_over(base, [first, draft(2, base.text(FILE), "lần đầu")])
    assert overlay.base.changed == {}
    assert overlay.overtaken == (first,)


@pytest.mark.parametrize(
    ("old", "new"), [("+++", "***"), ('["nd-188"]', '["nd-0"]'), ('["tien-dong"]', '["khong-con"]')]
)
def test_a_change_that_cannot_be_shown_any_more_is_left_out(base: KnowledgeBase, old: str, new: str) -> None:
    broken = draft(1, base.text(FILE).replace(old, new), base.text(FILE))
    overlay = lay_over(base, [broken])
    assert overlay.base.entry("mat-the") == base.entry("mat-the")
    assert overlay.unusable == (broken,)


def test_what_leads_to_a_lost_answer_is_left_out_with_it(base: KnowledgeBase) -> None:
    new = draft(1, base.text(FILE).replace('"mat-the"', '"moi"').replace("nd-188", "nd-0"), None, "moi")
    pay = "faq/tien/tien-dong.md"
    leads = draft(2, base.text(pay).replace('["mat-the"]', '["moi"]'), base.text(pay), "tien-dong", "tien")
    overlay = lay_over(base, [new, leads])
    assert set(overlay.unusable) == {new, leads}
    assert overlay.base.entries == base.entries


def test_an_answer_has_one_home(base: KnowledgeBase) -> None:
    stray = draft(1, base.text(FILE).replace('topic = "the"', 'topic = "tien"'), None, topic="tien")
    overlay = lay_over(base, [stray])
    assert overlay.overtaken == (stray,)
    assert overlay.base.entry("mat-the").file == FILE
