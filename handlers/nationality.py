"""Whether somebody speaks of a person of another nationality, for whom the rules on joining and paying may differ."""

from __future__ import annotations

import re
from enum import Enum, auto

from handlers.context import Context
from knowledge.search.patterns import Pattern

FOREIGNERS = "sinh-vien-nuoc-ngoai"
"""The answer for them."""
FOR_CITIZENS = frozenset(
    {"contribution", "contribution-months", "who-pays", "mandatory", "where-to-pay", "how-to-get-card", "deadline"}
)
"""The groups of `stages.toml` whose answers hold for citizens."""
_COUNTRY = r"campuchia|han quoc|nhat ban|trung quoc|dai loan|thai lan|an do"
_FOREIGN = Pattern(
    rf"\b(?:nguoi|hocsinh|sinhvien|sv) (?:lao(?! dong\b)|{_COUNTRY}|nuoc ngoai|quoc te)\b"
    rf"|\bquoc tich (?:lao|{_COUNTRY}|nuoc ngoai|khac|my|phap|duc|nga|uc|anh|canada)\b"
    r"|\b(?:student|study|my) visa\b|\bforeigners?\b|\bforeign (?:student|citizen|passport|national)s?\b"
    r"|\b(?:international|exchange) students?\b"
    r"|\bfrom (?:laos|cambodia|china|korea|japan|thailand|india|america|france|germany|russia)\b"
    r"|\b(?:am|im|is|a|an) (?:laotian|lao|cambodian|chinese|korean|japanese|thai|indian|american|french|german|russian)"
    r" (?:student|pupil|citizen|national|and|but)\b"
)
_LAO = re.compile(r"\b(?:người|sinh viên|sv|học sinh|nguoi|sinh vien|hoc sinh) (?:lào\b|lao\b(?! [dđ]))", re.IGNORECASE)
"""As typed, for "Lào, đóng" reads like "lao động"."""
_TWO = Pattern(r"\b(?:hai|2) quoc tich\b|\bdual (?:citizen|national)\w*")
_CITIZEN = Pattern(
    r"\bquoc tich (?:viet|vn)\b|\bla nguoi viet\b|\bvietnamese (?:citizen|national)|\b(?:is|are|am|im) vietnamese\b"
)


class Nationality(Enum):
    """Of the person spoken of, as far as it was named."""

    CITIZEN = auto()
    FOREIGN = auto()
    """Another one, or two."""


def nationality(context: Context) -> Nationality | None:
    """What this message, or else the last ones, say of it; None when they say nothing."""
    if _LAO.search(context.text):
        return Nationality.FOREIGN
    for text in context.lately():
        if _CITIZEN.search(text) and not _TWO.search(text):
            return Nationality.CITIZEN
        if _FOREIGN.search(text) or _TWO.search(text):
            return Nationality.FOREIGN
    return None
