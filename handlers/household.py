"""Whether somebody said that their family is poor or near-poor, so that more of the premium is paid for them."""

from __future__ import annotations

from enum import StrEnum

from handlers.context import Context
from knowledge.search.patterns import Pattern


class Household(StrEnum):
    """A family on the list of its commune; the values are the keys of its texts in `texts/`."""

    POOR = "poor"
    NEAR_POOR = "near_poor"


_OWN = (
    r"\b(?:nha|gia dinh|em|toi|minh|chau|be|me|bo|ba|ong|con (?:toi|em|nha|la|thuoc|dien))"
    r"(?: (?:la|thuoc|dien|co|so|giay|nha|gia dinh|con|duoc|xet|vao|dang|cung|van|da|hien|toi|em|minh|chau|nay|nguoi"
    r"|trong))*"
)
"""Who the family is of, and what may stand before the word: "cho em hỏi hộ nghèo" tells nothing of their own."""
_SAID = {
    Household.NEAR_POOR: Pattern(rf"{_OWN} (?:ho )?canngheo\b"),
    Household.POOR: Pattern(rf"{_OWN} (?:hongheo|(?:ho )?ngheo)\b"),
}
_NOT = Pattern(
    r"\b(?:thoat|het|khong|chua|chang|ra khoi|xin|xet|neu|lam sao|hay|khac|thanh|cat)\b(?: \w+){0,4} (?:can|ho)?ngheo\b"
)
_OTHERS = Pattern(r"\bbinh thuong\b|\b(?:cac ban|hoc sinh|nguoi|em|chau) khac\b|\bkhong ngheo\b")


def household(context: Context) -> Household | None:
    """What this message or the last ones say of the family; None when they say nothing, or that it is so no more."""
    if _OTHERS.search(context.spelled.text):
        return None
    for text in context.lately():
        if _NOT.search(text):
            return None
        for kind, said in _SAID.items():
            if said.search(text):
                return kind
    return None
