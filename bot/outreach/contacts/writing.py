"""Carries out what a list changes about people, in the transaction of a chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert

from bot.outreach.consents import How, record
from bot.store.inserting import insert_new, put
from bot.store.models import (
    AccountRow,
    ContactRow,
    ContactTagRow,
    ConversationRow,
    IdentityRow,
    InsuredRow,
    PersonRow,
    table_of,
)
from bot.store.statements import Statement, row_of
from handlers.effects import Topic
from handlers.memory import Memory
from knowledge.entries import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.channels.inbound import Channel
    from bot.outreach.contacts.changes import Change
    from bot.outreach.contacts.holdings import Holding
    from bot.outreach.contacts.rows import Agreement
    from bot.store.session import Session

_LISTED = ("name", "phone", "external_id", "role", "province", "language", "created")
"""Columns of a contact that a list writes; the others follow the conversations."""
_STUDENT = ("person_id", "position", "relation", "birth_year", "grade", "school_id", "card_end", "listed")

_person, _conversation = table_of(PersonRow), table_of(ConversationRow)
_NEW_PERSON = Statement(insert(_person).values(created=bindparam("created")).returning(_person.c.id))
_NEW_STUDENT = Statement(row_of(table_of(InsuredRow), *_STUDENT))
_NEW_THREAD = Statement(row_of(_conversation, "identity_id", "memory", "memory_version", "updated"))


class Writer:
    """Writes people one after the other; `flush` before anything is read again, and at the end."""

    def __init__(self, session: Session, accounts: Mapping[str, Channel], now: datetime) -> None:
        self._session, self._accounts, self._now = session, accounts, now
        self._contacts: list[dict[str, Any]] = []
        self._new_students: list[dict[str, Any]] = []
        self._students: list[dict[str, Any]] = []
        self._tags: list[dict[str, Any]] = []

    async def write(self, person: int | None, holding: Holding, change: Change) -> int:
        """Write what changes about a person, None for somebody new; gives their number.

        Somebody of whom the list says nothing new is noted as still standing in it.
        """
        if person is None:
            person = int((await self._session.run(_NEW_PERSON, created=self._now))[0][0])
        there = {name: getattr(holding.contact, name, None) for name in _LISTED}
        fresh = {"language": there["language"] or "vi", "created": there["created"] or self._now}
        self._contacts.append({"person_id": person, **there, **fresh, **change.contact, "updated": self._now})
        self._write_students(person, holding, change)
        self._tags += [{"person_id": person, "tag": tag} for tag in change.tags]
        for account, sender in change.addresses:
            await self._write_address(person, account, sender, change)
        for said, topics in change.agreements:
            await self._write_agreement(person, said, topics)
        return person

    async def flush(self) -> None:
        """Write what was put together."""
        await put(self._session, ContactRow, self._contacts)
        await put(self._session, InsuredRow, self._students)
        if self._new_students:
            await self._session.run_many(_NEW_STUDENT, self._new_students)
        await put(self._session, ContactTagRow, self._tags)
        self._contacts, self._students, self._new_students, self._tags = [], [], [], []

    def _write_students(self, person: int, holding: Holding, change: Change) -> None:
        position = max((row.position for row in holding.insured), default=-1)
        for row, values in change.insured:
            if row is not None:
                there = {name: getattr(row, name) for name in ("id", *_STUDENT)}
                self._students.append({**there, **values, "listed": True})
            else:
                position += 1
                new = {**dict.fromkeys(_STUDENT), "person_id": person, "position": position, "listed": True}
                self._new_students.append({**new, **values})

    async def _write_address(self, person: int, account: str, sender: str, change: Change) -> None:
        """An address where the person can be written to, and the conversation that it begins with."""
        session = self._session
        await insert_new(session, AccountRow, id=account, channel=self._accounts[account].value, created=self._now)
        identity = await insert_new(session, IdentityRow, person_id=person, account=account, sender=sender)
        if identity is None:
            return
        told = change.contact
        memory = Memory(
            language=told.get("language", "vi"),
            role=Role(told["role"]) if "role" in told else None,
            province=told.get("province"),
        )
        document = memory.model_dump(mode="json", exclude_defaults=True)
        thread = {"identity_id": identity, "memory": document, "memory_version": memory.version, "updated": self._now}
        await session.run(_NEW_THREAD, **thread)

    async def _write_agreement(self, person: int, said: Agreement, topics: tuple[Topic, ...]) -> None:
        """One statement about everything is one event, as it was one sentence on the form."""
        for topic in (None,) if len(topics) == len(Topic) else topics:
            await record(
                self._session,
                person,
                said.consent,
                topic,
                wording=said.how,
                how=How.LIST,
                channel=How.LIST,
                now=said.when,
                version=said.version,
            )
