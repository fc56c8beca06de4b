"""When a card begins and ends: by level, and by birth month for the youngest."""

from __future__ import annotations

import re

from handlers.dialogues.guide import Answers, Conclusion, Guide, Question, Setting, of
from handlers.dialogues.reading import known_level, parse_level
from handlers.dialogues.reminder import reminder_button, usual_end
from knowledge.search.spelling import Spelled

NAME = "card_dates"
LEVELS = ("under6", "grade1", "pupil", "grade12", "year1", "student", "final-year")
BORN = ("before", "after")
_ENTRY = {
    "grade1": "lop-1-the-tu-khi-nao",
    "pupil": "the-co-gia-tri-den-khi-nao",
    "grade12": "lop-12-the-den-khi-nao",
    "year1": "nam-nhat-the-tu-khi-nao",
    "student": "the-co-gia-tri-den-khi-nao",
    "final-year": "nam-cuoi-the-den-khi-nao",
    "under6": "tre-duoi-6-the-den-khi-nao",
}
_WHOLE_YEAR = frozenset({"pupil", "year1", "student"})
"""Their cards mostly end with the year; of the others only the person knows when theirs does."""
_LAST_MONTH_BEFORE_CUTOFF = 9


def _parse_level(spelled: Spelled, setting: Setting) -> str | None:
    if re.search(r"\b(?:namnhat|nam nhat|nam 1|first year)\b", spelled.text):
        return "year1"
    return parse_level(spelled, setting)


def _known_level(setting: Setting, answers: Answers) -> str | None:
    stage = setting.memory.person.stage_on(setting.today)
    return "year1" if stage == "year1" else known_level(setting, answers)


def _parse_born(spelled: Spelled, _setting: Setting) -> str | None:
    if re.search(r"\b(?:truoc|before)\b", spelled.text):
        return "before"
    if re.search(r"\b(?:sau|after)\b", spelled.text):
        return "after"
    match = re.search(r"\bthang (1[0-2]|[1-9])\b", spelled.text) or re.fullmatch(r"(1[0-2]|[1-9])", spelled.text)
    return None if match is None else "before" if int(match[1]) <= _LAST_MONTH_BEFORE_CUTOFF else "after"


def _conclude(answers: Answers, setting: Setting) -> Conclusion:
    level = answers["level"]
    text = ""
    if level in {"under6", "grade1"}:
        text = setting.base_text(NAME, f"{level}_{answers['born']}")
    end = usual_end(setting, "year_end") if level in _WHOLE_YEAR else None
    return Conclusion(text, _ENTRY[level], buttons=(reminder_button(setting, end),))


CARD_DATES = Guide(
    NAME,
    (
        Question("level", of(*LEVELS), _parse_level, prefill=_known_level),
        Question("born", of(*BORN), _parse_born, lambda answers: answers.get("level") in {"under6", "grade1"}),
    ),
    _conclude,
)
