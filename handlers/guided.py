"""Running the guided dialogues: start, answer, leave, correct, resume."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answering import answer
from handlers.context import Context, notice, offer
from handlers.dialogues import GUIDES
from handlers.dialogues.guide import Guide, Question
from handlers.dialogues.quiz import NAME as QUIZ
from handlers.dialogues.quiz import quiz_guide
from handlers.memory import DialogueState, Option
from handlers.signals import Signal
from handlers.turn import Button, Decision, Outcome, Reply, ReplyKind
from knowledge.dates import vietnamese_date
from knowledge.search.folding import fold


def start(context: Context, name: str) -> Outcome:
    """Begin a dialogue with all that is known filled in, also from the message that asked for it."""
    guide = GUIDES[name]
    state = guide.start(context.setting)
    if context.spelled.folded:
        for question in guide.questions:
            if question.id not in state.answers and question.needed(state.answers):
                value = question.parse(context.spelled, context.setting)
                if value is not None and (
                    value in question.choices(state.answers, context.setting) or question.id == "months"
                ):
                    state = guide.answer(state, value, question.id)
    return proceed(context, guide, guide.asking(state))


def start_quiz(context: Context) -> Outcome:
    """Begin the open round of the quiz, or go on with it."""
    guide, opened = guide_named(context, QUIZ), context.turn.quiz
    if guide is None or opened is None:
        buttons = (Button(context.say(QUIZ, "tell_me"), "topic:quiz"), context.button("menu", "menu"))
        return notice(context, context.say(QUIZ, "closed"), Decision.SMALLTALK, *buttons)
    state = context.memory.dialogue
    if state is not None and state.name == QUIZ and state.asking in guide:
        return proceed(context, guide, guide.asking(state), opening=context.say("dialogue", "resumed"))
    values = {"title": opened.title, "count": len(guide.questions), "closes": vietnamese_date(opened.closes)}
    return proceed(context, guide, guide.start(context.setting), opening=context.say(QUIZ, "intro", **values))


def guide_named(context: Context, name: str) -> Guide | None:
    """The dialogue of this name; that of the quiz is made of the open round, and there is none while none is open."""
    if name != QUIZ:
        return GUIDES.get(name)
    return quiz_guide(context.turn.quiz, context.base) if context.turn.quiz is not None else None


def press(context: Context, name: str, question_id: str, value: str) -> Outcome | None:
    """A choice by button, also on an older message: it corrects that answer. None for a choice that does not exist."""
    guide = guide_named(context, name)
    if guide is None or question_id not in guide:
        return None
    state = context.memory.dialogue
    if state is None or state.name != name:
        state = guide.start(context.setting)
    if value not in guide.question(question_id).choices(state.answers, context.setting):
        return None
    return proceed(context, guide, guide.answer(state, value, question_id))


def reply_to(context: Context, signals: list[Signal]) -> Outcome | None:
    """The outcome when a message answers the question being asked, leaves the dialogue, or resumes it."""
    state = context.memory.dialogue
    guide = guide_named(context, state.name) if state is not None else None
    if state is None or guide is None or (state.asking is not None and state.asking not in guide):
        return None
    label = _label_typed(context, guide, state)
    if label is None and (Signal.LEAVE in signals or (Signal.HALT in signals and _was_asked_today(context))):
        buttons = (context.button("menu", "menu"), context.button("unsubscribe", "stop:all"))
        left = context.having(context.memory.having(dialogue=None))
        return notice(left, context.say("dialogue", "stopped"), Decision.SMALLTALK, *buttons)
    if Signal.RESUME in signals:
        return proceed(context, guide, guide.asking(state), opening=context.say("dialogue", "resumed"))
    if label is not None:
        return proceed(context, guide, guide.answer(state, label))
    if state.asking is None or len(context.spelled.folded) > _LONGEST_ANSWER:
        return None
    if _asks_something(context):
        return None
    value = _answer_to(context, guide.question(state.asking))
    if value is not None:
        return proceed(context, guide, guide.answer(state, value))
    ahead = _told_ahead(context, guide, state) if _was_asked_today(context) else None
    return proceed(context, guide, ahead) if ahead is not None else None


def _answer_to(context: Context, question: Question) -> str | None:
    place = context.tools.places.find(context.spelled) if question.id == "province" else None
    return place.office if place else question.parse(context.spelled, context.setting)


def _told_ahead(context: Context, guide: Guide, state: DialogueState) -> DialogueState | None:
    """The state when a few words answer a question that comes later: "9 tháng" before the months are asked for."""
    if len(context.spelled.folded) > _FEW_WORDS:
        return None
    for question in guide.questions:
        if question.id in _TOLD_AHEAD and question.id not in state.answers and question.needed(state.answers):
            value = _answer_to(context, question)
            if value is not None:
                return guide.answer(state, value, question.id)
    return None


def _was_asked_today(context: Context) -> bool:
    """Whether the bot's last words were a question of the dialogue; days later "dừng" answers something else."""
    asked = any(option.action == _STOP for option in context.memory.options)
    return asked and context.memory.spoke_on == context.turn.today


