"""Contacts in short, to look through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import exists, select, true

from bot.outreach.contacts.holdings import holdings
from bot.store.models import Consent, ContactRow, PersonRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from bot.outreach.contacts.holdings import Holding
    from bot.store.session import Session

EVERYBODY: ColumnElement[bool] = true()


@dataclass(frozen=True)
class Summary:
    """One contact. `card_end` is the next of their cards to end, `topics` those that they agreed to."""

    number: int
    name: str | None
    role: str | None
    province: str | None
    students: int
    card_end: date | None
    topics: tuple[str, ...]


async def list_contacts(
    session: Session,
    which: ColumnElement[bool] = EVERYBODY,
    *,
    province: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> Sequence[Summary]:
    """Contacts that meet a condition over `person.id`, by number, from the one after `after`.

    With a `province` only those known to live there.
    """
    there = ContactRow.province == province if province else EVERYBODY
    listed = exists().where(ContactRow.person_id == PersonRow.id, there).correlate(PersonRow)
    page = select(PersonRow.id).where(PersonRow.id > after, listed, which).order_by(PersonRow.id).limit(limit)
    found = await holdings(session, list(await session.scalars(page)))
    return [_summary(number, holding) for number, holding in found.items()]


def _summary(number: int, holding: Holding) -> Summary:
    contact = holding.contact
    given = (topic for topic, standing in holding.standings.items() if standing.consent is Consent.GIVEN)
    return Summary(
        number=number,
        name=contact.name if contact else None,
        role=contact.role if contact else None,
        province=contact.province if contact else None,
        students=len(holding.insured),
        card_end=min((row.card_end for row in holding.insured if row.card_end), default=None),
        topics=tuple(sorted(given)),
    )
