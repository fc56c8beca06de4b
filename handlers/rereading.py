"""A second look at a decision by how the message reads: a wish to break the law, an incident, another subject."""

from __future__ import annotations

from handlers.answering import answer, outside, short_rule
from handlers.context import Context, entry_button
from handlers.finding import Found
from handlers.handoff import hand_off
from handlers.signals import Signal, signals
from handlers.turn import Outcome
from knowledge.entries import HELP_NOW
from knowledge.search.decision import Answer, Clarify, HandOff, NotUnderstood, OutOfScope, SmallTalk
from knowledge.search.incident import tells_incident

STRONG, SURER = 1.0, 1.6
"""From this strength on (`IncidentReader.strength`) an incident is not left to a general answer; the second is added to
it in proportion to how probable the answer is."""
UNUSUAL = 2.3
"""How much more strongly than the phrasings of the answer, since some answers are for those who tell an incident."""
MEANT = 0.95
"""An answer that is as probable as this is what was asked for."""
UNCLEAR = 1.5
"""Strength that is enough when nothing is clear enough to be answered: then a person costs the citizen no answer."""
TELLING = 7
"""Fewer words than this tell no incident of their own."""
DOUBTFUL = 0.35
"""What is less probable than this is not said to a message that names nothing of our subject."""
_WHOLE = frozenset({"an-toan", "cap-cuu"})
"""Topics whose answers tell what to do at once: never only their rule in short."""
ASKING = 5
"""Fewer words than this may lean on what was said before, so that they name no subject."""


def reread(context: Context, found: Found) -> Outcome | None:
    """The outcome when the message is no plain question; None when the decision may stand."""
    if isinstance(found.decided, OutOfScope | SmallTalk):
        return None
    said = signals(context.spelled.text)
    if Signal.VIOLATION in said and "giá" not in context.spelled.words:
        refuses = not isinstance(found.decided, HandOff)
        return outside(context, found.decided.confidence, "violation") if refuses else None
    if Signal.FOR_ME in said:
        return _to_person(context, found)
    if _tells_incident(context, found):
        return _to_person(context, found)
    return outside(context, found.decided.confidence) if _is_foreign(context, found) else None


def _is_foreign(context: Context, found: Found) -> bool:
    decided = found.decided
    if found.leaned or decided.confidence >= DOUBTFUL or len(context.spelled.folded) < ASKING or not found.candidates:
        return False
    if context.base.entry(found.candidates[0].entry_id).reason in HELP_NOW:
        return False
    return context.tools.scope.is_foreign(context.spelled.folded)


def _tells_incident(context: Context, found: Found) -> bool:
    if len(context.spelled.folded) < TELLING:
        return False
    incidents = context.tools.scope.incidents
    strength = incidents.strength(context.spelled.folded)
    match found.decided:
        case Answer(entry_id, confidence):
            if strength < STRONG + SURER * confidence or confidence >= MEANT:
                return False
            return strength - incidents.usual(entry_id, context.tools.search.read) >= UNUSUAL
        case Clarify(_, _, None) | NotUnderstood():
            return strength >= UNCLEAR
    return False


def _to_person(context: Context, found: Found) -> Outcome | None:
    match found.decided:
        case Answer(entry_id, _) if context.base.entry(entry_id).topic in _WHOLE:
            return None
        case Answer(entry_id, confidence):
            return _rule_and_person(context, entry_id, confidence)
        case Clarify(options, confidence, None):
            if tells_incident(context.base.entry(options[0])):
                return answer(context, options[0], confidence)
            return _person(context, options, confidence)
        case NotUnderstood(confidence):
            return _person(context, (), confidence)
    return None


def _rule_and_person(context: Context, entry_id: str, confidence: float) -> Outcome:
    rule = short_rule(context, entry_id)
    parts = [f"{context.say('handoff', 'rule')} {rule}"] if rule else []
    body = "\n\n".join([*parts, context.say("handoff", "own_case")])
    whole = (entry_button(context, entry_id),)
    return hand_off(context, body, context.base.entry(entry_id), confidence=confidence, also=whole)


def _person(context: Context, options: tuple[str, ...], confidence: float) -> Outcome:
    buttons = tuple(entry_button(context, option) for option in options)
    return hand_off(context, context.say("handoff", "own_case"), confidence=confidence, also=buttons)
