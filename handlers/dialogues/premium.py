"""The premium calculator: level, special group, months, school year, province → formula, amount, source."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from handlers.dialogues.guide import Answers, Conclusion, Guide, Question, Setting, of
from handlers.dialogues.reading import LEVELS, group_parser, known_level, parse_level
from handlers.local_support import best_support, support_note
from handlers.texts import say
from knowledge.dates import SchoolYear
from knowledge.facts import Unit, round_dong
from knowledge.rendering import format_value
from knowledge.search.spelling import Spelled

NAME = "premium"
GROUPS = ("none", "poor", "near-poor", "minority", "soldier", "allowance", "unsure")
PAID_BY_BUDGET = {"poor": "ho-ngheo", "minority": "dan-toc-thieu-so-vung-kho-khan", "allowance": "tro-cap-xa-hoi"}
MONTHS_BY_LEVEL = {"grade1": ("3", "12", "15"), "grade12": ("9", "12"), "final-year": ("6", "12")}
USUAL_MONTHS = ("3", "6", "12")
OLDEST_YEAR = 2022
_ELSEWHERE = "other"


def _months(answers: Answers, _setting: Setting) -> tuple[str, ...]:
    return MONTHS_BY_LEVEL.get(answers.get("level", ""), USUAL_MONTHS)


def _parse_months(spelled: Spelled, _setting: Setting) -> str | None:
    text = spelled.text
    if re.search(r"\b(?:ca|1|mot|nguyen|12 thang) nam\b", text):
        return "12"
    if re.search(r"\b(?:nua|6 thang) nam\b|\bnua nam\b", text):
        return "6"
    match = re.search(r"\b(\d{1,2}) (?:thang|months?)\b", text) or re.fullmatch(r"(\d{1,2})", text)
    return match[1] if match and 1 <= int(match[1]) <= 15 else None


def _parse_year(spelled: Spelled, setting: Setting) -> str | None:
    now = SchoolYear.of(setting.today)
    if re.search(r"\b(?:nam nay|hien nay|bay gio|hien tai|this year|now)\b", spelled.text):
        return str(now.start)
    if re.search(r"\bnam (?:ngoai|truoc|hoc truoc)\b|\blast year\b", spelled.text):
        return str(now.start - 1)
    match = re.search(r"\b(20[12]\d)\b", spelled.text)
    return match[1] if match and OLDEST_YEAR <= int(match[1]) <= now.start else None


def _parse_province(spelled: Spelled, setting: Setting) -> str | None:
    if setting.memory.province is not None and re.search(r"\btinh (?:nay|do)\b", spelled.text):
        return setting.memory.province
    if re.search(r"\b(?:khac|bo qua|khong (?:can|biet|noi)|skip|other)\b", spelled.text):
        return _ELSEWHERE
    return None


def _conclude(answers: Answers, setting: Setting) -> Conclusion:
    language = setting.language
    level, group = answers["level"], answers.get("group", "none")
    if level == "under6":
        return Conclusion(entry="tre-duoi-6-the-mien-phi")
    if group in PAID_BY_BUDGET:
        return Conclusion(say(language, NAME, "budget"), PAID_BY_BUDGET[group])
    if group == "soldier":
        pupil = level in {"grade1", "pupil", "grade12"}
        return Conclusion(
            say(language, NAME, "soldier"), "con-quan-nhan-duoi-18" if pupil else "con-quan-nhan-vao-dai-hoc"
        )
    return _amount(answers, setting, group)


def _amount(answers: Answers, setting: Setting, group: str) -> Conclusion:
    facts, language = setting.base.facts, setting.language
    months = int(answers["months"])
    year = SchoolYear(int(answers["year"]))
    day = max(year.opening, setting.today) if year == SchoolYear.of(setting.today) else year.opening
    share_fact = "near_poor_share" if group == "near-poor" else "state_share"
    base_salary, rate = facts.number("base_salary", day), facts.number("premium_rate", day)
    share = facts.number(share_fact, day)
    total = base_salary * rate * months
    lines = [
        say(
            language,
            NAME,
            "formula",
            year=str(year),
            salary=_dong(base_salary, language),
            rate=format_value(rate, Unit.PERCENT, language),
            months=months,
            total=_dong(total, language),
            share=format_value(share, Unit.PERCENT, language),
            support=_dong(total * share, language),
            amount=_dong(total * (1 - share), language),
        )
    ]
    lines += _local(answers, setting, day, total, share)
    if group == "unsure":
        lines.append(say(language, NAME, "unsure"))
    sources = dict.fromkeys(source for fact in (share_fact, "base_salary") for source in facts.sources(fact, day))
    return Conclusion("\n\n".join(lines), sources=tuple(sources))


def _local(answers: Answers, setting: Setting, day: date, total: Fraction, share: Fraction) -> list[str]:
    office = setting.base.offices.get(answers.get("province", ""))
    if office is None:
        return [say(setting.language, NAME, "local_unknown")]
    extra = best_support(office, answers["level"], day)
    note = support_note(office, extra, setting)
    if extra is None or extra.share is None:
        return [note]
    left = total * (1 - share - extra.share)
    if left <= 0:
        return [note, say(setting.language, "amount", "free")]
    return [note, say(setting.language, NAME, "after_local", amount=_dong(left, setting.language))]


def _dong(amount: Fraction, language: str) -> str:
    return format_value(Fraction(round_dong(amount)), Unit.DONG, language)


def _years(_answers: Answers, setting: Setting) -> tuple[str, ...]:
    """The school year of the day first, back to the oldest whose figures are known."""
    return tuple(str(year) for year in range(SchoolYear.of(setting.today).start, OLDEST_YEAR - 1, -1))


def _pays(answers: Answers) -> bool:
    return answers.get("level") != "under6" and answers.get("group", "none") not in {*PAID_BY_BUDGET, "soldier"}


PREMIUM = Guide(
    NAME,
    (
        Question("level", of(*LEVELS), parse_level, prefill=known_level),
        Question("group", of(*GROUPS), group_parser(GROUPS), lambda answers: answers.get("level") != "under6"),
        Question("months", _months, _parse_months, _pays),
        Question("year", _years, _parse_year, _pays, label=lambda year: str(SchoolYear(int(year)))),
        Question(
            "province",
            of(_ELSEWHERE),
            _parse_province,
            _pays,
            lambda setting, _answers: setting.memory.province,
        ),
    ),
    _conclude,
)
