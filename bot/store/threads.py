"""The thread with one sender: who it is, which conversation, and what the bot remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from pydantic import ValidationError
from sqlalchemy import bindparam, delete, select, update

from bot.actions import Action
from bot.store.inserting import insert_new
from bot.store.models import AccountRow, ConversationRow, IdentityRow, PersonRow, table_of
from bot.store.statements import Statement
from bot.store.texts import masked
from handlers.memory import SAID, Memory

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from bot.channels.inbound import Channel
    from bot.store.session import Session

log = structlog.get_logger()

_identity, _conversation = table_of(IdentityRow), table_of(ConversationRow)
_LOCKED = Statement(
    select(
        _identity.c.person_id,
        _conversation.c.id,
        _conversation.c.memory,
        _conversation.c.last_interaction,
        _identity.c.unreachable,
        _conversation.c.held_by,
    )
    .join_from(_identity, _conversation, _conversation.c.identity_id == _identity.c.id)
    .where(_identity.c.account == bindparam("account"), _identity.c.sender == bindparam("sender"))
    .with_for_update(of=_conversation)
)
_SAVE = Statement(
    update(_conversation)
    .where(_conversation.c.id == bindparam("conversation"))
    .values({name: bindparam(name) for name in ("memory", "memory_version", "updated", "last_interaction")})
)


@dataclass(frozen=True)
class Thread:
    """One sender's person, conversation and memory, as read and locked in this transaction.

    `held_by` is the case for which staff has the conversation.
    """

    person: int
    conversation: int
    memory: Memory
    last_interaction: datetime | None = None
    unreachable: str | None = None
    held_by: int | None = None


async def open_thread(
    session: Session, account: str, channel: Channel, sender: str, now: datetime, newcomer: Memory | None = None
) -> Thread:
    """The thread of a sender, made when this is their first message. Locked until the transaction ends.

    `newcomer` is what is known of somebody who writes for the first time.
    """
    newcomer = newcomer or Memory()
    thread = await _locked(session, account, sender)
    if thread is not None:
        return thread
    await insert_new(session, AccountRow, id=account, channel=channel.value, created=now)
    person = await insert_new(session, PersonRow, created=now)
    identity = await insert_new(session, IdentityRow, person_id=person, account=account, sender=sender)
    if identity is None:
        # Another process was just as quick with this sender's first two messages; it has committed by now.
        await session.execute(delete(PersonRow).where(PersonRow.id == person))
        thread = await _locked(session, account, sender)
        if thread is None:
            raise RuntimeError("an identity without conversation")
        return thread
    version = newcomer.version
    conversation = await insert_new(
        session, ConversationRow, identity_id=identity, memory={}, memory_version=version, updated=now
    )
    return Thread(person, conversation, newcomer)


async def _locked(session: Session, account: str, sender: str) -> Thread | None:
    """SQLite needs no lock here: its transaction is the only one that writes."""
    found = await session.run(_LOCKED, account=account, sender=sender)
    if not found:
        return None
    person, conversation, memory, *rest = found[0]
    return Thread(person, conversation, read_memory(memory), *rest)


def read_memory(document: dict[str, Any]) -> Memory:
    """The memory as kept. One that this version cannot read is let go: the person is asked again, which is no harm."""
    try:
        return Memory.model_validate(document)
    except ValidationError:
        log.warning(Action.MEMORY_RESET)
        return Memory()


async def save_memory(session: Session, thread: Thread, memory: Memory, now: datetime, seen: datetime) -> None:
    """Keep what the bot remembers, and that the person did something at `seen`, unless they did so later already.

    What the person said is masked once more on the way.
    """
    said = {name: text for name in SAID if (text := getattr(memory, name))}
    memory = memory.having(**{name: masked(text) for name, text in said.items()})
    document = memory.model_dump(mode="json", exclude_defaults=True)
    await session.run(
        _SAVE,
        conversation=thread.conversation,
        memory=document,
        memory_version=memory.version,
        updated=now,
        last_interaction=max(seen, thread.last_interaction or seen),
    )


async def find_conversation(session: Session, account: str, sender: str) -> int | None:
    """The conversation of a sender, None when they never wrote or were erased."""
    return (
        await session.execute(
            select(ConversationRow.id)
            .join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
            .where(IdentityRow.account == account, IdentityRow.sender == sender)
        )
    ).scalar_one_or_none()


async def find_person(session: Session, account: str, sender: str) -> int | None:
    """The person behind a sender, None when they never wrote or were erased."""
    theirs = (IdentityRow.account == account) & (IdentityRow.sender == sender)
    return (await session.execute(select(IdentityRow.person_id).where(theirs))).scalar_one_or_none()


async def learn_province(session: Session, account: str, sender: str, province: str) -> None:
    """Remember where somebody lives, unless they said so themselves."""
    thread = await _locked(session, account, sender)
    if thread is not None and thread.memory.province is None:
        document = thread.memory.having(province=province).model_dump(mode="json", exclude_defaults=True)
        values = update(ConversationRow).where(ConversationRow.id == thread.conversation).values(memory=document)
        await session.execute(values)
