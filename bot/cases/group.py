"""The staff group on Telegram: a card for each case, and what staff writes there.

    answer to a card        is sent to the citizen; who answers becomes the owner of a case that has none
    /nhan, /dong            take the case, settle it; in answer to a card, or with its number

A step is shown at most once: the row of its card is written before it is sent.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import delete, select, update

from bot.actions import Action
from bot.cases.case import COLUMNS, Case
from bot.cases.errors import CaseError, SaidBeforeError
from bot.cases.texts import say
from bot.delivery.errors import DeliveryError, Sent
from bot.store.inserting import insert_new
from bot.store.models import CaseCardRow, CaseEventKind, CaseEventRow, CaseRow, StaffRow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlalchemy import Row

    from bot.cases.desk import Actor, CaseDesk
    from bot.cases.events import Bus, Change
    from bot.channels.inbound import StaffMessage
    from bot.clock import Clock
    from bot.store.database import Database

    Post = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
    """One call of the Bot API for the group, by its name; raises DeliveryError."""

EVERY = 30.0
"""Seconds after which steps are looked for although nobody told of any."""
FRESH = timedelta(days=1)
"""Steps older than this are not shown: a group that was just set up gets no flood."""
BATCH = 15
"""Telegram takes 20 messages a minute for one group."""
SHOWN = 3_000
_SHOWN = [CaseEventKind.OPENED.value, CaseEventKind.CITIZEN.value]
_CHANGES = frozenset({CaseEventKind.STATE, CaseEventKind.TAKEN, CaseEventKind.TRANSFERRED})
_MARKS = {"now": "‼ ", "high": "! "}
TAKE, CLOSE = "nhan", "dong"

log = structlog.get_logger()


@dataclass(frozen=True)
class _Card:
    """A step of a case that is to be shown."""

    event: int
    kind: str
    text: str
    case: Case
    owner: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> _Card:
        return cls(row.event, row.kind, row.text, Case.of(row), row.owner_name)

    @property
    def shown(self) -> str:
        case = self.case
        if self.kind == CaseEventKind.CITIZEN:
            return say("vi", "card_citizen", number=case.number, text=self.text[:SHOWN])
        return say(
            "vi",
            "card",
            mark=_MARKS.get(case.urgency, ""),
            number=case.number,
            state=say("vi", f"state_{case.state}"),
            urgency=say("vi", f"urgency_{case.urgency}"),
            owner=self.owner or say("vi", "nobody"),
            province=case.province or "?",
            channel=case.channel or "?",
            question=(case.question or case.summary)[:SHOWN],
        )


class StaffGroup:
    """One group; `chat` is its number."""

    def __init__(self, database: Database, desk: CaseDesk, bus: Bus, chat: str, post: Post, clock: Clock) -> None:
        self._database = database
        self._desk = desk
        self._bus = bus
        self._chat = chat
        self._post = post
        self._clock = clock
        self._order = asyncio.Lock()

    async def run(self) -> None:
        """Show what happens, until cancelled."""
        with self._bus.listen() as changes:
            while True:
                await self.show()
                for case in await _changed(changes):
                    await self.refresh(case)

    async def show(self) -> None:
        """Send the cards of all steps that were not shown yet."""
        for card in await self._unshown():
            async with self._database.transaction() as session:
                values = {"case_id": card.case.id, "chat": self._chat, "event_id": card.event}
                row = await insert_new(session, CaseCardRow, **values)
            if row is not None and not await self._sent(row, card):
                return

    async def refresh(self, case: int) -> None:
        """Bring the card of a case up to date."""
        shown = CaseCardRow.message.is_not(None) & (CaseEventRow.kind == CaseEventKind.OPENED.value)
        async with self._database.reading() as session:
            found = await session.execute(_cards().add_columns(CaseCardRow.message).where(CaseRow.id == case, shown))
            row = found.first()
        if row is not None:
            await self._try("editMessageText", {"message_id": int(row.message), "text": _Card.of(row).shown})

    async def handle(self, message: StaffMessage) -> None:
        """What somebody wrote in the group, in the order of the calls; coming a second time it changes nothing."""
        async with self._order:
            await self._handle(message)

    async def _handle(self, message: StaffMessage) -> None:
        number = await self._number(message)
        if number is None and message.command not in {TAKE, CLOSE} and message.reply_to is None:
            return
        actor = await self._desk.on_telegram(message.author)
        if actor is None:
            answer: str | None = say("vi", "group_unknown", author=message.author)
        elif number is None:
            answer = say("vi", "group_which")
        else:
            answer = await self._done(message, number, actor)
        if answer is not None:
            values = {"message_id": int(message.message), "allow_sending_without_reply": True}
            await self._try("sendMessage", {"text": answer, "reply_parameters": values})

    async def _done(self, message: StaffMessage, number: str, actor: Actor) -> str | None:
        try:
            if message.command == TAKE:
                case = await self._desk.take(number, actor.id)
                return say("vi", "group_taken", number=case.number, name=actor.name)
            if message.command == CLOSE:
                case = await self._desk.resolve(number, actor.id)
                return say("vi", "group_resolved", number=case.number)
            source = f"{message.account}:{message.chat}:{message.message}"
            case = await self._desk.reply(number, actor.id, message.text, source=source)
            return say("vi", "group_sent", number=case.number)
        except SaidBeforeError:
            return None
        except CaseError as error:
            return str(error)

    async def _number(self, message: StaffMessage) -> str | None:
        """The case that a message is about: the number behind the command, or the card that it answers."""
        if message.command in {TAKE, CLOSE} and message.rest:
            return message.rest
        if message.reply_to is None:
            return None
        card = (CaseCardRow.chat == self._chat) & (CaseCardRow.message == message.reply_to)
        async with self._database.reading() as session:
            found = select(CaseRow.number).join(CaseCardRow, CaseCardRow.case_id == CaseRow.id).where(card)
            number: str | None = (await session.execute(found)).scalar_one_or_none()
        return number

    async def _unshown(self) -> list[_Card]:
        card = (CaseCardRow.event_id == CaseEventRow.id) & (CaseCardRow.chat == self._chat)
        fresh = CaseEventRow.happened > self._clock() - FRESH
        steps = _cards(card).where(CaseEventRow.kind.in_(_SHOWN), fresh, CaseCardRow.id.is_(None))
        async with self._database.reading() as session:
            found = await session.execute(steps.order_by(CaseEventRow.id).limit(BATCH))
            return [_Card.of(row) for row in found]

    async def _sent(self, row: int, card: _Card) -> bool:
        """Whether the next may follow. What was certainly not sent is shown later."""
        try:
            result = await self._post("sendMessage", {"text": card.shown})
        except DeliveryError as error:
            log.warning(Action.SEND_FAILED, reason=error.code)
            if error.sent is Sent.NO:
                async with self._database.transaction() as session:
                    await session.execute(delete(CaseCardRow).where(CaseCardRow.id == row))
            return False
        async with self._database.transaction() as session:
            message = str(result["message_id"])
            await session.execute(update(CaseCardRow).where(CaseCardRow.id == row).values(message=message))
        return True

    async def _try(self, method: str, parameters: Mapping[str, Any]) -> None:
        try:
            await self._post(method, parameters)
        except DeliveryError as error:
            log.warning(Action.SEND_FAILED, reason=error.code)


def _cards(card: Any = None) -> Any:
    """Steps with their case, owner and card."""
    name = StaffRow.login.label("owner_name")
    return (
        select(*COLUMNS, CaseEventRow.id.label("event"), CaseEventRow.kind, CaseEventRow.text, name)
        .select_from(CaseEventRow)
        .join(CaseRow, CaseRow.id == CaseEventRow.case_id)
        .outerjoin(CaseCardRow, CaseCardRow.event_id == CaseEventRow.id if card is None else card)
        .outerjoin(StaffRow, StaffRow.id == CaseRow.owner_id)
    )


async def _changed(changes: asyncio.Queue[Change]) -> set[int]:
    """The cases whose card is not true any more, when something happens; nothing after a while without news."""
    try:
        async with asyncio.timeout(EVERY):
            found = [await changes.get()]
    except TimeoutError:
        return set()
    while not changes.empty():
        found.append(changes.get_nowait())
    return {change.case for change in found if change.kind in _CHANGES}
