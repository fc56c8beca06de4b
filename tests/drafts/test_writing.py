"""Files written by the program read like those written by hand, whatever was typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drafts.errors import DraftError, ProblemsError
from bot.drafts.writing import new_answer, one_line, read, with_phrasing
from knowledge.entries import parse_entry
from tests.knowledge.tiny import FILES

TEXT = FILES["faq/the/mat-the.md"]
LONG = TEXT.replace('phrasings = ["mất thẻ", ', 'phrasings = [\n  "mất thẻ",\n  ').replace('rồi"]', 'rồi",\n]')


@pytest.mark.parametrize("text", [TEXT, LONG])
@given(phrasing=st.text(min_size=1).filter(lambda text: bool(one_line(text))))
def test_any_phrasing_can_be_added(text: str, phrasing: str) -> None:
    before = parse_entry(text, "x")
    after = parse_entry(with_phrasing(text, phrasing), "x")
    assert after.phrasings == (one_line(phrasing), *before.phrasings)
    assert (after.body, after.next, after.title) == (before.body, before.next, before.title)


def test_a_phrasing_takes_one_line_of_its_own() -> None:
    lines = LONG.splitlines()
    place = lines.index("phrasings = [") + 1
    assert with_phrasing(LONG, "rớt thẻ").splitlines() == [*lines[:place], '  "rớt thẻ",', *lines[place:]]


def test_english_goes_to_the_english_phrasings() -> None:
    once = with_phrasing(TEXT, "I lost my card", "en")
    assert parse_entry(once, "x").phrasings_en == ("I lost my card",)
    twice = with_phrasing(once, "card is gone", "en")
    assert parse_entry(twice, "x").phrasings_en == ("card is gone", "I lost my card")
    assert parse_entry(twice, "x").phrasings == parse_entry(TEXT, "x").phrasings


@pytest.mark.parametrize("phrasing", ["", " \n\t", "\x00\x1f"])
def test_nothing_is_no_phrasing(phrasing: str) -> None:
    with pytest.raises(DraftError):
        with_phrasing(TEXT, phrasing)


def test_a_new_answer_holds_its_question_and_wants_the_rest() -> None:
    text = new_answer('giá $x là "bao nhiêu"', date(2026, 11, 21))
    assert parse_entry(text, "x").phrasings == ('giá $x là "bao nhiêu"',)
    with pytest.raises(ProblemsError):
        read(text)


def test_line_ends_of_a_browser_are_ours() -> None:
    text, entry = read(TEXT.replace("\n", "\r\n"))
    assert text == TEXT
    assert entry.file == "faq/the/mat-the.md"
