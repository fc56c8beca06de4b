"""The code of the link or poster through which somebody came: `p-ha-noi_s-thcs-01_c-khai-giang`.

Pieces are joined by `_`: `p-` a province (the id of its office), `s-` a school, `c-` a campaign. Anybody can type such
a link, so a code is only ever counted, and a province only taken when the person has not named one themselves.

A link to Zalo carries no code, so posters also show one to type: `MA KG26`, or with a school `MA KG26 THCS-01`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.effects import RecordArrival
from handlers.memory import Memory
from handlers.privacy import mask
from handlers.turn import Outcome
from knowledge.base import KnowledgeBase
from knowledge.search.folding import fold

_CODE = re.compile(r"[psc]-[a-z0-9-]{1,24}(?:_[psc]-[a-z0-9-]{1,24}){0,2}")
_TYPED = re.compile(
    r"(?:ma|code) ?[:#.-]? ?(?P<name>[a-z]{2,10})[ -]?(?P<number>\d{2,4})(?:[ _/]+(?P<school>[a-z0-9-]{1,24}))?[ .!]*"
)
"""Letters with a number of two to four digits: other things that people say behind "mã" mostly lack one of both."""
_NO_CAMPAIGN = frozenset({"lop", "khoi", "otp", "so", "hs", "sv", "gd", "te", "dk", "dt", "hn", "cn", "bhyt"})
"""Words that do have a number behind them: classes, one-time codes, the groups on a card."""


def readable(code: str | None) -> str | None:
    """The code when it is one of ours; None for anything else, such as a number that somebody typed."""
    return code if code and _CODE.fullmatch(code) and not mask(code).found else None


def typed(text: str) -> str | None:
    """The code in a message that holds nothing else, such as "mã KG26" or "MA KG26 THCS-01"; None for any other."""
    match = _TYPED.fullmatch(fold(" ".join(text.split())))
    if match is None or match["name"] in _NO_CAMPAIGN:
        return None
    campaign = f"c-{match['name']}{match['number']}"
    return readable(f"s-{match['school']}_{campaign}" if match["school"] else campaign)


def spoken(code: str) -> str | None:
    """What to type for a code with a campaign and perhaps a school; None when `typed` would not read it back."""
    pieces = {piece[0]: piece[2:] for piece in code.split("_")}
    text = " ".join(("MA", pieces.get("c", ""), pieces.get("s", ""))).strip().upper()
    read = typed(text)
    return text if read is not None and set(read.split("_")) == {p for p in code.split("_") if p[0] in "sc"} else None


def arrive(memory: Memory, code: str, base: KnowledgeBase) -> Memory:
    """What a code tells about somebody of whom less is known."""
    provinces = [piece[2:] for piece in code.split("_") if piece.startswith("p-")]
    if memory.province is None and provinces and provinces[0] in base.offices:
        return memory.having(province=provinces[0])
    return memory


def recorded(outcome: Outcome, code: str) -> Outcome:
    """The outcome, with the arrival counted."""
    return replace(outcome, effects=(*outcome.effects, RecordArrival(code)))
