"""From a query to SQL: a condition over `person.id`, the same on SQLite and PostgreSQL.

Every table is asked by EXISTS on an index that begins with the person, so a condition costs the same for a chunk of
people at the end of a million as for one at the beginning.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, literal, not_, or_, select, true

from bot.clock import VIETNAM
from bot.outreach.contacts.schools import read_code
from bot.outreach.segments.fields import INSURED, Field, Value
from bot.outreach.segments.tree import And, Asked, Everyone, Match, Missing, Not, Or, Query, Span, Within
from bot.store.models import (
    AccountRow,
    ArrivalRow,
    ContactRow,
    ContactTagRow,
    ConversationRow,
    IdentityRow,
    InsuredRow,
    PersonRow,
    ReminderRow,
    SchoolRow,
    TopicAskedRow,
    table_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    Condition = ColumnElement[bool]

_CONTACT = {field: table_of(ContactRow).c[field.value] for field in (Field.ROLE, Field.PROVINCE, Field.LANGUAGE)}
_OF_INSURED = {
    field: table_of(InsuredRow).c[field.value]
    for field in (Field.RELATION, Field.GRADE, Field.BIRTH_YEAR, Field.CARD_END)
}


def condition(query: Query, now: datetime) -> Condition:
    """The people of a query as of `now`, as a condition over PersonRow.id."""
    match query:
        case Everyone():
            return true()
        case Not(part):
            return not_(condition(part, now))
        case Or(parts):
            return or_(*(condition(part, now) for part in parts))
        case And(parts):
            insured = [part for part in parts if _is_insured(part)]
            others = [condition(part, now) for part in parts if part not in insured]
            return and_(*([_insured(insured, now)] if insured else []), *others)
        case Match() | Span() | Within() if query.field in INSURED:
            return _insured([query], now)
        case Missing(field):
            return _missing(field)
    return _of_person(query, now)


def _of_person(query: Match | Span | Within | Asked, now: datetime) -> Condition:
    match query:
        case Match(field, values):
            return _matches(field, values)
        case Span(Field.REMINDER, low, high):
            return _reminded(*([ReminderRow.due >= low] if low else []), *([ReminderRow.due <= high] if high else []))
        case Within(Field.REMINDER, days):
            return _reminded(ReminderRow.due.between(_today(now), _today(now) + timedelta(days=days)))
        case Span(_, low, high):
            return _seen(_start(low), _start(high, days=1))
        case Within(_, days):
            return _seen(now - timedelta(days=days), None)
        case Asked(topics, days):
            return _asked(topics, TopicAskedRow.day >= _today(now) - timedelta(days=days))


def _is_insured(part: Query) -> bool:
    return isinstance(part, Match | Span | Within) and part.field in INSURED


def _today(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()


def _insured(parts: Sequence[Query], now: datetime) -> Condition:
    """One insured student for whom all parts hold."""
    return exists().where(InsuredRow.person_id == PersonRow.id, *(_of_insured(part, now) for part in parts))


def _of_insured(part: Query, now: datetime) -> Condition:
    match part:
        case Match(Field.SCHOOL | Field.LEVEL as field, values):
            return InsuredRow.school_id.in_(select(SchoolRow.id).where(_school(field, values)))
        case Match(field, values):
            return _OF_INSURED[field].in_(values)
        case Span(field, low, high):
            sides = [_OF_INSURED[field] >= low] if low is not None else []
            return and_(*sides, *([_OF_INSURED[field] <= high] if high is not None else []))
        case Within(_, days):
            return InsuredRow.card_end.between(_today(now), _today(now) + timedelta(days=days))
    raise TypeError(part)


def _school(field: Field, values: Sequence[Value]) -> Condition:
    if field is Field.LEVEL:
        return SchoolRow.level.in_(values)
    codes = [code for value in values if (code := read_code(str(value)))]
    return or_(SchoolRow.code.in_(codes), SchoolRow.name.in_(values))


def _matches(field: Field, values: Sequence[Value]) -> Condition:
    match field:
        case Field.TAG:
            return exists().where(ContactTagRow.person_id == PersonRow.id, ContactTagRow.tag.in_(values))
        case Field.CHANNEL:
            ours = and_(IdentityRow.person_id == PersonRow.id, IdentityRow.account == AccountRow.id)
            return exists().where(ours, AccountRow.channel.in_(values))
        case Field.ASKED:
            return _asked(values, true())
        case Field.REMINDER:
            return _reminded(ReminderRow.due.in_(values))
        case Field.SOURCE:
            return or_(*(_source(str(value)) for value in values))
        case Field.LAST_SEEN:
            return or_(*(_seen(_start(value), _start(value, days=1)) for value in values))
    return _contact(_CONTACT[field].in_(values))


def _contact(there: Condition) -> Condition:
    return exists().where(ContactRow.person_id == PersonRow.id, there)


def _reminded(*when: Condition) -> Condition:
    """Asked in the chat to be reminded of a card that ends then."""
    return exists().where(ReminderRow.person_id == PersonRow.id, *when)


def _asked(topics: Sequence[Value], when: Condition) -> Condition:
    return exists().where(TopicAskedRow.person_id == PersonRow.id, TopicAskedRow.topic.in_(topics), when)


def _source(code: str) -> Condition:
    """The whole code of a link, or one of its pieces: "c-kg26" in "p-ha-noi_c-kg26"."""
    arrived = exists().where(ArrivalRow.person_id == PersonRow.id, _has_piece(table_of(ArrivalRow).c.code, code))
    return or_(_contact(_has_piece(table_of(ContactRow).c.source, code)), arrived)


def _has_piece(column: ColumnElement[str], code: str) -> Condition:
    return literal("_").concat(column).concat("_").contains(f"_{code}_", autoescape=True)


def _seen(since: datetime | None, before: datetime | None) -> Condition:
    """Last heard of in this time, over all accounts of the person."""
    recent = _conversation(ConversationRow.last_interaction >= since) if since else _conversation(true())
    return and_(recent, not_(_conversation(ConversationRow.last_interaction >= before))) if before else recent


def _conversation(when: Condition) -> Condition:
    theirs = and_(IdentityRow.person_id == PersonRow.id, ConversationRow.identity_id == IdentityRow.id)
    return exists().where(theirs, ConversationRow.last_interaction.is_not(None), when)


def _start(day: Value | None, *, days: int = 0) -> datetime | None:
    """The first moment of a day, or of the day so many days later."""
    if not isinstance(day, date):
        return None
    return datetime.combine(day + timedelta(days=days), time(), VIETNAM)


def _missing(field: Field) -> Condition:
    match field:
        case Field.TAG:
            return not_(exists().where(ContactTagRow.person_id == PersonRow.id))
        case Field.CHANNEL:
            return not_(exists().where(IdentityRow.person_id == PersonRow.id))
        case Field.LAST_SEEN:
            return not_(_conversation(true()))
        case Field.REMINDER:
            return not_(_reminded())
        case Field.SOURCE:
            arrived = exists().where(ArrivalRow.person_id == PersonRow.id)
            return and_(not_(_contact(ContactRow.source.is_not(None))), not_(arrived))
        case Field.SCHOOL | Field.LEVEL:
            return not_(exists().where(InsuredRow.person_id == PersonRow.id, InsuredRow.school_id.is_not(None)))
    if field in _OF_INSURED:
        return not_(exists().where(InsuredRow.person_id == PersonRow.id, _OF_INSURED[field].is_not(None)))
    return not_(_contact(_CONTACT[field].is_not(None)))
