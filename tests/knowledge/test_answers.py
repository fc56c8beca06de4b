"""Every answer of the knowledge base as it is read today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.dates import Period
from knowledge.entries import Kind, Role
from knowledge.rendering import MAX_SOURCES
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("role", [None, *Role])
def test_every_answer_can_be_read_today_with_nothing_left_to_fill(
    base: KnowledgeBase, language: str, role: Role | None
) -> None:
    left = {}
    for entry in base.entries.values():
        rendered = base.render(entry.id, TODAY, language, role)
        if not rendered.text or any(
            sign in rendered.text for sign in ("{", "}", "@student", "@parent", "@teacher", "---")
        ):
            left[entry.id] = rendered.text
    assert left == {}


def test_every_answer_and_hand_off_names_documents_in_force(base: KnowledgeBase) -> None:
    wrong = []
    for entry in base.entries.values():
        rendered = base.render(entry.id, TODAY)
        held = [
            TODAY in Period(base.sources[cited].valid_from, base.sources[cited].valid_to)
            for cited in rendered.source_ids
        ]
        if not all(held) or len(held) > MAX_SOURCES or (entry.kind in {Kind.ANSWER, Kind.HANDOFF} and not held):
            wrong.append((entry.id, rendered.source_ids))
    assert wrong == []


def test_an_answer_of_today_does_not_end_before_today(base: KnowledgeBase) -> None:
    assert [entry.id for entry in base.entries.values() if TODAY not in base.render(entry.id, TODAY).period] == []
