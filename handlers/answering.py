"""From a decision of the search to what the person reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from handlers.context import LABEL_LIMIT, Context, entry_button, offer
from handlers.effects import Effect, OpenCase
from handlers.handoff import hand_off
from handlers.memory import Person
from handlers.own_amount import with_own_amount
from handlers.own_benefit import with_own_benefit
from handlers.own_term import with_own_term
from handlers.parts import first_paragraph
from handlers.turn import Button, Decision, Outcome, Reply, ReplyKind
from handlers.wording import describe
from knowledge.dates import SchoolYear, vietnamese_date
from knowledge.entries import Entry, Kind, Stage
from knowledge.errors import FactError
from knowledge.facts import Unit
from knowledge.rendering import Rendered, period_text, placeholders
from knowledge.search.patterns import Pattern

_DOES = {"dung-nhan-tin": ("unsubscribe", "stop:all"), "nhan-tin-lai": ("subscribe", "topic:all")}
"""Answers that tell how something is done, and the button that does it: label and action."""
_KINDS = {
    Kind.ANSWER: (Decision.ANSWER, ReplyKind.ANSWER),
    Kind.REFUSE: (Decision.REFUSE, ReplyKind.NOTICE),
    Kind.SMALLTALK: (Decision.SMALLTALK, ReplyKind.NOTICE),
    Kind.CLARIFY: (Decision.CLARIFY, ReplyKind.QUESTION),
}


def answer(context: Context, entry_id: str, confidence: float = 1.0, *, stage: Stage | None = None) -> Outcome:
    """Say an entry: of any kind, for the stage of the person spoken of, as of the day that the message names."""
    entry = context.base.entry(context.base.stages.entry_for(entry_id, stage))
    try:
        day, rendered = _rendered(context, entry)
    except FactError:
        return hand_off(context, context.say("answer", "no_date"), confidence=confidence)
    if entry.kind is Kind.ANSWER:
        rendered = replace(rendered, text=context.tools.parts.pointed_out(context.spelled, rendered.text))
    rendered = with_own_amount(context, entry, day, stage, rendered)
    rendered = with_own_term(context, entry, with_own_benefit(context, entry, day, rendered))
    note = _note(context, entry, rendered, day)
    if entry.kind is Kind.HANDOFF:
        return hand_off(
            context, rendered.text, entry, confidence=confidence, note=note, sources=_numbers(context, rendered)
        )
    decision, kind = _KINDS[entry.kind]
    follow_ups = tuple(entry_button(context, follow_up) for follow_up in entry.next)
    if entry.id in _DOES:
        follow_ups = (context.button(*_DOES[entry.id]), *follow_ups)
    buttons = (*follow_ups, *_feedback(context, entry)) if entry.kind is Kind.ANSWER else follow_ups
    text = rendered.text
    if day != context.turn.today:
        text = f"{context.say('answer', 'on_date', date=vietnamese_date(day))}\n\n{text}"
    reply = Reply(text, kind, buttons, note, _numbers(context, rendered), entry.id)
    memory = offer(context.memory.having(failures=0, **_said(context, entry)), follow_ups)
    return Outcome((reply,), memory, decision, entry.id, confidence)


def _said(context: Context, entry: Entry) -> dict[str, str | None]:
    """What the next message may lean on: the answer, or what was too short to be answered ("otp không về", "vssid")."""
    if entry.kind is Kind.ANSWER:
        return {"last_entry": entry.id, "last_text": context.text or None}
    asked_back = entry.kind is Kind.CLARIFY and context.text and not context.memory.has_background
    return {"subject": context.text} if asked_back else {}


def short_rule(context: Context, entry_id: str) -> str:
    """The first paragraph of an answer, with the list that it announces; empty where `whole_text` is."""
    return first_paragraph(whole_text(context, entry_id))


def whole_text(context: Context, entry_id: str) -> str:
    """The text of an answer as of the day asked about; empty when there is no figure for any day."""
    try:
        return _rendered(context, context.base.entry(entry_id))[1].text
    except FactError:
        return ""


def _rendered(context: Context, entry: Entry) -> tuple[date, Rendered]:
    """The answer as of the day asked about; as of today when it cannot be told for that day."""
    today, role = context.turn.today, context.memory.role
    day = day_asked(context, entry)
    try:
        return day, context.base.render(entry.id, day, context.language, role)
    except FactError:
        return today, context.base.render(entry.id, today, context.language, role)


def answer_for_each(context: Context, entry_id: str, people: tuple[Person, ...], confidence: float) -> Outcome:
    """One question about several children: an answer for each stage that gets a different one, with a heading."""
    stages: dict[str, tuple[Stage, Person]] = {}
    for person in people:
        stage = person.stage_on(context.turn.today)
        if stage is not None:
            stages.setdefault(context.base.stages.entry_for(entry_id, stage), (stage, person))
    if len(stages) < 2:
        return answer(context, entry_id, confidence, stage=next(iter(stages.values()))[0] if stages else None)
    outcomes = []
    for stage, person in stages.values():
        outcome = answer(context, entry_id, confidence, stage=stage)
        heading = context.say("answer", "about", who=describe(person, context.memory, context.base, context.turn.today))
        reply = outcome.replies[0]
        outcomes.append(replace(outcome, replies=(replace(reply, text=f"**{heading}** {reply.text}"),)))
    return joined(outcomes)


def joined(outcomes: list[Outcome]) -> Outcome:
    """Several answers to one message; the buttons stay under the last, the decision is the first's; one case only."""
    if len(outcomes) == 1:
        return outcomes[0]
    first, last = outcomes[0], outcomes[-1]
    replies = [reply for outcome in outcomes for reply in outcome.replies]
    bare = [replace(reply, buttons=()) for reply in replies[:-1]]
    effects: list[Effect] = []
    for effect in (effect for outcome in outcomes for effect in outcome.effects):
        if not (isinstance(effect, OpenCase) and any(isinstance(other, OpenCase) for other in effects)):
            effects.append(effect)
    return replace(
        first,
        replies=(*bare, replies[-1]),
        memory=last.memory.having(case=first.memory.case or last.memory.case),
        effects=tuple(effects),
        confidence=min(outcome.confidence for outcome in outcomes),
    )


