"""Changes of the knowledge base, as the database keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.drafts.draft import Draft
from bot.drafts.errors import NoDraftError
from bot.drafts.texts import say
from bot.store.models import DraftState, KnowledgeDraftRow, KnowledgeRevisionRow, StaffRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.store.session import Session

_LIVE = KnowledgeDraftRow.state == DraftState.LIVE.value
_ORDER = (KnowledgeDraftRow.went_live, KnowledgeDraftRow.id)


async def live_ids(session: Session) -> tuple[int, ...]:
    """The changes that are live, in the order in which they became so: all that tells one state from another."""
    return tuple(await session.scalars(select(KnowledgeDraftRow.id).where(_LIVE).order_by(*_ORDER)))


async def live_drafts(session: Session) -> list[Draft]:
    """The same changes whole."""
    return [Draft.of(row) for row in await session.scalars(select(KnowledgeDraftRow).where(_LIVE).order_by(*_ORDER))]


async def hold(session: Session) -> None:
    """Let nobody else make a change live, or take one back, until this transaction ends."""
    contested = KnowledgeDraftRow.state.in_([DraftState.LIVE.value, DraftState.SUBMITTED.value])
    await session.execute(
        select(KnowledgeDraftRow.id).where(contested).order_by(KnowledgeDraftRow.id).with_for_update()
    )


async def list_drafts(
    session: Session, states: Collection[DraftState], entry: str = "", limit: int = 200
) -> list[Draft]:
    """Drafts in these states, of one answer when it is named, the latest changed first."""
    rows = select(KnowledgeDraftRow).where(KnowledgeDraftRow.state.in_([state.value for state in states]))
    if entry:
        rows = rows.where(KnowledgeDraftRow.entry == entry)
    latest = rows.order_by(KnowledgeDraftRow.updated.desc(), KnowledgeDraftRow.id.desc()).limit(limit)
    return [Draft.of(row) for row in await session.scalars(latest)]


async def find_draft(session: Session, number: int, *, locked: bool = False) -> Draft:
    """Raises NoDraftError."""
    wanted = select(KnowledgeDraftRow).where(KnowledgeDraftRow.id == number)
    row = await session.scalar(wanted.with_for_update() if locked else wanted)
    if row is None:
        raise NoDraftError(say("no_draft", number=number))
    return Draft.of(row)


async def add_draft(session: Session, **values: Any) -> int:
    """Keep a new draft; gives its number."""
    row = insert(KnowledgeDraftRow).values(**values, state=DraftState.DRAFT.value).returning(KnowledgeDraftRow.id)
    return int((await session.execute(row)).scalar_one())


async def change_draft(session: Session, number: int, **values: Any) -> None:
    await session.execute(update(KnowledgeDraftRow).where(KnowledgeDraftRow.id == number).values(**values))


async def keep_revision(session: Session, number: int, revision: int, staff: int, text: str, now: datetime) -> None:
    """Keep what a draft says in a revision, and who wrote it."""
    values = {"draft_id": number, "revision": revision, "staff_id": staff, "text": text, "happened": now}
    await session.execute(insert(KnowledgeRevisionRow).values(values))


async def list_revisions(session: Session, number: int) -> list[tuple[KnowledgeRevisionRow, str]]:
    """All revisions of a draft with the login of who wrote each, the latest first."""
    rows = (
        select(KnowledgeRevisionRow, StaffRow.login)
        .outerjoin(StaffRow, StaffRow.id == KnowledgeRevisionRow.staff_id)
        .where(KnowledgeRevisionRow.draft_id == number)
        .order_by(KnowledgeRevisionRow.id.desc())
    )
    return [(row, login or "") for row, login in await session.execute(rows)]


async def list_authors(session: Session, number: int) -> set[int]:
    """Everybody who wrote any revision of a draft."""
    wrote = select(KnowledgeRevisionRow.staff_id).where(KnowledgeRevisionRow.draft_id == number)
    return {staff for staff in await session.scalars(wrote) if staff is not None}
