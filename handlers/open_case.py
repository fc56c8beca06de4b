"""A talk that goes on after a hand-off: what still belongs to the case, and what is a new question."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answering import whole_text
from handlers.circumstances import LIKELY
from handlers.context import Context, entry_button, notice
from handlers.effects import AddToCase
from handlers.finding import Found
from handlers.handoff import hand_off
from handlers.statements import asks, waits
from handlers.turn import Decision, Outcome
from knowledge.entries import ADVISE_NOW, Entry, Kind, Reason
from knowledge.search.decision import MAX_OPTIONS, Answer, HandOff, OutOfScope, SmallTalk
from knowledge.search.patterns import Pattern

ANGRY = "nguoi-dung-buc-xuc"
"""The answer to anger that says nothing yet of its matter."""
CLEAR = 0.5
"""A question this clear is answered although a person has the case; others stay with the case."""
_QUARRELS = frozenset({Reason.MONEY, Reason.COMPLAINT, Reason.DISPUTE})
_ADDS = Pattern(r"\b(?:bosung|bo sung|noi them|nhan them|gui them|cung cap them|cho biet them|them thong tin)\b")
_WITHDRAWS = Pattern(
    r"\b(?:huy|rut) (?:lai )?(?:\w+ )?(?:yeu cau|ma ho tro|phieu ho tro|khieu nai|phan anh)\b"
    r"|\b(?:khong can|khoi|thoi khoi) (?:gap|goi|lien he|nho) (?:\w+ ){0,3}(?:nua|lai|dau)\b"
    r"|\b(?:khong can|khoi) (?:can bo|nhan vien|ho tro|nguoi that)(?: \w+){0,3} nua\b"
)
_OUTCOME = re.compile(r"\b(?:khinao|baolau|baonhieu|may (?:ngay|tuan|thang|tien)|lau|when|how (?:long|much))\b")


def goes_on(context: Context, found: Found) -> bool:
    """Whether a message after a hand-off belongs to what was handed over: it waits, tells, or asks nothing clear."""
    memory, handed, decided = context.memory, _handed(context), found.decided
    if not memory.handed_over or (memory.case is None and handed is None):
        return False
    if handed is not None and handed.reason in ADVISE_NOW:
        return False  # what happens next needs advice at once
    if handed is not None and handed.id == ANGRY and isinstance(decided, Answer | HandOff):
        return False  # what they are angry about is told only now
    if waits(context.spelled):
        return found.leaned or not _is_about_channels(context, decided)
    if isinstance(decided, SmallTalk) or (isinstance(decided, OutOfScope) and decided.entry_id):
        return False
    if not isinstance(decided, Answer | HandOff):
        return True
    if not asks(context.spelled, context.text):
        return found.leaned
    unclear = decided.confidence < CLEAR or _asks_how_it_ends(context, handed)
    return found.leaned and isinstance(decided, Answer) and unclear


def for_the_case(context: Context) -> Outcome | None:
    """What somebody says to staff in so many words: that they need no help any more, or what to add to their case."""
    number, text = context.memory.case, context.spelled.text
    if number is None:
        return None
    if _WITHDRAWS.search(text):
        # Staff settle it, since a case may hold more than the person remembers.
        outcome = notice(context, context.say("handoff", "withdrawn", number=number), Decision.HANDOFF)
        return replace(outcome, effects=(AddToCase(number, context.text),))
    if _ADDS.search(text) and not asks(context.spelled, context.text):
        return hand_off(context, "", _handed(context))
    return None


def with_the_case(context: Context, found: Found) -> Outcome:
    """The same person takes this too: the number of the case again, the hotline, and what may answer it meanwhile."""
    may_answer = [
        candidate.entry_id
        for candidate in found.candidates
        if candidate.probability >= LIKELY and context.base.entry(candidate.entry_id).kind is Kind.ANSWER
    ]
    also = tuple(entry_button(context, entry_id) for entry_id in may_answer[:MAX_OPTIONS])
    handed = _handed(context)
    part = context.tools.parts.meant(context.spelled, whole_text(context, handed.id)) if handed is not None else None
    body = (
        f"{context.say('answer', 'part')}\n\n{part}"
        if part
        else context.say("handoff", "meanwhile" if also else "goes_on")
    )
    return hand_off(context, body, handed, also=also)


def _is_about_channels(context: Context, decided: object) -> bool:
    """Whether the question is how BHXH is reached, which has an answer of its own: "gọi tổng đài mãi không ai nghe"."""
    return isinstance(decided, Answer | HandOff) and context.base.entry(decided.entry_id).topic == "kenh-ho-tro"


def _handed(context: Context) -> Entry | None:
    entry = context.base.entries.get(context.memory.last_entry or "")
    return entry if entry is not None and entry.kind is Kind.HANDOFF else None


def _asks_how_it_ends(context: Context, handed: Entry | None) -> bool:
    """Whether a question is when, or how much, of something that only the file of a quarrel can tell."""
    return handed is not None and handed.reason in _QUARRELS and bool(_OUTCOME.search(context.spelled.text))
