"""What the database holds of many people at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from bot.outreach.consents import Standing
from bot.store.models import Consent, ConsentRow, ContactRow, ContactTagRow, IdentityRow, InsuredRow, table_of
from handlers.effects import Topic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.outreach.contacts.grouping import Group
    from bot.store.session import Session


_Row = TypeVar("_Row", ContactRow, InsuredRow, ContactTagRow, ConsentRow, IdentityRow)


@dataclass
class Holding:
    """What is known of one person."""

    contact: ContactRow | None = None
    insured: list[InsuredRow] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    standings: dict[Topic, Standing] = field(default_factory=dict)
    addresses: set[tuple[str, str]] = field(default_factory=set)


async def holdings(session: Session, people: Collection[int]) -> Mapping[int, Holding]:
    """What is known now of each of these people; an empty holding for one of whom nothing is."""
    found = {person: Holding() for person in people}
    for contact in await _of(session, ContactRow, people):
        found[contact.person_id].contact = contact
    for insured in await _of(session, InsuredRow, people):
        found[insured.person_id].insured.append(insured)
    for tag in await _of(session, ContactTagRow, people):
        found[tag.person_id].tags.add(tag.tag)
    for state in await _of(session, ConsentRow, people):
        found[state.person_id].standings[Topic(state.topic)] = Standing(Consent(state.consent), state.since)
    for identity in await _of(session, IdentityRow, people):
        found[identity.person_id].addresses.add((identity.account, identity.sender))
    return found


async def _of(session: Session, row: type[_Row], people: Collection[int]) -> Iterable[_Row]:
    """Their rows of one table, as they are in the database even when this session has read them before."""
    rows = select(row).where(row.person_id.in_(people)).order_by(*table_of(row).primary_key)
    return await session.scalars(rows, execution_options={"populate_existing": True})


@dataclass(frozen=True)
class Keys:
    """Whose the keys of a list are already."""

    external_ids: Mapping[str, int]
    phones: Mapping[str, int]
    addresses: Mapping[tuple[str, str], int]

    def people(self, group: Group) -> list[int]:
        """The people that the lines of a group belong to; more than one when their keys do not agree."""
        found = [self.external_ids.get(key) for key in group.external_ids]
        found += [self.phones.get(phone) for phone in group.phones]
        found += [self.addresses.get(address) for address in group.addresses]
        return sorted({person for person in found if person is not None})


async def find_keys(session: Session, groups: Iterable[Group]) -> Keys:
    """Look up all keys of these groups."""
    groups = list(groups)
    ids = [key for group in groups for key in group.external_ids]
    phones = [phone for group in groups for phone in group.phones]
    senders = [sender for group in groups for _, sender in group.addresses]
    by_id = select(ContactRow.external_id, ContactRow.person_id).where(ContactRow.external_id.in_(ids))
    by_phone = select(ContactRow.phone, ContactRow.person_id).where(ContactRow.phone.in_(phones))
    identities = select(IdentityRow.account, IdentityRow.sender, IdentityRow.person_id)
    at_address = identities.where(IdentityRow.sender.in_(senders))
    return Keys(
        {key: person for key, person in await session.execute(by_id) if key is not None},
        {phone: person for phone, person in await session.execute(by_phone) if phone is not None},
        {(account, sender): person for account, sender, person in await session.execute(at_address)},
    )
