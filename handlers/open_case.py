"""A talk that goes on after a hand-off: what still belongs to the case, and what is a new question."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.finding import Found
from handlers.handoff import hand_off
from handlers.statements import asks, waits
from handlers.turn import Outcome
from knowledge.entries import HELP_NOW, Entry, Kind, Reason
from knowledge.search.decision import Answer, HandOff, OutOfScope, SmallTalk

CLEAR = 0.5
"""A question this clear is answered although a person has the case; others stay with the case."""
_QUARRELS = frozenset({Reason.MONEY, Reason.COMPLAINT, Reason.DISPUTE})
_OUTCOME = re.compile(r"\b(?:khinao|baolau|baonhieu|may (?:ngay|tuan|thang|tien)|lau|when|how (?:long|much))\b")


def goes_on(context: Context, found: Found) -> bool:
    """Whether a message after a hand-off belongs to what was handed over: it waits, tells, or asks nothing clear."""
    memory, handed, decided = context.memory, _handed(context), found.decided
    if not memory.handed_over or (memory.case is None and handed is None):
        return False
    if handed is not None and handed.reason in HELP_NOW:
        return False
    if waits(context.spelled):
        return True
    if isinstance(decided, SmallTalk) or (isinstance(decided, OutOfScope) and decided.entry_id):
        return False
    if not isinstance(decided, Answer | HandOff):
        return True
    if not asks(context.spelled, context.text):
        return found.leaned
    unclear = decided.confidence < CLEAR or _asks_how_it_ends(context, handed)
    return found.leaned and isinstance(decided, Answer) and unclear


def with_the_case(context: Context) -> Outcome:
    """The same person takes this too: the number of the case again, and the hotline."""
    return hand_off(context, context.say("handoff", "goes_on"), _handed(context))


def _handed(context: Context) -> Entry | None:
    entry = context.base.entries.get(context.memory.last_entry or "")
    return entry if entry is not None and entry.kind is Kind.HANDOFF else None


def _asks_how_it_ends(context: Context, handed: Entry | None) -> bool:
    """Whether a question is when, or how much, of something that only the file of a quarrel can tell."""
    return handed is not None and handed.reason in _QUARRELS and bool(_OUTCOME.search(context.spelled.text))
