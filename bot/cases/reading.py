"""Cases as staff reads them: the inbox, the steps of one case, and what was said before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case as sql_case
from sqlalchemy import func, select

from bot.cases.book import Book
from bot.cases.case import ALIVE, COLUMNS, Case
from bot.cases.errors import NoCaseError
from bot.cases.texts import say
from bot.store.models import CaseEventKind, CaseEventRow, CaseRow, CaseState, InboundRow, OutboxRow, StaffRow
from bot.store.replies import from_json
from bot.store.texts import masked

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.clocks import OfficeHours
    from bot.settings import CasesSettings
    from bot.store.session import Session

EXCERPT = 20
_URGENCY = sql_case({"now": 0, "high": 1}, value=CaseRow.urgency, else_=2)


@dataclass(frozen=True)
class Filter:
    """Which cases are shown. `province` is the office scope of who looks; `mine` a member of staff."""

    states: tuple[CaseState, ...] = ALIVE
    province: str | None = None
    mine: int | None = None
    unowned: bool = False
    text: str = ""
    limit: int = 200


@dataclass(frozen=True)
class Listed:
    """A case with the name of its owner and its clocks, aware; None when a clock has stopped."""

    case: Case
    owner: str | None
    respond_by: datetime | None
    resolve_by: datetime | None

    def overdue(self, now: datetime) -> bool:
        return any(due is not None and due < now for due in (self.respond_by, self.resolve_by))


@dataclass(frozen=True)
class StepTaken:
    """One step of a case. `staff` is a name, None for the citizen and the program.

    `delivery` is how far a reply got: pending, sent, failed or unknown; `reason` why it failed.
    """

    id: int
    kind: CaseEventKind
    text: str
    staff: str | None
    happened: datetime
    delivery: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Said:
    """One message of the conversation, masked."""

    happened: datetime
    citizen: bool
    text: str


class Clocks:
    """By when a case should be answered and settled; both count from its opening, whoever owns it."""

    def __init__(self, hours: OfficeHours, settings: CasesSettings) -> None:
        self.hours = hours
        self._response, self._resolution = settings.first_response_hours, settings.resolution_hours

    def listed(self, case: Case, owner: str | None = None) -> Listed:
        respond = self.hours.due(case.opened, self._response) if case.alive and case.first_response is None else None
        resolve = self.hours.due(case.opened, self._resolution) if case.alive else None
        return Listed(case, owner, respond, resolve)


async def inbox(session: Session, clocks: Clocks, wanted: Filter | None = None) -> list[Listed]:
    """Cases, the most urgent first and then those waiting longest."""
    wanted = wanted or Filter()
    conditions: list[Any] = [CaseRow.state.in_([state.value for state in wanted.states])]
    if wanted.province is not None:
        conditions.append(CaseRow.province == wanted.province)
    if wanted.mine is not None:
        conditions.append(CaseRow.owner_id == wanted.mine)
    if wanted.unowned:
        conditions.append(CaseRow.owner_id.is_(None))
    if wanted.text:
        like = f"%{wanted.text.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        conditions.append(CaseRow.number.ilike(like, escape="!") | CaseRow.question.ilike(like, escape="!"))
    rows = await session.execute(
        select(*COLUMNS, func.coalesce(func.nullif(StaffRow.name, ""), StaffRow.login).label("owner_name"))
        .outerjoin(StaffRow, StaffRow.id == CaseRow.owner_id)
        .where(*conditions)
        .order_by(_URGENCY, CaseRow.opened, CaseRow.id)
        .limit(wanted.limit)
    )
    return [_listed(row, clocks) for row in rows]


async def shown(session: Session, clocks: Clocks, number: str, province: str | None, now: datetime) -> Listed:
    """One case for somebody of that office scope; raises NoCaseError."""
    case = await Book(session, now).find(number)
    if province is not None and case.province != province:
        raise NoCaseError(say("vi", "no_case", number=number[:40]))
    owner = select(func.coalesce(func.nullif(StaffRow.name, ""), StaffRow.login)).where(StaffRow.id == case.owner)
    return clocks.listed(case, (await session.execute(owner)).scalar_one_or_none())


async def history(session: Session, case: int) -> list[StepTaken]:
    """The steps of a case, oldest first."""
    found = await session.execute(
        select(
            CaseEventRow.id,
            CaseEventRow.kind,
            CaseEventRow.text,
            CaseEventRow.happened,
            func.coalesce(func.nullif(StaffRow.name, ""), StaffRow.login).label("staff"),
            OutboxRow.state,
            OutboxRow.reason,
        )
        .outerjoin(StaffRow, StaffRow.id == CaseEventRow.staff_id)
        .outerjoin(OutboxRow, OutboxRow.id == CaseEventRow.outbox_id)
        .where(CaseEventRow.case_id == case)
        .order_by(CaseEventRow.id)
    )
    return [
        StepTaken(row.id, CaseEventKind(row.kind), row.text, row.staff, row.happened, row.state, row.reason)
        for row in found
    ]


async def excerpt(session: Session, conversation: int | None, limit: int = EXCERPT) -> list[Said]:
    """The last messages of a conversation on both sides, masked, oldest first."""
    came = select(InboundRow.received, InboundRow.text, InboundRow.kind).where(
        InboundRow.conversation_id == conversation
    )
    went = select(OutboxRow.created, OutboxRow.reply).where(OutboxRow.conversation_id == conversation)
    inbound = await session.execute(came.order_by(InboundRow.id.desc()).limit(limit))
    outbound = await session.execute(went.order_by(OutboxRow.id.desc()).limit(limit))
    said = [Said(row.received, citizen=True, text=row.text or f"[{row.kind}]") for row in inbound]
    said += [Said(row.created, citizen=False, text=masked(from_json(row.reply).plain)) for row in outbound]
    return sorted(said, key=lambda one: (one.happened, not one.citizen))[-limit:]


def _listed(row: Any, clocks: Clocks) -> Listed:
    return clocks.listed(Case.of(row), row.owner_name)
