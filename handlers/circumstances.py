"""Taking in what somebody told of themselves or their family, and offering what may be asked about it."""

from __future__ import annotations

from handlers.context import Context, entry_button, offer
from handlers.finding import Found
from handlers.people import Mentions
from handlers.turn import Decision, Outcome, Reply, ReplyKind
from handlers.wording import describe
from knowledge.entries import Kind
from knowledge.search.decision import MAX_OPTIONS

TELLING = 0.7
"""Circumstances are remembered in the words they were told in when these tell so much of a topic (`Content.of`)."""
OFFERS = 4
LIKELY = 0.1
"""An entry this probable is offered first."""
_USUAL = ("muc-dong-hien-nay", "the-co-gia-tri-den-khi-nao", "muc-huong-hssv", "the-dien-tu-app-theo-tuoi")


def statement(context: Context, mentions: Mentions) -> Outcome:
    """Somebody said who they are, or how old the child is, and asked nothing yet."""
    memory, today = context.memory, context.turn.today
    if len(mentions.people) > 1:
        who = "; ".join(describe(child, memory, context.base, today) for child in memory.children)
        text = context.say("noted", "children", count=len(memory.children), who=who)
    elif mentions.people:
        who = describe(memory.person, memory, context.base, today)
        text = context.say("noted", "child" if memory.focus is not None else "self", who=who)
    else:
        text = context.say("noted", "role")
    outcome = _offering(context, text, _usual(context))
    # Two children, or a bare age: the stages of `stages.toml` tell more of them than the words do.
    if len(mentions.people) > 1 or context.tools.content.of(context.spelled.folded) < TELLING:
        return outcome
    return Outcome(outcome.replies, outcome.memory.having(circumstance=context.text), outcome.decision)


def offer_for(context: Context, found: Found) -> Outcome:
    """Circumstances that are remembered as they were told, with the entries that they may lead to."""
    likely = [
        candidate.entry_id
        for candidate in found.candidates
        if context.base.entry(candidate.entry_id).kind in {Kind.ANSWER, Kind.HANDOFF}
        and candidate.probability >= LIKELY
    ]
    told = context.having(context.memory.having(circumstance=context.text))
    return _offering(told, context.say("noted", "role"), (*likely[:MAX_OPTIONS], *_usual(context)))


def _usual(context: Context) -> tuple[str, ...]:
    """What is asked most, for the stage of the person spoken of."""
    base, stage = context.base, context.memory.person.stage_on(context.turn.today)
    return tuple(base.stages.entry_for(entry_id, stage) for entry_id in _USUAL if entry_id in base.entries)


def _offering(context: Context, text: str, entries: tuple[str, ...]) -> Outcome:
    buttons = tuple(entry_button(context, entry_id) for entry_id in tuple(dict.fromkeys(entries))[:OFFERS])
    reply = Reply(text, ReplyKind.QUESTION, buttons)
    return Outcome((reply,), offer(context.memory, buttons), Decision.CLARIFY)
