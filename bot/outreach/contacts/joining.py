"""Joins what a list knew of somebody to the person who turns out to write to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.outreach.contacts.students import paired
from bot.store.inserting import put
from bot.store.models import (
    Consent,
    ConsentEventRow,
    ConsentRow,
    ContactRow,
    ContactTagRow,
    InsuredRow,
    PersonRow,
    RecipientRow,
    RecipientState,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.outreach.contacts.holdings import Holding
    from bot.store.session import Session

_COLUMNS = ("name", "phone", "external_id", "role", "province", "source")


def can_join(held: Mapping[int, Holding], people: Sequence[int]) -> tuple[int, int] | None:
    """Who of two stands on a list only, and who writes to us; None when it is not plain that they are one person."""
    listed = [person for person in people if not held[person].addresses]
    writing = [person for person in people if held[person].addresses]
    if len(listed) != 1 or len(writing) != 1:
        return None
    ours, theirs = held[writing[0]].contact, held[listed[0]].contact
    agree = ours is None or theirs is None or all(_agree(ours, theirs, key) for key in ("external_id", "phone"))
    return (listed[0], writing[0]) if agree else None


async def join(session: Session, listed: int, writing: int, held: Mapping[int, Holding]) -> None:
    """Move all that the list knew to the person who writes. What they said themselves stays, and any refusal holds."""
    theirs, ours = held[listed], held[writing]
    moved = [
        {"person_id": writing, "topic": topic.value, "consent": standing.consent.value, "since": standing.since}
        for topic, standing in theirs.standings.items()
        if topic not in ours.standings or standing.consent is Consent.WITHDRAWN
    ]
    await put(session, ConsentRow, moved)
    events = update(ConsentEventRow).where(ConsentEventRow.person_id == listed)
    await session.execute(events.values(person_id=writing))
    await put(session, ContactTagRow, [{"person_id": writing, "tag": tag} for tag in theirs.tags])
    await _move_students(session, writing, theirs, ours)
    await _move_recipients(session, listed, writing)
    await session.execute(delete(PersonRow).where(PersonRow.id == listed))
    await _move_contact(session, writing, theirs, ours)


async def _move_students(session: Session, writing: int, theirs: Holding, ours: Holding) -> None:
    """Those of the list, in place of what the chat told of the same ones."""
    position = max((row.position for row in ours.insured), default=-1)
    for there, row in paired(ours.insured, theirs.insured):
        if there is not None:
            await session.execute(delete(InsuredRow).where(InsuredRow.id == there.id))
        position += 1
        moved = update(InsuredRow).where(InsuredRow.id == row.id)
        await session.execute(moved.values(person_id=writing, position=position, listed=True))


async def _move_recipients(session: Session, listed: int, writing: int) -> None:
    """Somebody who would have got a campaign twice gets it once."""
    taken = select(RecipientRow.campaign_id).where(RecipientRow.person_id == writing)
    theirs = update(RecipientRow).where(RecipientRow.person_id == listed)
    await session.execute(theirs.where(RecipientRow.campaign_id.not_in(taken)).values(person_id=writing))
    open_states = RecipientRow.state.in_([RecipientState.PLANNED, RecipientState.WAITING])
    await session.execute(theirs.where(open_states).values(state=RecipientState.SKIPPED.value, reason="duplicate"))


async def _move_contact(session: Session, writing: int, theirs: Holding, ours: Holding) -> None:
    if theirs.contact is None:
        return
    row = ours.contact or theirs.contact
    kept = {name: getattr(ours.contact, name, None) or getattr(theirs.contact, name) for name in _COLUMNS}
    times = {"language": row.language, "created": row.created, "updated": row.updated}
    await put(session, ContactRow, [{"person_id": writing, **kept, **times}])


def _agree(one: ContactRow, other: ContactRow, key: str) -> bool:
    values = {getattr(one, key), getattr(other, key)} - {None}
    return len(values) < 2
