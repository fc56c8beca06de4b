"""Commands in plain words: what is kept, language, help, a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.answering import answer, outside, topic_buttons
from handlers.context import Context, entry_button, notice, offer
from handlers.effects import ForgetMe
from handlers.guided import start as start_guide
from handlers.guided import start_quiz
from handlers.handoff import hand_off
from handlers.memory import Memory
from handlers.signals import Signal
from handlers.turn import Button, Decision, Outcome, Reply, ReplyKind
from handlers.wording import describe, province_name
from knowledge.entries import Kind

ASKED_TOO = 0.2
"""An answer this probable is offered below the help for somebody in distress."""
_HARM = frozenset({"danh", "hai", "hanh", "bao", "bat", "quay", "dap"})
_LIFE = frozenset({"song", "tu"})
"""Words of harm by others, and of one's own life, in which a message in distress differs."""
ERASE, ERASE_STILL = "erase", "erase-still"
"""Erasing waits to be confirmed; and does so although something else was said once."""


def emergency(context: Context) -> Outcome:
    return answer(context, "goi-cap-cuu")


def distress(context: Context) -> Outcome:
    said = context.spelled.folded
    harmed = _HARM.intersection(said) and _LIFE.isdisjoint(said)
    outcome = answer(context, "bi-bao-luc-xam-hai" if harmed else "muon-chet-tu-hai")
    if not (asked := _asked_too(context)):
        return outcome
    first, *others = outcome.replies
    buttons = (*first.buttons, *asked)
    return replace(outcome, replies=(replace(first, buttons=buttons), *others), memory=offer(outcome.memory, buttons))


def _asked_too(context: Context) -> tuple[Button, ...]:
    """What a message in distress also asks of our subject: "không muốn sống nữa, khám tâm lý thẻ có trả không"."""
    found = context.tools.search.rank(context.spelled, 2, by_words=True)
    likely = (entry_id for entry_id, chance in found if chance >= ASKED_TOO)
    return tuple(entry_button(context, e) for e in likely if context.base.entry(e).kind is Kind.ANSWER)


def injection(context: Context) -> Outcome:
    return outside(context, 1.0, "injection")


def about_bot(context: Context) -> Outcome:
    return answer(context, "ban-la-ai")


def need(context: Context) -> Outcome:
    return notice(context, context.say("need"), Decision.CLARIFY, *topic_buttons(context))


def erase_data(context: Context) -> Outcome:
    """Ask for confirmation: erasing cannot be undone."""
    buttons = (Button(context.say("buttons", "yes"), "erase:yes"), Button(context.say("buttons", "no"), "erase:no"))
    asking = context.having(context.memory.having(pending=ERASE))
    return notice(asking, context.say("data", "erase_ask"), Decision.HANDOFF, *buttons)


def still_to_erase(context: Context, outcome: Outcome) -> Outcome:
    """Something else was said when erasing was to be confirmed: its answer, and the question a last time."""
    if outcome.memory.pending is not None or outcome.memory.dialogue is not None:
        return outcome
    asked = erase_data(context.having(outcome.memory))
    reply = Reply(context.say("data", "erase_still"), ReplyKind.QUESTION, asked.buttons)
    memory = asked.memory.having(pending=ERASE_STILL)
    return replace(outcome, replies=(*outcome.replies, reply), memory=memory)


def erase(context: Context, *, confirmed: bool) -> Outcome:
    """Carry out or drop a confirmed request; only the language is kept, so that the answer is understood."""
    if not confirmed:
        return notice(context.having(context.memory.having(pending=None)), context.say("data", "kept"), Decision.ANSWER)
    fresh = context.having(Memory(greeted=True, language=context.language))
    erased = notice(fresh, context.say("data", "erased"), Decision.ANSWER)
    return replace(erased, effects=(ForgetMe(),))


def show_data(context: Context) -> Outcome:
    memory, today = context.memory, context.turn.today
    rows = []
    if memory.role:
        rows.append(context.say("data", "role", role=context.say("summary", memory.role.value)))
    if (province := province_name(memory, context.base)) is not None:
        rows.append(context.say("data", "province", province=province))
    if memory.myself != type(memory.myself)():
        rows.append(
            context.say("data", "myself", who=describe(memory.myself, memory.having(focus=None), context.base, today))
        )
    rows += [
        context.say("data", "child", who=describe(child, memory, context.base, today)) for child in memory.children
    ]
    if memory.circumstance is not None:
        rows.append(context.say("data", "told", text=memory.circumstance))
    rows += [
        context.say("data", "topic", topic=context.say("topics", topic), value=context.say("data", value))
        for topic, value in sorted((topic, "yes" if wanted else "no") for topic, wanted in memory.topics.items())
    ]
    if memory.case:
        rows.append(context.say("data", "case", number=memory.case))
    listed = "\n".join(f"- {row}" for row in rows)
    text = f"{context.say('data', 'show')}\n{listed}" if rows else context.say("data", "nothing")
    return notice(context, f"{text}\n\n{context.say('data', 'erase')}", Decision.ANSWER)


def person(context: Context) -> Outcome:
    """A person was asked for: the summary tells what was spoken of before."""
    return hand_off(context, context.say("handoff", "asked"))


def welcome(context: Context) -> Outcome:
    greeted = context.having(context.memory.having(greeted=True))
    return _menu(greeted, context.say("welcome"))


def show_help(context: Context) -> Outcome:
    return _menu(context, context.say("help"))


def menu(context: Context) -> Outcome:
    return _menu(context, context.say("menu"))


def english(context: Context) -> Outcome:
    return _language(context, "en")


def vietnamese(context: Context) -> Outcome:
    return _language(context, "vi")


def premium(context: Context) -> Outcome:
    return start_guide(context, "premium")


COMMANDS: dict[Signal, Callable[[Context], Outcome]] = {
    Signal.EMERGENCY: emergency,
    Signal.DISTRESS: distress,
    Signal.INJECTION: injection,
    Signal.ERASE_DATA: erase_data,
    Signal.SHOW_DATA: show_data,
    Signal.ABOUT_BOT: about_bot,
    Signal.NEED: need,
    Signal.QUIZ: start_quiz,
    Signal.PERSON: person,
    Signal.START: welcome,
    Signal.HELP: show_help,
    Signal.MENU: menu,
    Signal.ENGLISH: english,
    Signal.VIETNAMESE: vietnamese,
    Signal.PREMIUM: premium,
}


def _language(context: Context, language: str) -> Outcome:
    changed = context.having(context.memory.having(language=language))
    return _menu(changed, changed.say("language", "changed"))


def _menu(context: Context, text: str) -> Outcome:
    buttons = topic_buttons(context)
    reply = Reply(text, ReplyKind.NOTICE, buttons)
    return Outcome((reply,), offer(context.memory, buttons), Decision.SMALLTALK)
