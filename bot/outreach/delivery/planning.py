"""Writes the recipients of a campaign into the ledger, a range of people at a time, all inside the database.

Everybody of the audience gets a row, also whoever cannot get the message, with the reason: so each can be explained.
A range that is planned again adds nobody twice and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from bot.channels.accounts import channel_of
from bot.outreach.eligibility import SkipReason, decided
from bot.outreach.schedule import SPREAD
from bot.outreach.texts import wanted
from bot.store.models import (
    ContactRow,
    InsuredRow,
    PersonRow,
    RecipientRow,
    RecipientState,
    SchoolRow,
    table_of,
)
from handlers.texts import LANGUAGES

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from bot.outreach.campaign import Campaign
    from bot.outreach.eligibility import Eligibility
    from bot.outreach.schedule import Schedule
    from bot.store.session import Session

RANGE = 1_000
"""People looked at in one transaction: on SQLite nothing else runs meanwhile."""

_recipient = table_of(RecipientRow)
_contact, _insured, _school = table_of(ContactRow), table_of(InsuredRow), table_of(SchoolRow)


@dataclass(frozen=True)
class Plan:
    """Whom a campaign means: `audience` is a condition over `person.id`."""

    campaign: Campaign
    audience: ColumnElement[bool]
    rules: Eligibility
    schedule: Schedule


async def last_person(session: Session) -> int:
    """The newest person: where planning ends."""
    last: int = (await session.execute(select(func.coalesce(func.max(PersonRow.id), 0)))).scalar_one()
    return last


async def plan_range(session: Session, plan: Plan, after: int, upto: int, now: datetime, *, postgres: bool) -> None:
    """Give a row to everybody of the audience with an id above `after` and up to `upto`."""
    rows = _rows(plan, after, upto, now, postgres=postgres)
    await session.execute(insert(_recipient).from_select(rows.selected_columns.keys(), rows).on_conflict_do_nothing())


def _rows(plan: Plan, after: int, upto: int, now: datetime, *, postgres: bool) -> Select[*tuple[Any, ...]]:
    """The columns of the ledger for each candidate; of several cards in a family the one that ends first counts."""
    within = plan.rules.candidates(plan.audience).where(PersonRow.id > after, PersonRow.id <= upto)
    candidate = within.subquery("candidate")
    wave = _wave(plan, candidate.c.person)
    columns = {
        "campaign_id": literal(plan.campaign.id, Integer),
        "person_id": candidate.c.person,
        "account": candidate.c.account,
        "variant": _variant(plan, candidate.c.account, candidate.c.language),
        "params": _params(plan, postgres=postgres),
        "wave": wave,
        "state": _state(plan, candidate.c.reason),
        "reason": _reason(plan, candidate.c.reason),
        "due": _due(plan, wave),
        "province": candidate.c.province,
        "school_id": _insured.c.school_id,
        "updated": literal(now, _recipient.c.updated.type),
    }
    card = aliased(_insured)
    first = (
        select(card.c.id)
        .where(card.c.person_id == candidate.c.person)
        .order_by(card.c.card_end.is_(None), card.c.card_end, card.c.position)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(*(value.label(name) for name, value in columns.items()))
        .select_from(candidate)
        .outerjoin(_contact, _contact.c.person_id == candidate.c.person)
        .outerjoin(_insured, _insured.c.id == first)
        .outerjoin(_school, _school.c.id == _insured.c.school_id)
    )


def _variant(plan: Plan, account: ColumnElement[Any], language: ColumnElement[Any]) -> ColumnElement[Any]:
    keys = [
        (
            (account == ours) & (language == spoken),
            literal(plan.campaign.content.key_for(spoken, channel_of(ours)), String),
        )
        for ours in plan.rules.accounts
        for spoken in LANGUAGES
    ]
    return case(*keys, else_=literal("vi", String))


def _params(plan: Plan, *, postgres: bool) -> ColumnElement[Any]:
    """The values of the fields that the texts name, as they are now."""
    day = (
        func.to_char(_insured.c.card_end, "DD/MM/YYYY") if postgres else func.strftime("%d/%m/%Y", _insured.c.card_end)
    )
    fields = {
        "ten": _contact.c.name,
        "truong": _school.c.name,
        "lop": _insured.c.grade,
        "han_the": day,
        "tinh": _contact.c.province,
    }
    named = [part for name, value in fields.items() if name in wanted(plan.campaign.content) for part in (name, value)]
    if postgres:
        return func.jsonb_build_object(*(cast(part, String) if isinstance(part, str) else part for part in named))
    return func.json_object(*named)


def _wave(plan: Plan, person: ColumnElement[Any]) -> ColumnElement[int]:
    """By the place of a person among a hundred: the first wave takes the first of them."""
    place, reached, waves = (person + plan.schedule.seed) * SPREAD % 100, 0, []
    for number, wave in enumerate(plan.schedule.waves[:-1]):
        reached += wave.share
        waves.append((place < reached, literal(number, Integer)))
    return case(*waves, else_=len(waves)) if waves else literal(0, Integer)


def _due(plan: Plan, wave: ColumnElement[int]) -> ColumnElement[Any]:
    kind = _recipient.c.due.type
    opens = [
        (wave == number, literal(plan.schedule.opening(number), kind))
        for number, terms in enumerate(plan.schedule.waves)
        if terms.after_hours
    ]
    return case(*opens, else_=cast(null(), kind)) if opens else cast(null(), kind)


def _reason(plan: Plan, reason: ColumnElement[Any]) -> ColumnElement[Any]:
    """None for whoever is planned although it costs something."""
    return case((reason == SkipReason.WINDOW_PAID.value, None), else_=reason) if plan.campaign.terms.pays else reason


def _state(plan: Plan, reason: ColumnElement[Any]) -> ColumnElement[str]:
    decisions = [
        (reason == each.value, literal(decided(each, plan.campaign.terms).value, String)) for each in SkipReason
    ]
    return case(*decisions, else_=literal(RecipientState.PLANNED.value, String))