_STOP = "guide-stop"
_LONGEST_ANSWER = 9
_FEW_WORDS = 4
_TOLD_AHEAD = frozenset({"months", "province"})
"""Questions whose answers cannot be taken for those of others."""


def _label_typed(context: Context, guide: Guide, state: DialogueState) -> str | None:
    """The choice whose label was typed as it stands, or after "chọn"; "Bỏ qua" is such a label, not a wish to leave."""
    if state.asking is None:
        return None
    _, choices = guide.ask(state, context.setting)
    typed = fold(context.text).strip(" .?!")
    framed = _FRAME.sub("", typed)
    return next((value for label, value in choices if fold(label).strip(" .?!") in {typed, framed}), None)


_FRAME = re.compile(
    r"^(?:(?:em|toi|minh) )?(?:tra loi|chon|lay|dap an|phuong an|cau|choose|answer)(?: la)?:? (?:dap an |cau )?"
    r"|(?<=.) (?:nhe|nha|a|di)$"
)


def _asks_something(context: Context) -> bool:
    return "?" in context.text or bool({"thenao", "baonhieu", "khinao", "odau", "visao"} & set(context.spelled.folded))


def proceed(context: Context, guide: Guide, state: DialogueState, opening: str = "") -> Outcome:
    """Ask the next open question, or conclude."""
    if state.asking is None:
        return _conclude(context, guide, state)
    text, choices = guide.ask(state, context.setting)
    buttons = tuple(Button(label, f"g:{guide.name}:{state.asking}:{value}") for label, value in choices)
    buttons = (*buttons, context.button("stop", _STOP))
    reply = Reply(f"{opening}\n\n{text}" if opening else text, ReplyKind.QUESTION, buttons)
    return Outcome((reply,), offer(context.memory.having(dialogue=state), buttons), Decision.CLARIFY)


def _conclude(context: Context, guide: Guide, state: DialogueState) -> Outcome:
    conclusion = guide.conclude(state.answers, context.setting)
    memory = context.memory.having(dialogue=None, failures=0)
    done = context.having(memory)
    if conclusion.entry is None:
        again = Button(context.say(guide.name, "title"), f"guide:{guide.name}")
        sources = [context.base.sources[source] for source in conclusion.sources]
        note = context.say("answer", "source", sources="; ".join(source.cite() for source in sources))
        numbers = tuple(source.number for source in sources)
        buttons = (*(conclusion.buttons or (again,)), context.button("menu", "menu"))
        reply = Reply(conclusion.text, ReplyKind.ANSWER, buttons, note if sources else "", numbers)
        return Outcome((reply,), offer(memory, reply.buttons), Decision.ANSWER, effects=conclusion.effects)
    outcome = answer(done, conclusion.entry)
    first = outcome.replies[0]
    first = replace(
        first,
        text=f"{conclusion.text}\n\n{first.text}" if conclusion.text else first.text,
        buttons=(*conclusion.buttons, *first.buttons),
    )
    offered = tuple(Option(label=button.label, action=button.action) for button in conclusion.buttons)
    memory = outcome.memory.having(options=(*offered, *outcome.memory.options))
    return replace(outcome, replies=(first, *outcome.replies[1:]), memory=memory)


def offer_to_resume(context: Context, outcome: Outcome) -> Outcome:
    """After an answer in between: the unfinished dialogue is kept, and a button leads back to it."""
    if outcome.memory.dialogue is None or context.memory.dialogue is None:
        return outcome
    if outcome.memory.dialogue != context.memory.dialogue:
        return outcome
    last = outcome.replies[-1]
    buttons = (context.button("resume", "resume"), *last.buttons)
    return replace(outcome, replies=(*outcome.replies[:-1], replace(last, buttons=buttons)))
