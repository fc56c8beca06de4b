"""Texts as both databases can hold them."""

from __future__ import annotations

import re
from functools import lru_cache

from handlers.privacy import mask

TEXT_LIMIT = 4_000
"""Characters kept of one message; the conversation core reads no further either."""

# PostgreSQL refuses NUL, and half a surrogate pair cannot be written as UTF-8 by anybody.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text with U+FFFD in place of what no database can hold."""
    return _UNSTORABLE.sub("\ufffd", text)


@lru_cache(maxsize=64)  # one message goes to several tables, and masking it is among the dearest things in a turn
def masked(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text as it may be kept: clean, personal numbers covered, at most `limit` characters."""
    # Masked before it is cut: a number that the cut would halve could no longer be recognised.
    return mask(clean(text)).text[:limit]
