"""Choosing from what was offered: by number, by ordinal, by the words of the label."""

from __future__ import annotations

import re

from handlers.memory import Memory, Option
from knowledge.search.folding import fold

_ORDINALS = {
    "dau": 1, "dau tien": 1, "nhat": 1, "mot": 1, "hai": 2, "nhi": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5,
    "first": 1, "second": 2, "third": 3, "one": 1, "two": 2, "three": 3,
}  # fmt: skip
_THING = r"(?:cai|y|cau|so|muc|lua chon|phuong an|option|number|dong|dap an|chon|the|(?:chon|lay) (?:cai|y|so))"
_NUMBER = re.compile(rf"(?:{_THING} )*(?:thu )?(\d{{1,2}})(?: nhe| di| a| nay)?")
_WORD = re.compile(
    rf"(?:the )?(?:{_THING} )+(?:thu )?({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?: nhe| di| a| nay)?"
    r"|(?:the )?(first|second|third)(?: one)?"
)
_LAST = re.compile(rf"(?:{_THING} )+(?:cuoi|cuoi cung|sau cung|chot)(?: nhe| di)?|(?:the )?last(?: one)?")


def chosen(memory: Memory, folded: str, text: str) -> Option | None:
    """The option that a message picks, or None when it picks none."""
    options = memory.options
    if not options:
        return None
    if match := _NUMBER.fullmatch(folded):
        return _at(options, int(match[1]))
    if match := _WORD.fullmatch(folded):
        return _at(options, _ORDINALS[match[1] or match[2]])
    if _LAST.fullmatch(folded):
        return options[-1]
    typed = fold(text).strip(" .?!")
    return next((option for option in options if fold(option.label).strip(" .?!") == typed), None)


def _at(options: tuple[Option, ...], number: int) -> Option | None:
    return options[number - 1] if 1 <= number <= len(options) else None
