"""Reads what conversations tell of people into the tables that segments are made of.

Only conversations that moved since the last time are read, a few hundred people to a transaction, away from the path of
a message. What somebody said themselves goes before what a list said of them, but for students that stand on a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, or_, select

from bot.outreach.contacts.students import paired
from bot.store.inserting import put
from bot.store.models import (
    ArrivalRow,
    ContactRow,
    ConversationRow,
    IdentityRow,
    InsuredRow,
    OutboxRow,
    PersonRow,
    Relation,
    TopicAskedRow,
    table_of,
)
from bot.store.threads import read_memory
from knowledge.base import load
from knowledge.entries import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.store.database import Database
    from bot.store.session import Session
    from handlers.memory import Memory, Person
    from knowledge.entries import Entry

BATCH = 200
"""Conversations read in one transaction, so that turns never wait long."""
OVERLAP = timedelta(minutes=10)
"""A turn has the time at which it began: it may have been kept after a later one was read."""
ASKED = frozenset({Kind.ANSWER, Kind.HANDOFF, Kind.CLARIFY})
"""Kinds of entries whose topic somebody asked for."""


@dataclass(frozen=True)
class _Told:
    """One conversation of a person."""

    person: int
    memory: Memory
    updated: datetime
    last_interaction: datetime | None


@dataclass(frozen=True)
class _Student:
    """A student whom a conversation speaks of."""

    relation: str
    birth_year: int | None
    grade: int | None
    school_id: None = None


async def refresh_contacts(
    database: Database,
    now: datetime,
    entries: Mapping[str, Entry] | None = None,
    progress: Callable[[str, float], None] = lambda _what, _share: None,
) -> int:
    """Bring contacts, their students and the topics they asked for up to date; gives the number of people read.

    `entries` are those of the knowledge base, which is loaded when they are not given.
    """
    topics = {entry.id: entry.topic for entry in (entries or load().entries).values() if entry.kind in ASKED}
    async with database.reading() as session:
        last = await session.scalar(select(func.max(ContactRow.read_up_to)))
        moved = _moved(last - OVERLAP if last else None)
        total = await session.scalar(select(func.count()).select_from(moved.subquery())) or 0
    read, position = 0, None
    while True:
        async with database.transaction() as session:
            rows = (await session.execute(_after(moved, position).limit(BATCH))).all()
            if not rows:
                return read
            people = await _held(session, {row.person_id for row in rows})
            await _read(session, people, topics, now)
        read += len(people)
        position = (rows[-1].updated, rows[-1].id)
        progress("", min(1.0, read / max(total, 1)))


def _moved(since: datetime | None) -> Any:
    """Conversations that moved since they were last read, in the order in which they did."""
    moved = (
        select(ConversationRow.id, ConversationRow.updated, IdentityRow.person_id)
        .join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
        .outerjoin(ContactRow, ContactRow.person_id == IdentityRow.person_id)
        .where(or_(ContactRow.read_up_to.is_(None), ContactRow.read_up_to < ConversationRow.updated))
        .order_by(ConversationRow.updated, ConversationRow.id)
    )
    return moved.where(ConversationRow.updated >= since) if since else moved


def _after(moved: Any, position: tuple[datetime, int] | None) -> Any:
    if position is None:
        return moved
    updated, number = position
    later = or_(
        ConversationRow.updated > updated, and_(ConversationRow.updated == updated, ConversationRow.id > number)
    )
    return moved.where(later)


async def _held(session: Session, people: Collection[int]) -> list[int]:
    """Those who are not being erased at this moment, kept from it until the transaction ends."""
    there = select(PersonRow.id).where(PersonRow.id.in_(people))
    return list(await session.scalars(there.with_for_update(read=True, key_share=True, skip_locked=True)))


async def _read(session: Session, people: Sequence[int], topics: Mapping[str, str], now: datetime) -> None:
    contacts = {row.person_id: row for row in await session.scalars(_of(ContactRow, people))}
    sources = await _sources(session, people)
    told: dict[int, list[_Told]] = {}
    for each in await _conversations(session, people):
        told.setdefault(each.person, []).append(each)
    # Before the contacts: it reads from where they were left off.
    await _write_topics(session, people, topics)
    rows = [_contact(contacts.get(person), all_told, sources.get(person), now) for person, all_told in told.items()]
    await put(session, ContactRow, rows)
    await _write_students(session, told)


def _of(row: Any, people: Collection[int]) -> Any:
    return select(row).where(row.person_id.in_(people))


async def _conversations(session: Session, people: Collection[int]) -> list[_Told]:
    """All conversations of these people, the latest last."""
    rows = await session.execute(
        select(IdentityRow.person_id, ConversationRow.memory, ConversationRow.updated, ConversationRow.last_interaction)
        .join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
        .where(IdentityRow.person_id.in_(people))
        .order_by(ConversationRow.updated, ConversationRow.id)
    )
    return [_Told(person, read_memory(memory), updated, last) for person, memory, updated, last in rows]


async def _sources(session: Session, people: Collection[int]) -> dict[int, str]:
    """The code with which each came first."""
    first = select(func.min(ArrivalRow.id)).where(ArrivalRow.person_id.in_(people)).group_by(ArrivalRow.person_id)
    rows = await session.execute(select(ArrivalRow.person_id, ArrivalRow.code).where(ArrivalRow.id.in_(first)))
    return {person: code for person, code in rows if person is not None}


def _contact(there: ContactRow | None, told: Sequence[_Told], source: str | None, now: datetime) -> dict[str, Any]:
    spoken = [each for each in told if each.last_interaction is not None]
    memories = [each.memory for each in reversed(told)]
    return {
        "person_id": told[0].person,
        "role": _first(memory.role.value if memory.role else None for memory in memories)
        or getattr(there, "role", None),
        "province": _first(memory.province for memory in memories) or getattr(there, "province", None),
        "language": spoken[-1].memory.language if spoken else there.language if there else "vi",
        "source": source or getattr(there, "source", None),
        "last_seen": max((each.last_interaction for each in spoken if each.last_interaction), default=None),
        "read_up_to": told[-1].updated,
        "created": there.created if there else now,
        "updated": now,
    }


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


async def _write_students(session: Session, told: Mapping[int, Sequence[_Told]]) -> None:
    """Students whom the conversations speak of, in place of those from before; who stands on a list stays as listed."""
    listed: dict[int, list[InsuredRow]] = {}
    for row in await session.scalars(_of(InsuredRow, told).where(InsuredRow.listed)):
        listed.setdefault(row.person_id, []).append(row)
    unlisted = InsuredRow.person_id.in_(told) & ~InsuredRow.listed
    await session.execute(delete(InsuredRow).where(unlisted), execution_options={"synchronize_session": False})
    rows: list[dict[str, Any]] = []
    for person, each in told.items():
        known = listed.get(person, [])
        new = [student for row, student in paired(known, _students(each)) if row is None]
        first = max((row.position for row in known), default=-1) + 1
        rows += [
            {
                "person_id": person,
                "position": position,
                "relation": student.relation,
                "birth_year": student.birth_year,
                "grade": student.grade,
                "listed": False,
            }
            for position, student in enumerate(new, first)
        ]
    if rows:
        await session.execute(insert(table_of(InsuredRow)), rows)


def _students(told: Sequence[_Told]) -> list[_Student]:
    """Everybody of whom at least year of birth or grade is known, each once."""
    people: list[tuple[Relation, Person]] = []
    for each in told:
        people += [(Relation.SELF, each.memory.myself), *((Relation.CHILD, child) for child in each.memory.children)]
    found = [
        _Student(relation.value, person.birth_year, person.grade)
        for relation, person in people
        if person.birth_year is not None or person.grade is not None
    ]
    return list(dict.fromkeys(found))


async def _write_topics(session: Session, people: Collection[int], topics: Mapping[str, str]) -> None:
    """The last day of each topic that they got an answer of, since their contact was last read."""
    entry = OutboxRow.reply["entry"].as_string()
    asked = (
        select(IdentityRow.person_id, entry, OutboxRow.created)
        .join(ConversationRow, OutboxRow.conversation_id == ConversationRow.id)
        .join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
        .outerjoin(ContactRow, ContactRow.person_id == IdentityRow.person_id)
        .where(
            IdentityRow.person_id.in_(people),
            OutboxRow.inbound_id.is_not(None),
            entry.is_not(None),
            or_(ContactRow.read_up_to.is_(None), OutboxRow.created > ContactRow.read_up_to),
        )
        .order_by(OutboxRow.created)
    )
    days = {
        (person, topics[entry_id]): created.date()
        for person, entry_id, created in await session.execute(asked)
        if entry_id in topics
    }
    await put(
        session,
        TopicAskedRow,
        [{"person_id": person, "topic": topic, "day": day} for (person, topic), day in days.items()],
    )
