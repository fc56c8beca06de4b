"""Whom a query means, told while it is being written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.outreach.audience import count_meant, resolved
from bot.outreach.segments import SegmentError, explain, parse

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session


@dataclass(frozen=True)
class Looked:
    """`people` is None while there is nothing to count; `faults` are of the fields segment and exclude."""

    people: int | None = None
    says: str = ""
    leaves_out: str = ""
    faults: dict[str, str] = field(default_factory=dict)


async def look(session: Session, segment: str, exclude: str, now: datetime) -> Looked:
    """What a segment and what it leaves out mean now; each is a query or the name of a saved one."""
    queries, faults = {"segment": "", "exclude": ""}, {}
    for name, text in (("segment", segment.strip()), ("exclude", exclude.strip())):
        try:
            queries[name] = await resolved(session, text) if text else ""
        except SegmentError as error:
            faults[name] = _placed(error, text)
    if faults or not queries["segment"]:
        return Looked(faults=faults)
    people = await count_meant(session, queries["segment"], queries["exclude"], now)
    return Looked(people, sentence(queries["segment"]), sentence(queries["exclude"]))


def sentence(query: str) -> str:
    """A query in words; as it stands when it cannot be read."""
    try:
        return explain(parse(query)) if query else ""
    except SegmentError:
        return query


def _placed(error: SegmentError, text: str) -> str:
    """What is wrong, with the part of the text where it is."""
    rest = text[error.position - 1 :][:40] if error.position else ""
    return f"{error} (“{rest}”)" if rest else str(error)