def clarify(context: Context, options: tuple[str, ...], confidence: float) -> Outcome:
    """Offer a few entries to choose from."""
    buttons = tuple(entry_button(context, entry_id) for entry_id in options)
    none = Button(context.say("clarify", "none")[:LABEL_LIMIT], "none")
    lines = [context.say("clarify"), *(f"{number}. {button.label}" for number, button in enumerate(buttons, 1))]
    reply = Reply("\n".join(lines), ReplyKind.QUESTION, (*buttons, none))
    memory = offer(context.memory, (*buttons, none)).having(last_text=context.text or context.memory.last_text)
    return Outcome((reply,), memory, Decision.CLARIFY, None, confidence)


def not_understood(context: Context, confidence: float = 0.0) -> Outcome:
    """Ask for other words once; the second time in a row a person takes over."""
    if context.memory.failures >= 1:
        return hand_off(context, context.say("not_understood", "second"), confidence=confidence)
    buttons = topic_buttons(context)
    reply = Reply(context.say("not_understood", "first"), ReplyKind.QUESTION, buttons)
    memory = offer(context.memory.having(failures=context.memory.failures + 1), buttons)
    return Outcome((reply,), memory, Decision.CLARIFY, None, confidence)


def outside(context: Context, confidence: float = 0.0, key: str = "outside") -> Outcome:
    """Politely not ours."""
    reply = Reply(context.say("refuse", key), ReplyKind.NOTICE, (context.button("menu", "menu"),))
    return Outcome((reply,), offer(context.memory, reply.buttons), Decision.REFUSE, None, confidence)


