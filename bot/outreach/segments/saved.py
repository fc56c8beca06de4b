"""Segments that staff keep by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.outreach.segments.errors import SegmentError
from bot.outreach.segments.fields import nearest
from bot.outreach.segments.parser import parse
from bot.store.models import SegmentRow
from knowledge.search.folding import compose

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

LONGEST_NAME = 60
EXAMPLES = Path(__file__).with_name("examples.toml")


def kept_name(name: str) -> str:
    """A name as it is kept: small letters, one space between words."""
    return " ".join(compose(name).split())


async def save(session: Session, name: str, text: str, now: datetime) -> SegmentRow:
    """Keep a query under a name, in place of the one that had it; kept is its canonical text. Raises SegmentError."""
    name = kept_name(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise SegmentError(0, "tên nhóm không hợp lệ", f"viết từ 1 đến {LONGEST_NAME} ký tự")
    query = str(parse(text))
    row = await session.scalar(select(SegmentRow).where(SegmentRow.name == name))
    if row is None:
        row = SegmentRow(name=name, query=query, created=now, updated=now)
        session.add(row)
    else:
        row.query, row.updated = query, now
    await session.flush()
    return row


async def segments(session: Session) -> list[SegmentRow]:
    """All saved segments, by name."""
    return list((await session.execute(select(SegmentRow).order_by(SegmentRow.name))).scalars())


async def find(session: Session, name: str) -> SegmentRow:
    """The segment of a name. Raises SegmentError when there is none."""
    wanted = kept_name(name)
    row = await session.scalar(select(SegmentRow).where(SegmentRow.name == wanted))
    if row is None:
        meant = nearest(wanted, [each.name for each in await segments(session)])
        mend = f"ý bạn là “{meant}”?" if meant else "xem: bhyt-bot segment list"
        raise SegmentError(0, f"không có nhóm “{wanted[:LONGEST_NAME]}”", mend)
    return row


async def remove(session: Session, name: str) -> None:
    """Forget a name; campaigns keep their copy of the query. Raises SegmentError when there is none."""
    row = await find(session, name)
    await session.execute(delete(SegmentRow).where(SegmentRow.id == row.id))
