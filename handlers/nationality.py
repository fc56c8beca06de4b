"""Whether somebody speaks of a person of another nationality, for whom the rules on joining and paying may differ."""

from __future__ import annotations

import re

from handlers.context import Context
from knowledge.search.patterns import Pattern

FOREIGNERS = "sinh-vien-nuoc-ngoai"
"""The answer for them."""
FOR_CITIZENS = frozenset(
    {"contribution", "contribution-months", "who-pays", "mandatory", "where-to-pay", "how-to-get-card", "deadline"}
)
"""The groups of `stages.toml` whose answers hold for citizens."""
_COUNTRY = r"lao(?! dong\b)|campuchia|han quoc|nhat ban|trung quoc|dai loan|thai lan|an do"
_FOREIGN = Pattern(
    rf"\b(?:nguoi|hocsinh|sinhvien|sv) (?:{_COUNTRY}|nuoc ngoai|quoc te)\b"
    r"|\bquoc tich (?!viet|vn|gi|nao|cua|thi)\w+|\b(?:hai|2) quoc tich\b"
    r"|\b(?:student|study|my) visa\b|\bvisa is\b|\bforeigners?\b|\bforeign (?:student|citizen|passport|national)s?\b"
    r"|\b(?:international|exchange) students?\b|\bdual (?:citizen|national)\w*"
    r"|\b(?:from|am|im|is|a|an) (?:laos?|laotian|cambodian?|china|chinese|korean?|japan|japanese|thai|thailand|indian?"
    r"|american?|french|german|russian?)\b"
)
_LAO = re.compile(r"\b(?:người|sinh viên|sv|học sinh|nguoi|sinh vien|hoc sinh) (?:lào\b|lao\b(?! [dđ]))", re.IGNORECASE)
"""As typed, for "Lào, đóng" reads like "lao động"."""
_CITIZEN = Pattern(r"\bquoc tich (?:viet|vn)\b|\bvietnamese (?:citizen|national)")


def is_foreign(context: Context) -> bool:
    """Whether this message or the last ones name another nationality, or two."""
    if _LAO.search(context.text):
        return True
    for text in context.lately():
        if _CITIZEN.search(text):
            return False
        if _FOREIGN.search(text):
            return True
    return False