def topic_buttons(context: Context) -> tuple[Button, ...]:
    """The main menu: the quiz while one is open, guided dialogues, the questions asked most."""
    asked = ("nha-nuoc-ho-tro-bao-nhieu", "muc-huong-hssv", "vssid-dang-ky-cho-con", "giay-to-di-kham")
    guides = (
        (("calculator"), "premium"),
        ("which_app", "which_app"),
        ("card_dates", "card_dates"),
        ("which_group", "which_group"),
    )
    quiz = (context.button("quiz", "quiz"),) if context.turn.quiz is not None else ()
    return (
        *quiz,
        *(context.button(key, f"guide:{name}") for key, name in guides),
        *(entry_button(context, entry_id) for entry_id in asked if entry_id in context.base.entries),
        context.button("person", "person"),
    )


_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](20[12]\d)\b")
_MONTH = re.compile(r"\b(?:thang )?(\d{1,2})[/.-](20[12]\d)\b")
_YEARS = re.compile(r"\b(20[12]\d) ?(?:[-–/]|den|\s) ?(20[12]\d|[12]\d)\b")
_SHORT_YEARS = Pattern(r"\b(?:nam hoc|nam hok|nien khoa) (2\d) ?(?:[-–/]|\s) ?(2\d)\b")
_YEAR = Pattern(r"\b(?:nam hoc|nam|hoi|year|in)(?: hoc)? (20[12]\d)\b")
_LAST_YEAR = Pattern(r"(?<!\btu )\bnam (?:ngoai|hoc truoc|hoc ngoai)\b|\bhoi nam truoc\b|\blast (?:school )?year\b")
_NOT_THE_DAY = Pattern(
    r"\b(?:sinh|born)\b|\b(?:so voi|hon|tang|giam|khac|dat|re|than|compared)\b|\bnam nay\b"
    r"|\b(?:den|toi) (?:nay|gio|bay gio)\b|\bhien nay\b|\buntil now\b"
    r"|\b(?:ghi|du (?:5|nam) nam|het han|han den|tu ngay|den ngay|toi ngay)\b"
)
"""A birth year, a year that today is compared with, or a date on a card is not the day asked about."""


def day_asked(context: Context, entry: Entry) -> date:
    """The day as of which the message asks an entry: a date or a school year that it names, else today.

    Only entries whose figures change with time, and that do not tell the history themselves, are told for another day.
    """
    today = context.turn.today
    named = _day_named(context.spelled.text, today)
    if named is None or named >= today or _NOT_THE_DAY.search(context.spelled.text) or not _is_dated(context, entry):
        return today
    return named


def _day_named(text: str, today: date) -> date | None:
    if match := _DATE.search(text):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := _MONTH.search(text):
        return _day(int(match[2]), int(match[1]), 1)
    if match := _YEARS.search(text) or _YEAR.search(text):
        year = SchoolYear(int(match[1]))
    elif match := _SHORT_YEARS.search(text):
        year = SchoolYear(2000 + int(match[1]))
    elif _LAST_YEAR.search(text):
        year = SchoolYear(SchoolYear.of(today).start - 1)
    else:
        return None
    return None if year >= SchoolYear.of(today) else year.opening


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _note(context: Context, entry: Entry, rendered: Rendered, day: date) -> str:
    """Validity and sources, as printed below the answer."""
    if not rendered.sources:
        return ""
    lines = [period_text(rendered.period, day, entry.reviewed, rendered.language)]
    lines.append(context.say("answer", "source", sources="; ".join(rendered.sources)))
    if context.language == "en" and rendered.language != "en":
        lines.append(context.say("language", "partly"))
    return "\n".join(lines)


def _numbers(context: Context, rendered: Rendered) -> tuple[str, ...]:
    return tuple(context.base.sources[source].number for source in rendered.source_ids)


def _feedback(context: Context, entry: Entry) -> tuple[Button, Button]:
    return (
        Button(context.say("feedback", "good"), f"good:{entry.id}"),
        Button(context.say("feedback", "bad"), f"bad:{entry.id}"),
    )


def _is_dated(context: Context, entry: Entry) -> bool:
    """Whether the answer has figures that are those of one day, and tells no history of its own."""
    named = placeholders(entry.body)
    figures = {Unit.DONG, Unit.PERCENT}
    tells_history = any(match["day"] or match["part"] == "prev" for match in named)
    return not tells_history and any(context.base.facts.fact(match["fact"]).unit in figures for match in named)
