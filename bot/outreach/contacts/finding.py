"""Finds a person by what they or a list can tell: contact, telephone or case number, the key of the office's list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.outreach.contacts.phones import e164
from bot.outreach.contacts.texts import tell
from bot.outreach.errors import ContactError
from bot.store.models import CaseRow, ContactRow, ConversationRow, IdentityRow, PersonRow

if TYPE_CHECKING:
    from typing import Any

    from bot.store.session import Session

NUMBER_LIMIT = 9
"""Digits of a contact number at most; telephone numbers have more, or begin with 0."""


async def find_contact(session: Session, text: str, province: str | None = None) -> int:
    """The number of the person meant.

    Raises ContactError when there is none, no longer, or one of another than the only `province` that may be seen.
    """
    text = text.strip()
    person = await session.scalar(_query(text))
    if person is None:
        person = await session.scalar(select(ContactRow.person_id).where(ContactRow.external_id == text))
    if person is None or (province and not await _is_of(session, person, province)):
        raise ContactError(tell("find", "none", text=text[:40]))
    return int(person)


async def _is_of(session: Session, person: int, province: str) -> bool:
    """Whether somebody is known to live there or, when that is not known, has a case of that province."""
    home = await session.scalar(select(ContactRow.province).where(ContactRow.person_id == person))
    if home is not None:
        return home == province
    theirs = select(CaseRow.id).join(ConversationRow, CaseRow.conversation_id == ConversationRow.id)
    theirs = theirs.join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
    there = theirs.where(IdentityRow.person_id == person, CaseRow.province == province)
    return await session.scalar(there.limit(1)) is not None


def _query(text: str) -> Any:
    if text.isascii() and text.isdigit() and len(text) < NUMBER_LIMIT and not text.startswith("0"):
        return select(PersonRow.id).where(PersonRow.id == int(text))
    phone = e164(text)
    if phone is not None:
        return select(ContactRow.person_id).where(ContactRow.phone == phone).limit(1)
    return (
        select(IdentityRow.person_id)
        .join(ConversationRow, ConversationRow.identity_id == IdentityRow.id)
        .join(CaseRow, CaseRow.conversation_id == ConversationRow.id)
        .where(CaseRow.number == text.upper())
    )
