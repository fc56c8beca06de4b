"""Words that staff put on contacts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import delete

from bot.outreach.contacts.texts import tell_problem
from bot.outreach.errors import ContactError
from bot.store.inserting import put
from bot.store.models import ContactTagRow
from knowledge.search.folding import compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.store.session import Session

TAG_LIMIT = 40
_TAG = re.compile(r"\w[\w-]*")


def read_tag(text: str) -> str | None:
    """A tag as it is kept: small letters, `-` between words; None when it cannot be one."""
    tag = "-".join(compose(text).split())
    return tag if len(tag) <= TAG_LIMIT and _TAG.fullmatch(tag) else None


async def tag(session: Session, people: Iterable[int], text: str) -> None:
    """Put a tag on people. Raises ContactError for a text that cannot be one."""
    name = _required(text)
    await put(session, ContactTagRow, [{"person_id": person, "tag": name} for person in people])


async def untag(session: Session, people: Iterable[int], text: str) -> None:
    """Take a tag off people."""
    theirs = ContactTagRow.person_id.in_(list(people))
    await session.execute(delete(ContactTagRow).where(theirs, ContactTagRow.tag == _required(text)))


def _required(text: str) -> str:
    name = read_tag(text)
    if name is None:
        raise ContactError("; ".join(tell_problem("tags", value=text, limit=TAG_LIMIT)))
    return name
