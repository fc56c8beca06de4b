"""Who agreed to what. Every statement is kept; the state by topic that follows from them is changed beside it.

Nobody gets a campaign message of a topic without having agreed to that topic. A child's contact is the guardian's: it
is the guardian who agrees.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, exists, select, update

from bot.store.inserting import put
from bot.store.models import (
    Consent,
    ConsentEventRow,
    ConsentRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    table_of,
)
from bot.store.statements import Statement, row_of
from bot.store.texts import masked
from handlers.consent import current_version
from handlers.effects import Topic

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from bot.store.session import Session

WORDING_VERSION = current_version()
WORDING_LIMIT = 500
"""Characters kept of what was said or written."""

_PARTS = ("person_id", "consent", "topic", "wording", "version", "how", "channel", "inbound_id", "happened")
_conversation, _identity = table_of(ConversationRow), table_of(IdentityRow)
_EVENT = Statement(row_of(table_of(ConsentEventRow), *_PARTS))
_THREADS = Statement(
    select(_conversation.c.id, _conversation.c.memory)
    .join(_identity, _conversation.c.identity_id == _identity.c.id)
    .where(_identity.c.person_id == bindparam("person"))
    .with_for_update(of=_conversation)
)
_REMEMBER = Statement(
    update(_conversation).where(_conversation.c.id == bindparam("conversation")).values(memory=bindparam("memory"))
)


class How(StrEnum):
    """The way in which a statement came."""

    CHAT = "chat"
    LIST = "list"
    STAFF = "staff"


class Standing(NamedTuple):
    """What holds for a topic, and since when."""

    consent: Consent
    since: datetime


async def record(  # noqa: PLR0913 - the parts of a proof
    session: Session,
    person: int,
    consent: Consent,
    topic: Topic | None,
    *,
    wording: str,
    how: How,
    channel: str,
    now: datetime,
    inbound_id: int | None = None,
    version: str | None = None,
) -> None:
    """Keep a statement about one topic or all, and what holds from `now` on, in this transaction.

    `wording` is what the person said or where it is written down, `version` the wording that they agreed to; in the
    chat that is the current one. `channel` is a channel's name, or `how` again when it came another way.
    """
    if consent is Consent.GIVEN and how is How.CHAT:
        version = version or WORDING_VERSION
    await session.run(
        _EVENT,
        person_id=person,
        consent=consent.value,
        topic=topic,
        wording=masked(wording, WORDING_LIMIT),
        version=version,
        how=how.value,
        channel=channel,
        inbound_id=inbound_id,
        happened=now,
    )
    topics = [topic] if topic else list(Topic)
    state = {"person_id": person, "consent": consent.value, "since": now}
    await put(session, ConsentRow, [{**state, "topic": each.value} for each in topics])
    if how is not How.CHAT:
        await _tell_the_bot(session, person, topics, consent)


async def _tell_the_bot(session: Session, person: int, topics: list[Topic], consent: Consent) -> None:
    """What was not said in the chat is remembered there too: asked what it knows, the bot must tell the truth."""
    said = dict.fromkeys([topic.value for topic in topics], consent is Consent.GIVEN)
    for conversation, memory in await session.run(_THREADS, person=person):
        known = {**memory, "topics": {**memory.get("topics", {}), **said}}
        await session.run(_REMEMBER, conversation=conversation, memory=known)


def list_may_change(standing: Standing | None, said: Consent, when: datetime) -> bool:
    """Whether a line of an office's list may change what holds: never against a refusal, nor with older news."""
    if standing is None:
        return True
    return standing.consent is Consent.GIVEN and said is Consent.WITHDRAWN and when >= standing.since


def may_receive(topic: Topic) -> ColumnElement[bool]:
    """SQL condition on `person.id`: they agreed to this topic and did not take it back."""
    given = exists().where(
        ConsentRow.person_id == PersonRow.id,
        ConsentRow.topic == topic.value,
        ConsentRow.consent == Consent.GIVEN.value,
    )
    return given.correlate(PersonRow)
