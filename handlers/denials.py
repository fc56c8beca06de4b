"""What a message says that it is not about: "không phải cấp cứu, tự vào nằm thì sao"."""

from __future__ import annotations

import re

from handlers.context import Context
from knowledge.search.engine import Candidate, best_first
from knowledge.search.patterns import Pattern

_NEED_NOT = (
    r"dong|nop|tra|mua|xin|mang|dem|cam|lam|di|cho|nhap|chiu|ton|mat|bo|can|dangky|dang|lo|doi|thi|hoc|tham|gia|khai|ky"
    r"|den|len|ve|tu|vao|co|dung|chi|dua|goi|nho|bao|ghi|de|ai|luc|khi|sua|cap"
)
"""Behind "không phải" these say that something need not be done; "cấp cứu" is one word here."""
_DENIED = Pattern(
    rf"\bkhong phai (?:(?:la|hoi|noi|muon|y|ve|vu|chuyen|cai)\b ?)*(?!(?:{_NEED_NOT})\b)(?P<what>.+?)"
    r"(?= (?:dau|ma|chu|chi|thi|nhung|la|a|nha|nhe|roi|nua|khong|thoi)\b|$)"
)
_PIECES = re.compile(r"[,.;?!\n]+")
_LONGEST = 6
"""Words; what is longer is no name of a thing but a sentence."""
OFTEN = 0.1
"""From this share of its phrasings on an answer is about what they name."""
LEFT = 0.05
"""What is left of the probability of an answer that is about what the message is not about."""


def without_denied(context: Context, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, those about what the message denies made less probable by how much they speak of it."""
    words = denied(context)
    if not words:
        return candidates
    left = {
        c.entry_id: c.probability * (LEFT if _share(context, c.entry_id, words) >= OFTEN else 1) for c in candidates
    }
    return best_first(left)


def denied(context: Context) -> tuple[str, ...]:
    """The words of what the message says it is not about, as they are read; empty when it denies nothing."""
    if "khong phai" not in context.spelled.text:
        return ()
    for piece in _PIECES.split(context.text):
        match = _DENIED.search(context.tools.search.read(piece).text)
        if match is not None and len(words := tuple(match["what"].split())) <= _LONGEST:
            return words
    return ()


def _share(context: Context, entry_id: str, words: tuple[str, ...]) -> float:
    """The share of the phrasings of an entry that name what is denied."""
    used = context.tools.search.index.usage.get(entry_id, {})
    return min(used.get(word, 0) for word in words) / max(len(context.base.entry(entry_id).phrasings), 1)
