"""Reads one condition of a query: a field and what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from bot.outreach.contacts.words import plain
from bot.outreach.segments.fields import DAYS, NUMBERS, Field, Value, choices, field_names, nearest, read, specs
from bot.outreach.segments.scanner import Kind, Token
from bot.outreach.segments.tree import IN, Asked, Match, Missing, Not, Query, Span, Within

if TYPE_CHECKING:
    from bot.outreach.segments.cursor import Cursor

MOST_DAYS = 3650
LONGEST_NAME = 4
"""Words in the name of a field."""
_SHOWN = 40
_LISTED = 12


def read_condition(cursor: Cursor) -> Query:
    """The condition that comes next. Raises SegmentError."""
    field = _field(cursor)
    if field is not Field.ASKED and _is_missing(cursor):
        return Missing(field)
    if cursor.takes({"!=", "khác", "khac"}):
        return Not(Match(field, _values(cursor, field)))
    if not cursor.takes({"=", "là", "la", "is"}) and cursor.takes(IN) and field in DAYS and _counts_days(cursor):
        return Within(field, _days(cursor))
    if field in DAYS or field in NUMBERS:
        span = _compared(cursor, field) or _span(cursor, field)
        if span is not None:
            return span
    values = _values(cursor, field)
    if field is Field.ASKED and cursor.takes(IN):
        return Asked(tuple(map(str, values)), _days(cursor))
    return Match(field, values)


def _field(cursor: Cursor) -> Field:
    for count in range(LONGEST_NAME, 0, -1):
        field = field_names().get(plain(cursor.words(count)))
        if field is not None:
            cursor.step(count)
            return field
    start = cursor.here
    written = cursor.text()[:_SHOWN]
    if not written:
        raise cursor.wrong("thiếu điều kiện", "ví dụ: tỉnh = Điện Biên", start)
    name = nearest(written, [name for spec in specs().values() for name in spec.names])
    mend = f"ý bạn là “{name}”?" if name else f"có: {', '.join(spec.name for spec in specs().values())}"
    raise cursor.wrong(f"không có trường “{written}”", mend, start)


def _is_missing(cursor: Cursor) -> bool:
    """Whether "trống" comes next; "trong" means it only where nothing follows."""
    if plain(cursor.words(2)) == "chua biet":
        cursor.step(2)
        return True
    if cursor.takes({"trống", "empty"}):
        return True
    start = cursor.at
    if cursor.takes(IN) and cursor.at_join:
        return True
    cursor.at = start
    return False


def _counts_days(cursor: Cursor) -> bool:
    return cursor.here.word.isdecimal() and cursor.after.word in {"ngày", "ngay", "day", "days"}


def _days(cursor: Cursor) -> int:
    if not _counts_days(cursor):
        raise cursor.wrong("thiếu số ngày", "ví dụ: trong 30 ngày")
    days = int(cursor.here.word[:6])
    if not 0 < days <= MOST_DAYS:
        raise cursor.wrong("số ngày không hợp lệ", f"từ 1 đến {MOST_DAYS}")
    cursor.step(2)
    return days


def _compared(cursor: Cursor, field: Field) -> Span | None:
    """A side left open by a sign: >= 6."""
    sign = cursor.here
    if cursor.takes({"<", ">"}):
        raise cursor.wrong(f"không dùng {sign.text}", f"dùng {sign.text}=", sign)
    if cursor.takes({">="}):
        return Span(field, _bound(cursor, field), None)
    return Span(field, None, _bound(cursor, field)) if cursor.takes({"<="}) else None


def _span(cursor: Cursor, field: Field) -> Span | None:
    """A range such as 1..5, ..5 or 6..; None when single values come."""
    start = cursor.at
    first = cursor.here
    low = None if first.word == ".." else _bound(cursor, field)
    if not cursor.takes({".."}):
        cursor.at = start
        return None
    high = None if cursor.at_join else _bound(cursor, field)
    if low is None and high is None:
        raise cursor.wrong("khoảng chưa có đầu nào", "ví dụ: 1..5, 10.., ..5", first)
    if low is not None and high is not None and low > high:  # type: ignore[operator] # both are of one field
        raise cursor.wrong("khoảng viết ngược", "số nhỏ hơn, ngày trước hơn đứng đầu", first)
    return Span(field, low, high)


def _bound(cursor: Cursor, field: Field) -> Value:
    token = cursor.here
    value = read(field, token.text) if token.kind is Kind.WORD else None
    if value is None:
        _refuse(cursor, field, token, token.text)
    cursor.step()
    return value


def _values(cursor: Cursor, field: Field) -> tuple[Value, ...]:
    values = [_value(cursor, field)]
    while cursor.takes({","}):
        values.append(_value(cursor, field))
    return tuple(values)


def _value(cursor: Cursor, field: Field) -> Value:
    token = cursor.here
    text = cursor.text()
    value = read(field, text) if text else None
    if value is None:
        _refuse(cursor, field, token, text)
    return value


def _refuse(cursor: Cursor, field: Field, token: Token, text: str) -> NoReturn:
    name = specs()[field].name
    what = f"{name} không có giá trị “{text[:_SHOWN]}”" if text else f"thiếu giá trị của {name}"
    raise cursor.wrong(what, _mend(field, text), token)


def _mend(field: Field, text: str) -> str:
    if field in DAYS:
        return "viết ngày như 31/12/2026, hoặc: trong 30 ngày"
    if field in NUMBERS:
        return f"từ {NUMBERS[field][0]} đến {NUMBERS[field][-1]}"
    listed = choices(field)
    if not listed:
        return "nhãn gồm chữ, số và dấu -" if field is Field.TAG else "viết tên hoặc mã, trong ngoặc kép nếu có “và”"
    name = nearest(text, listed)
    few = ", ".join(listed[:_LISTED]) + (", …" if len(listed) > _LISTED else "")
    return f"ý bạn là “{name}”?" if name else f"có: {few}"
