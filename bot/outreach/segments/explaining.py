"""A query as a Vietnamese sentence, so that staff can see that it means what they meant."""

from __future__ import annotations

from datetime import date

from bot.outreach.segments.fields import INSURED, Field, Value, specs, write
from bot.outreach.segments.tree import And, Asked, Everyone, Match, Missing, Not, Or, Query, Span, Within


def explain(query: Query) -> str:
    """Who is meant: "Những người có vai trò phụ huynh, và có bản thân hoặc một người con học lớp từ 1 đến 5"."""
    said = _say(query)
    return "Tất cả mọi người." if isinstance(query, Everyone) else f"Những người {said}."


def _say(query: Query) -> str:
    match query:
        case Everyone():
            return "bất kỳ"
        case Not(part):
            return f"không thuộc nhóm [{_say(part)}]"
        case Or(parts):
            return " hoặc ".join(_grouped(part) for part in parts)
        case And(parts):
            insured = [part for part in parts if isinstance(part, Match | Span | Within) and part.field in INSURED]
            others = [_grouped(part) for part in parts if part not in insured]
            return ", và ".join([*others, *([_of_one(insured)] if insured else [])])
        case Match() | Span() | Within() if query.field in INSURED:
            return _of_one([query])
        case Missing(field):
            return f"chưa biết {specs()[field].name}"
    return _plain(query)


def _grouped(part: Query) -> str:
    return f"[{_say(part)}]" if isinstance(part, And | Or) else _say(part)


def _of_one(parts: list[Match | Span | Within]) -> str:
    """What is said of one insured student."""
    who = "" if any(part.field is Field.RELATION for part in parts) else "(bản thân hoặc con) "
    return f"có một học sinh {who}{', '.join(_plain(part) for part in parts)}"


def _plain(query: Match | Span | Within | Asked) -> str:
    match query:
        case Match(field, values):
            return _filled(field, " hoặc ".join(write(field, value) for value in values))
        case Span(field, low, high):
            return _filled(field, _between(field, low, high))
        case Within(field, days):
            return _filled(field, specs()[field].within.format(days=days))
        case Asked(topics, days):
            when = specs()[Field.ASKED].within.format(days=days)
            return _filled(Field.ASKED, f"{' hoặc '.join(topics)} {when}")


def _filled(field: Field, values: str) -> str:
    return specs()[field].says.format(values=values)


def _between(field: Field, low: Value | None, high: Value | None) -> str:
    day = "ngày " if isinstance(low or high, date) else ""
    ends = [f"từ {day}{write(field, low)}"] if low is not None else []
    return " ".join([*ends, *([f"đến {day}{write(field, high)}"] if high is not None else [])])
