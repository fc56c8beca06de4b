"""Long texts in parts that Zalo takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo.splitting import cut_title, size, split

TEXTS = st.text(st.sampled_from("ab ếữ\n👍"), max_size=400)


@given(TEXTS, st.integers(5, 60))
def test_parts_are_small_enough_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(parts) or parts == [""]


def test_a_paragraph_stays_together_when_it_can() -> None:
    assert split("một hai ba\n\nbốn năm sáu", 14) == ["một hai ba", "bốn năm sáu"]


def test_then_a_line_then_a_word() -> None:
    assert split("một hai\nba bốn", 9) == ["một hai", "ba bốn"]
    assert split("một hai ba", 8) == ["một hai", "ba"]


def test_a_word_without_end_is_cut_hard() -> None:
    assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_the_limit_of_the_platform_is_reached_but_not_passed() -> None:
    assert [len(part) for part in split("x" * 2000, 2000)] == [2000]
    assert [len(part) for part in split("x" * 2001, 2000)] == [2000, 1]


@pytest.mark.parametrize(
    ("title", "limit", "cut"),
    [("Mức đóng", 100, "Mức đóng"), ("Mức đóng năm nay", 10, "Mức đóng…"), ("abcdefghijkl", 10, "abcdefghi…")],
)
def test_titles_are_cut_after_a_word(title: str, limit: int, cut: str) -> None:
    assert cut_title(title, limit) == cut


@given(TEXTS, st.integers(5, 30))
def test_titles_are_never_too_long(title: str, limit: int) -> None:
    assert size(cut_title(title, limit)) <= limit
