"""A reminder before a card ends: asks for the last day of the card when it is not known."""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.consent import wording
from handlers.dialogues.guide import Answers, Conclusion, Guide, Question, Setting
from handlers.effects import ScheduleReminder, Subscribe, Topic
from handlers.texts import say
from handlers.turn import Button
from knowledge.dates import vietnamese_date
from knowledge.search.spelling import Spelled

NAME = "reminder"
ENTRY = "the-hssv-sap-het-han"
"""What to do when a card is about to end."""
USUAL_ENDS = ("year_end", "grade12_card_end")
"""Facts that name a day and a month on which many cards end."""
LONGEST = timedelta(days=2 * 366)
"""No card is paid for longer ahead; a day beyond is a slip."""
_DAY = re.compile(
    r"\b(?P<day>[0-3]?\d)(?:[/. -]| thang )(?P<month>1[0-2]|0?[1-9])(?:(?:[/. -]| nam )(?P<year>20\d\d))?\b"
)


def reminder_button(setting: Setting, end: date | None = None) -> Button:
    """Offers to remind the person; of a card that ends on `end`, or else of one whose end will be asked for."""
    action = f"g:{NAME}:end:{end.isoformat()}" if end else f"guide:{NAME}"
    return Button(say(setting.language, NAME, "offer"), action)


def usual_end(setting: Setting, fact: str) -> date:
    """The next day on which cards of this kind end, as of today."""
    day, month = (int(part) for part in str(setting.base.facts.value(fact, setting.today)).split("/"))
    this_year = date(setting.today.year, month, day)
    return this_year if this_year > setting.today else date(setting.today.year + 1, month, day)


def _choices(_answers: Answers, setting: Setting) -> tuple[str, ...]:
    return tuple(sorted(usual_end(setting, fact).isoformat() for fact in USUAL_ENDS))


def _parse(spelled: Spelled, setting: Setting) -> str | None:
    match = _DAY.search(spelled.text)
    if match is None:
        return None
    years = [int(match["year"])] if match["year"] else [setting.today.year, setting.today.year + 1]
    for year in years:
        try:
            day = date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue
        if setting.today < day <= setting.today + LONGEST:
            return day.isoformat()
    return None


def _conclude(answers: Answers, setting: Setting) -> Conclusion:
    end, language = date.fromisoformat(answers["end"]), setting.language
    text = say(language, NAME, "done", end=vietnamese_date(end), agreed=wording(Topic.REMINDERS, language))
    another = Button(say(language, NAME, "another"), f"guide:{NAME}")
    effects = (ScheduleReminder(end, ENTRY), Subscribe(say(language, NAME, "offer"), Topic.REMINDERS))
    return Conclusion(text, buttons=(another,), effects=effects)


REMINDER = Guide(
    NAME,
    (Question("end", _choices, _parse, label=lambda day: vietnamese_date(date.fromisoformat(day))),),
    _conclude,
)
