"""The last answer asked for once more: the part of it that is meant, or all of it, and a person."""

from __future__ import annotations

from dataclasses import replace

from handlers.answering import answer, not_understood, whole_text
from handlers.context import LABEL_LIMIT, Context, offer
from handlers.handoff import hand_off
from handlers.parts import POINTER, first_paragraph
from handlers.turn import Button, Decision, Outcome
from knowledge.entries import ADVISE_NOW, Kind, Stage


def said_for(context: Context, outcome: Outcome, who: str) -> Outcome:
    """The last answer for another person; when it tells them the same, that, and its beginning."""
    entry_id = context.memory.last_entry
    if outcome.decision is not Decision.ANSWER or entry_id is None or outcome.entry != entry_id:
        return outcome
    before = answer(context.having(context.turn.memory).reading(context.memory.last_text or ""), entry_id)
    if _unmarked(outcome) != _unmarked(before):
        return outcome
    first = outcome.replies[0]
    text = f"{context.say('answer', 'same', who=who)}\n\n{first_paragraph(first.text)}"
    return _told(outcome, text, (_whole(context, entry_id), *first.buttons))


def _unmarked(outcome: Outcome) -> str:
    return outcome.replies[0].text.replace(POINTER, "")


def _told(outcome: Outcome, text: str, buttons: tuple[Button, ...]) -> Outcome:
    """An outcome whose first reply says this instead, with these buttons."""
    first, *others = outcome.replies
    to_choose = tuple(button for button in buttons if not button.rates)
    said = replace(first, text=text, buttons=buttons)
    return replace(outcome, replies=(said, *others), memory=offer(outcome.memory, to_choose))


def _whole(context: Context, entry_id: str) -> Button:
    return Button(context.say("answer", "whole")[:LABEL_LIMIT], f"entry:{entry_id}")


def said_again(context: Context, outcome: Outcome, stage: Stage | None) -> Outcome:
    """An answer; when it is the last one word for word, only what is asked of it, else a note that it is the last one.

    What staff sees to is not told again. Said twice it was no answer: then a person takes over, as when nothing was
    understood.
    """
    memory = context.memory
    if outcome.entry is None or outcome.entry != memory.last_entry:
        return outcome
    text = _unmarked(outcome)
    if text != _unmarked(answer(context.reading(memory.last_text or ""), outcome.entry, stage=stage)):
        return outcome
    entry = context.base.entry(outcome.entry)
    # Below an answer that hands over stands what becomes of the case, which is no part of it.
    told = whole_text(context, entry.id) if entry.kind is Kind.HANDOFF else text
    part = context.tools.parts.meant(context.spelled, told)
    if part is None and entry.kind is Kind.HANDOFF and memory.case is not None and entry.reason not in ADVISE_NOW:
        return hand_off(context, context.say("handoff", "goes_on"), entry, confidence=outcome.confidence)
    if part is None and memory.failures:
        return not_understood(context, outcome.confidence)
    person = context.button("person", "person")
    buttons = (person, *(button for button in outcome.replies[0].buttons if button != person))
    if part is not None:
        text = f"{context.say('answer', 'part')}\n\n{part}"
        buttons = (_whole(context, outcome.entry), *buttons)
    else:
        text = f"{context.say('answer', 'again')}\n\n{text}"
    left = outcome.memory.having(failures=memory.failures + (part is None))
    return _told(replace(outcome, memory=left), text, buttons)
