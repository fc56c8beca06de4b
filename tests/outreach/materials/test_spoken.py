"""Numbers as an announcer reads them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.materials import spoken

ONES = {word: value for value, word in enumerate("không một hai ba bốn năm sáu bảy tám chín".split())} | {
    "mốt": 1,
    "lăm": 5,
}
SCALES = {"nghìn": 1_000, "triệu": 1_000_000}


def heard(words: str) -> int:
    """The number that somebody writes down who hears these words."""
    if " tỷ" in words:
        billions, _, rest = words.partition(" tỷ")
        return heard(billions) * spoken.BILLION + (heard(rest.strip()) if rest.strip() else 0)
    total = group = digit = 0
    for word in words.split():
        if word in ONES:
            digit = ONES[word]
        elif word == "linh":
            digit = 0
        elif word == "mười":
            group, digit = group + 10, 0
        elif word in {"trăm", "mươi"}:
            group, digit = group + digit * {"trăm": 100, "mươi": 10}[word], 0
        else:
            total, group, digit = total + (group + digit) * SCALES[word], 0, 0
    return total + group + digit


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (55, "năm mươi lăm"),
        (101, "một trăm linh một"),
        (110, "một trăm mười"),
        (1_005, "một nghìn không trăm linh năm"),
        (2_026, "hai nghìn không trăm hai mươi sáu"),
        (56_925, "năm mươi sáu nghìn chín trăm hai mươi lăm"),
        (683_100, "sáu trăm tám mươi ba nghìn một trăm"),
        (2_530_000, "hai triệu năm trăm ba mươi nghìn"),
        (1_000_000_005, "một tỷ không trăm linh năm"),
    ],
)
def test_a_number_in_words(value: int, words: str) -> None:
    assert spoken.number(value) == words


@given(st.integers(0, 9_999_999_999))
def test_whoever_hears_a_number_can_write_it_down(value: int) -> None:
    assert heard(spoken.number(value)) == value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("683.100 đồng", "sáu trăm tám mươi ba nghìn một trăm đồng"),
        ("50%", "năm mươi phần trăm"),
        ("4,5%", "bốn phẩy năm phần trăm"),
        ("12 tháng", "mười hai tháng"),
    ],
)
def test_a_value_is_read_with_its_unit(written: str, read: str) -> None:
    assert spoken.amount(written) == read


def test_a_telephone_number_is_read_digit_by_digit() -> None:
    assert spoken.digits("1900.9068") == "một chín không không, chín không sáu tám"


@pytest.mark.parametrize(
    ("day", "read"),
    [
        (date(2026, 12, 31), "ngày ba mươi mốt tháng mười hai năm hai nghìn không trăm hai mươi sáu"),
        (date(2027, 4, 1), "ngày mùng một tháng tư năm hai nghìn không trăm hai mươi bảy"),
    ],
)
def test_a_day_is_read_as_people_say_it(day: date, read: str) -> None:
    assert spoken.day(day) == read


def test_abbreviations_and_dashes_are_spelled_out() -> None:
    read = spoken.spelled_out("Thẻ BHYT của HSSV xem trên VssID - không cần OTP")
    assert read == "Thẻ bảo hiểm y tế của học sinh, sinh viên xem trên vi ét ét ai đi, không cần ô tê pê"
