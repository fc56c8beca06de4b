"""What an answer on money says to this person: for the months they ask of, with what their province pays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial

from handlers.birth import birth_named
from handlers.context import Context
from handlers.dialogues.reading import level_of
from handlers.household import Household, household
from handlers.local_support import PREMIUM_TOPIC, SUPPORT_TOPIC, best_support, support_note
from handlers.parts import first_paragraph
from knowledge.entries import Entry, Stage
from knowledge.facts import Unit
from knowledge.rendering import Rendered, format_value, placeholders
from knowledge.search.patterns import Pattern

_MONEY_GROUPS = frozenset({"contribution", "who-pays"})
_PAID_FOR = {
    Household.POOR: "budget_paid_share",
    Household.NEAR_POOR: "near_poor_share",
    Household.LEFT_AREA: "left_area_share",
}
_PARTLY_PAID = "ho-can-ngheo"
"""The answer for families of whose premium only a part is paid for them: a province may pay the rest."""
_DISPUTED = "truong-thu-sai-tien"
"""The answer to those who doubt what a school collects: they compare it with what they pay themselves."""
_WHOLE = frozenset({_PARTLY_PAID, _DISPUTED})
"""Answers that say more than the premium, also to those who pay none."""
_PREMIUM = "student_"
"""How the facts begin that tell what a pupil or student pays."""
_USUAL_MONTHS = {"grade1": "grade1_months_max", "grade12": "grade12_months", "final-year": "final_year_months"}
_MONTHS = Pattern(r"(?<!\blop )\b(1[0-5]|[1-9]) (?:thang|months?)\b(?! \d)")
_PUPILS = frozenset({"pupil", "grade12"})
_STUDENT = Pattern(r"\b(?:sinhvien|(?:len|vao|o|hoc|nhap hoc) (?:dai hoc|cao dang))\b")
_BORN_LATE = {
    10: "grade1_born_october_months",
    11: "grade1_born_november_months",
    12: "grade1_born_december_months",
}


def with_own_amount(context: Context, entry: Entry, day: date, stage: Stage | None, rendered: Rendered) -> Rendered:
    """An answer on what is paid, led by what this person pays; one that mentions the premium ends with what the
    province pays of it, else with the months of a grade that pays for others; every other answer as it is.

    One on what a province adds is led by what a poor or near-poor family pays, as its own figures are for all others.
    """
    local = entry.topic == SUPPORT_TOPIC
    about_money = entry.id == _PARTLY_PAID or local or _is_about_money(context, entry, stage)
    if not about_money and not _mentions_premium(entry):
        return rendered
    level = _level(context, stage)
    facts = context.base.facts
    birth = birth_named(context) if level == "grade1" else None
    born = birth.month if birth is not None else None
    asked = _months_asked(context, born, day)
    months = asked or facts.number(_USUAL_MONTHS.get(level, "full_year_months"), day)
    own = 1 - facts.number("state_share", day)
    office = context.base.offices.get(context.memory.province or "")
    extra = best_support(office, level, day) if office is not None else None
    if extra is not None and extra.share is not None:
        own -= extra.share
    if entry.id == _PARTLY_PAID and own > 0:
        return rendered
    if not about_money and extra is None:
        return _with_usual_months(context, level, own, day, rendered)
    family = household(context) if about_money and own > 0 and day == context.turn.today else None
    if family is not None:
        return _for_household(context, entry, family, months, rendered)
    if local:
        return rendered
    paid = partial(_paid, context, months, own, day)
    if office is not None and extra is not None:
        note = support_note(office, extra, context.setting)
        told = f"{note} {context.say('amount', 'left' if own > 0 else 'free', **paid())}"
        if not about_money:
            return citing(context, replace(rendered, text=f"{rendered.text}\n\n{told}"), extra.source)
        return citing(context, _led(context, entry, told, rendered, free=own <= 0), extra.source)
    text = rendered.text
    if born is not None:
        text = f"{context.say('amount', 'born', month=born, **paid())}\n\n{text}"
    elif asked is not None:
        text = f"{context.say('amount', 'months', **paid())}\n\n{text}"
    # That nothing is known of a province is said only to somebody who names it now.
    if office is not None and (office.support_on(day) or context.tools.places.find(context.spelled)):
        text = f"{text}\n\n{support_note(office, None, context.setting)}"
    return replace(rendered, text=text)


def _with_usual_months(context: Context, level: str, own: Fraction, day: date, rendered: Rendered) -> Rendered:
    """An answer that names the premium for a year, with what is paid in a grade that pays for other months."""
    if level not in _USUAL_MONTHS:
        return rendered
    paid = _paid(context, context.base.facts.number(_USUAL_MONTHS[level], day), own, day)
    return replace(rendered, text=f"{rendered.text}\n\n{context.say('amount', f'usual_{level}', **paid)}")


def _for_household(context: Context, entry: Entry, family: Household, months: Fraction, rendered: Rendered) -> Rendered:
    facts, day, fact = context.base.facts, context.turn.today, _PAID_FOR[family]
    share = facts.number(fact, day)
    paid = _paid(context, months, 1 - share, day)
    lead = context.say("amount", family, share=format_value(share, Unit.PERCENT, context.language), **paid)
    return citing(context, _led(context, entry, lead, rendered, free=share == 1), facts.sources(fact, day)[0])


def _paid(context: Context, months: Fraction, own: Fraction, day: date) -> dict[str, str]:
    """So many months, and what they cost somebody who pays this share, in words."""
    amount = context.base.facts.number("full_month", day) * months * own
    return {
        "months": format_value(months, Unit.MONTHS, context.language),
        "amount": format_value(amount, Unit.DONG, context.language),
    }


def _led(context: Context, entry: Entry, lead: str, rendered: Rendered, *, free: bool) -> Rendered:
    """What this person pays before what people pay in general, which says little to who pays nothing."""
    general = first_paragraph(rendered.text) if free and entry.id not in _WHOLE else rendered.text
    return replace(rendered, text=f"{lead} {context.say('amount', 'general')}\n\n{general}")


def citing(context: Context, rendered: Rendered, source: str) -> Rendered:
    """An answer with one source more."""
    if source in rendered.source_ids:
        return rendered
    cited = context.base.sources[source].cite()
    return replace(rendered, sources=(cited, *rendered.sources), source_ids=(source, *rendered.source_ids))


def _months_asked(context: Context, born: int | None, day: date) -> Fraction | None:
    """The number of months that a child born in a month pays for in grade 1, else that the message names."""
    if born is not None:
        return context.base.facts.number(_BORN_LATE.get(born, "grade1_months_max"), day)
    match = _MONTHS.search(context.spelled.text)
    return Fraction(match[1]) if match else None


def _is_about_money(context: Context, entry: Entry, stage: Stage | None) -> bool:
    """Whether an answer tells a premium; for children under 6 nobody pays one."""
    if Stage.UNDER6 in {stage, context.base.stages.only_stage_of(entry.id)}:
        return False
    group = context.base.stages.group_of(entry.id)
    money = entry.topic == PREMIUM_TOPIC or entry.id == _DISPUTED or (group is not None and group.id in _MONEY_GROUPS)
    return money and entry.topic != SUPPORT_TOPIC


def _mentions_premium(entry: Entry) -> bool:
    return any(match["fact"].startswith(_PREMIUM) for match in placeholders(entry.body))


def _level(context: Context, stage: Stage | None) -> str:
    """The school level of who pays. A message that names students is about one, also where it tells of grade 12: "em có
    thẻ lớp 12, lên đại học đóng sao". Nobody is told by a guess that they pay nothing."""
    known = level_of(stage or context.memory.person.stage_on(context.turn.today))
    if known in _PUPILS and _STUDENT.search(context.spelled.text):
        return "student"
    return known or ("student" if any(map(_STUDENT.search, context.lately())) else "pupil")
