"""Lines that are even, break where a reader pauses, and never leave a syllable alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.materials.typesetting import Weight, fitted, font, set_lines, width
from knowledge.slogans import Slogan
from tests.knowledge.real import real_base

POSTER, CARD = ((2100, 1000), (96, 280)), ((1900, 860), (76, 220))
SLOGANS = real_base().slogans.slogans
SYLLABLES = st.text(st.sampled_from("aăâeêioôơuưyđbcghklmnpqrstvx,"), min_size=1, max_size=8)


@pytest.mark.parametrize("slogan", SLOGANS, ids=lambda slogan: slogan.id)
@pytest.mark.parametrize(("box", "sizes"), [POSTER, CARD], ids=["poster", "card"])
def test_every_official_slogan_fits_to_the_letter(slogan: Slogan, box: tuple[int, int], sizes: tuple[int, int]) -> None:
    setting = fitted(slogan.text, Weight.HEAVY, box, sizes)
    assert setting.fits
    assert " ".join(setting.lines) == slogan.text
    assert setting.width <= box[0]
    assert setting.height <= box[1]


@pytest.mark.parametrize("slogan", SLOGANS, ids=lambda slogan: slogan.id)
def test_no_line_of_a_slogan_is_one_syllable_or_begins_with_a_dash(slogan: Slogan) -> None:
    lines = fitted(slogan.text, Weight.HEAVY, *POSTER).lines
    assert all(len(line.split()) > 1 for line in lines)
    assert not any(line.startswith("-") for line in lines)


@pytest.mark.parametrize("slogan", SLOGANS, ids=lambda slogan: slogan.id)
@pytest.mark.parametrize("word", ["học sinh", "sinh viên", "sức khỏe", "tham gia", "xã hội"])
def test_a_word_of_two_syllables_stays_on_one_line(slogan: Slogan, word: str) -> None:
    first, second = word.split()
    lines = fitted(slogan.text, Weight.HEAVY, *POSTER).lines
    broken = [
        (above, below)
        for above, below in pairwise(lines)
        if above.split()[-1].lower() == first and below.split()[0].lower().startswith(second)
    ]
    assert broken == []


def test_a_clause_begins_on_a_line_of_its_own() -> None:
    lines = fitted(SLOGANS[0].text, Weight.HEAVY, *POSTER).lines
    assert lines[:2] == ("Vì sức khỏe con em,", "vì tương lai đất nước,")


def test_a_text_that_is_too_long_says_so() -> None:
    setting = fitted("bảo hiểm y tế " * 80, Weight.HEAVY, *POSTER)
    assert not setting.fits
    assert setting.size == POSTER[1][0]


@given(st.lists(SYLLABLES, min_size=1, max_size=25), st.integers(120, 900))
def test_lines_keep_every_word_in_its_order(words: list[str], wide: int) -> None:
    lines = set_lines(" ".join(words), Weight.MEDIUM, 40, wide)
    assert " ".join(lines).split() == " ".join(words).split()
    assert all(width(line, Weight.MEDIUM, 40) <= wide or " " not in line for line in lines)


@pytest.mark.parametrize("weight", Weight)
def test_the_fonts_have_every_vietnamese_letter(weight: Weight) -> None:
    """A letter that a font lacks is drawn as its empty box."""
    letters = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    face = font(weight, 40)
    missing = bytes(face.getmask("\ue000"))
    drawn = {letter: bytes(face.getmask(letter)) for letter in letters + letters.upper() + "–“”…·×₫"}
    assert [letter for letter, mask in drawn.items() if mask == missing] == []
    assert len(set(drawn.values())) == len(drawn)
