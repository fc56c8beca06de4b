"""Numbers, dates and abbreviations as a Vietnamese announcer reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.outreach.materials.words import table

if TYPE_CHECKING:
    from datetime import date

_DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
_THOUSANDS = ("", "nghìn", "triệu")
BILLION = 1000**3
_WORD = re.compile(r"[\w-]*[^\W\d_][\w-]*")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")


def number(value: int) -> str:
    """A whole number in words, from 0 up: 56925 is "năm mươi sáu nghìn chín trăm hai mươi lăm"."""
    if value >= BILLION:
        rest = value % BILLION
        return f"{number(value // BILLION)} tỷ" + (f" {_below_billion(rest, full=True)}" if rest else "")
    return _below_billion(value, full=False) if value else _DIGITS[0]


def _below_billion(value: int, *, full: bool) -> str:
    """Groups of three digits; with `full` the first group says its hundreds too, since something stands before it."""
    words: list[str] = []
    for place in (2, 1, 0):
        group = value // 1000**place % 1000
        if group:
            words += [*_group(group, full=full or bool(words)), _THOUSANDS[place]]
    return " ".join(word for word in words if word)


def _group(value: int, *, full: bool) -> list[str]:
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        return [*words, *(["linh"] if words and ones else []), *([_DIGITS[ones]] if ones else [])]
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    return words + ([_unit(ones, tens)] if ones else [])


def _unit(ones: int, tens: int) -> str:
    """The last digit changes its sound behind the tens: hai mươi mốt, mười lăm."""
    if ones == 1 and tens > 1:
        return "mốt"
    return "lăm" if ones == 5 else _DIGITS[ones]


def digits(text: str) -> str:
    """A telephone number, digit by digit, with a pause where it has a sign: `1900.9068`."""
    groups = [" ".join(_DIGITS[int(digit)] for digit in group) for group in re.findall(r"\d+", text)]
    return ", ".join(groups)


def day(value: date) -> str:
    """`31/12/2026` is "ngày ba mươi mốt tháng mười hai năm hai nghìn không trăm hai mươi sáu"."""
    begins = "mùng " if value.day <= 10 else ""
    month = "tư" if value.month == 4 else number(value.month)
    return f"ngày {begins}{number(value.day)} tháng {month} năm {number(value.year)}"


def amount(text: str) -> str:
    """A value as `knowledge` writes it, in words: "683.100 đồng", "50%", "4,5%", "12 tháng"."""
    text = re.sub(r"(\d),(\d+)", lambda match: f"{match[1]} phẩy {' '.join(match[2])}", text)
    text = text.replace("%", " phần trăm")
    return _AMOUNT.sub(lambda match: number(int(match[0].replace(".", ""))), text)


def spelled_out(text: str) -> str:
    """A text without abbreviations, dashes and figures."""
    short = table()["spoken"]
    text = _WORD.sub(lambda match: short.get(match[0], match[0]), text)
    return amount(re.sub(r"\s+[-–]\s+", ", ", text))
