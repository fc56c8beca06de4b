"""What the words of a message leave of an entry that is only for some messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.search.engine import Candidate
from knowledge.search.scope import Scope

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.search.engine import Search


@pytest.mark.parametrize(
    ("text", "condoled"),
    [
        ("con tôi qua đời thì tiền đã đóng có được trả lại không", True),
        ("con tôi chuyển nhóm thì tiền đã đóng có được trả lại không", False),
    ],
)
def test_an_entry_that_needs_certain_words_does_not_win_without_them(
    base: KnowledgeBase, search: Search, text: str, condoled: bool
) -> None:
    candidates = [Candidate("nguoi-co-the-qua-doi", 0.6), Candidate("hoan-tien-doi-nhom", 0.4)]
    weighed = Scope(base, search.index.usage).weigh(candidates, search.read(text))
    assert (weighed[0].entry_id == "nguoi-co-the-qua-doi") is condoled
    assert sum(candidate.probability for candidate in weighed) == pytest.approx(1.0)


def test_what_is_left_out_makes_no_danger(base: KnowledgeBase, search: Search) -> None:
    """Many a message is near to a bare "my daughter", and then only to emergencies."""
    candidates = [Candidate("hoi-con-toi", 0.8), Candidate("goi-cap-cuu", 0.1), Candidate("mat-the", 0.1)]
    weighed = dict(Scope(base, search.index.usage).weigh(candidates, search.read("my daughter is tired")))
    assert weighed["hoi-con-toi"] == 0.0
    assert weighed["goi-cap-cuu"] <= 0.2 < weighed["mat-the"]
