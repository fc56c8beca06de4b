"""The code of the link or poster through which somebody came: `p-ha-noi_s-thcs-01_c-khai-giang`.

Pieces are joined by `_`: `p-` a province (the id of its office), `s-` a school, `c-` a campaign. Anybody can type such
a link, so a code is only ever counted, and a province only taken when the person has not named one themselves.
"""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.effects import RecordArrival
from handlers.memory import Memory
from handlers.privacy import mask
from handlers.turn import Outcome
from knowledge.base import KnowledgeBase

_CODE = re.compile(r"[psc]-[a-z0-9-]{1,24}(?:_[psc]-[a-z0-9-]{1,24}){0,2}")


def readable(code: str | None) -> str | None:
    """The code when it is one of ours; None for anything else, such as a number that somebody typed."""
    return code if code and _CODE.fullmatch(code) and not mask(code).found else None


def arrive(memory: Memory, code: str, base: KnowledgeBase) -> Memory:
    """What a code tells about somebody of whom less is known."""
    provinces = [piece[2:] for piece in code.split("_") if piece.startswith("p-")]
    if memory.province is None and provinces and provinces[0] in base.offices:
        return memory.having(province=provinces[0])
    return memory


def recorded(outcome: Outcome, code: str) -> Outcome:
    """The outcome, with the arrival counted."""
    return replace(outcome, effects=(*outcome.effects, RecordArrival(code)))
