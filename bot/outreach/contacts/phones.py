"""Vietnamese telephone numbers."""

from __future__ import annotations

import re

COUNTRY = "+84"
_NOT_DIALLED = re.compile(r"[\s.\-_()\u00a0\u2013/]")
_NATIONAL = re.compile(r"(?:[35789]\d{8}|2\d{9})")
"""A mobile number or a fixed line, without the 0 before it."""


def e164(text: str) -> str | None:
    """`+84901234567` for any usual spelling of one Vietnamese number, None for anything else.

    A number that lost its 0 in a spreadsheet is still one.
    """
    digits = _NOT_DIALLED.sub("", text)
    digits = digits.removeprefix("+") if digits.startswith("+84") else digits
    if not digits.isascii() or not digits.isdigit():
        return None
    for prefix in ("0084", "84", "0", ""):
        if digits.startswith(prefix) and _NATIONAL.fullmatch(national := digits.removeprefix(prefix).removeprefix("0")):
            return COUNTRY + national
    return None


def national(number: str) -> str:
    """A number in E.164 as people in Viet Nam dial it; others stay as they are."""
    return "0" + number.removeprefix(COUNTRY) if number.startswith(COUNTRY) else number
