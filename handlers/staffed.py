"""A conversation that staff has, or has just given back: what the bot still says, and what goes to the case."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.commands import ERASE
from handlers.context import Context, notice
from handlers.effects import AddToCase, Effect, RateCase
from handlers.handoff import hand_off
from handlers.privacy import mask
from handlers.signals import Signal
from handlers.subscriptions import wish
from handlers.turn import Decision, Outcome, Standing, Turn

SATISFIED = 3
"""The lowest score of somebody who is content."""
_ALWAYS = frozenset({Signal.EMERGENCY, Signal.DISTRESS, Signal.ERASE_DATA, Signal.SHOW_DATA})
_BUTTONS = frozenset({"topic", "stop", "erase"})
_ACTION = re.compile(r"(?P<number>[A-Z0-9-]{4,24}):(?P<score>[1-5])", re.ASCII)
_UNFINISHED = re.compile(
    r"\b(?:van )?chua (?:\w+ )?(?:xong|het|duoc giai quyet|giai quyet|hai long|on|ro|duoc)\b"
    r"|\bkhong hai long\b|\bnot (?:yet )?(?:done|settled|solved|satisfied|resolved)\b"
)


def quiet_about_action(turn: Turn) -> bool:
    """Whether staff has the conversation and a pressed button gets no answer: all but opt-out, opt-in and erasing."""
    return turn.standing is Standing.HELD and (turn.action or "").partition(":")[0] not in _BUTTONS


def quiet_about(context: Context, found: list[Signal]) -> bool:
    """Whether staff has the conversation and a message gets no answer.

    Emergencies do, and what everybody may ask of us at any time: to see or erase their data, to get messages or none.
    """
    if context.turn.standing is not Standing.HELD or not _ALWAYS.isdisjoint(found):
        return False
    confirms = context.memory.pending == ERASE and not {Signal.YES, Signal.NO}.isdisjoint(found)
    return not confirms and not wish(context.text, context.tools.search)


def silence(turn: Turn) -> Outcome:
    """Nothing is said; what was said goes to the case."""
    memory = turn.memory
    label = next((option.label for option in memory.options if option.action == turn.action), "")
    text = mask(turn.text).text.strip() or label or (f"[{turn.media}]" if turn.media else "")
    effects: tuple[Effect, ...] = (AddToCase(memory.case, text),) if memory.case and text else ()
    return Outcome((), memory, Decision.HANDOFF, effects=effects)


def unfinished(context: Context, found: list[Signal]) -> bool:
    """Whether somebody says of a case that was just settled that it is not."""
    if context.turn.standing is not Standing.RESOLVED or not _ALWAYS.isdisjoint(found):
        return False
    return bool(_UNFINISHED.search(context.spelled.text))


def taken_up_again(context: Context) -> Outcome:
    """The same case goes on."""
    return hand_off(context, context.say("rating", "again"))


def rated(context: Context, action: str) -> Outcome | None:
    """The answer to "are you satisfied?"; None for a button that is not one of ours."""
    match = _ACTION.fullmatch(action)
    if match is None:
        return None
    number, score = match["number"], int(match["score"])
    rating = RateCase(number, score)
    if score >= SATISFIED or context.turn.standing is not Standing.RESOLVED or context.memory.case != number:
        return replace(notice(context, context.say("rating", "thanks"), Decision.SMALLTALK), effects=(rating,))
    again = taken_up_again(replace(context, text=context.say("rating", "unsatisfied")))
    return replace(again, effects=(rating, *again.effects))
