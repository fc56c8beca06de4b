"""Whether somebody speaks of a family for whom more of the premium is paid: poor, near-poor, in a commune that has just
left the difficult areas."""

from __future__ import annotations

from enum import StrEnum

from handlers.context import Context
from knowledge.search.patterns import Pattern


class Household(StrEnum):
    """Such a family; the values are the keys of its texts in `texts/`."""

    POOR = "poor"
    NEAR_POOR = "near_poor"
    LEFT_AREA = "left_area"
    """Of an ethnic minority."""


SHORT = 10
"""A question of no more words that names nobody asks on about those of whom the last answer told: "vậy mỗi em nộp bao
nhiêu"."""
_SOMEBODY = frozenset({"sinhvien", "hocsinh", "namnhat", "namcuoi", "lop", "tre"})
_TOLD_OF = {
    "ho-ngheo": Household.POOR,
    "ho-can-ngheo": Household.NEAR_POOR,
    "xa-vua-ra-khoi-vung-kho-khan": Household.LEFT_AREA,
}


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
    """What this message, the last ones or the last answer say of the family; None when they say nothing, or that it is
    so no more."""
    if _OTHERS.search(context.spelled.text):
        return None
    for text in context.lately():
        if _NOT.search(text):
            return None
        for kind, said in _SAID.items():
            if said.search(text):
                return kind
    words = context.spelled.folded
    asks_on = len(words) <= SHORT and _SOMEBODY.isdisjoint(words)
    return _TOLD_OF.get(context.memory.last_entry or "") if asks_on else None
