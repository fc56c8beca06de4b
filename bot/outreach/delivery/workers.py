"""The processes that send campaigns, known by name. One that was not seen for a while is lost: others go on for it.

Times are each machine's own clock; `lost_after` has to be longer than the clocks differ.
"""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from bot.outreach.errors import OutreachError
from bot.store.models import RecipientRow, RecipientState, WorkerRow, table_of
from bot.store.statements import Statement

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.config import Settings
    from bot.store.session import Session

_worker, _recipient = table_of(WorkerRow), table_of(RecipientRow)
# A lock that whoever takes us for lost has to wait for; SQLite has one writer anyway.
_HOLD = Statement(
    select(_worker.c.id)
    .where(_worker.c.id == bindparam("name"), _worker.c.started == bindparam("started"))
    .with_for_update(read=True, key_share=True)
)
LOST = "worker_lost"
"""Why the outcome is unknown of what a dead process had in its hands."""


class ReplacedError(OutreachError):
    """Another process has taken this one's name, or taken it for lost: it must not send."""


def worker_name(settings: Settings) -> str:
    """The name of this process: from the settings, else of the machine and the port, which no two processes share."""
    host = re.sub(r"[^A-Za-z0-9_.-]", "-", socket.gethostname())[:48]
    return settings.outreach.worker or f"{host}-{settings.web.port}"


class Worker:
    """This process, from `started` on. Whoever registers the same name later takes its place."""

    def __init__(self, name: str, version: str, started: datetime) -> None:
        self.name = name
        self._version = version
        self._started = started
        self._ours = (_worker.c.id == name) & (_worker.c.started == started)

    async def register(self, session: Session, now: datetime) -> None:
        """Begin this process's life. What an earlier one of the same name had in its hands is of unknown outcome."""
        await session.execute(delete(_worker).where(_worker.c.id == self.name))
        row = {"id": self.name, "version": self._version, "started": self._started, "seen": now}
        await session.execute(insert(_worker).values(row))
        await let_go(session, _recipient.c.worker == self.name, now)

    async def beat(self, session: Session, now: datetime) -> None:
        """Say that we live; raises ReplacedError when we are not taken for alive any more."""
        seen = update(_worker).where(self._ours).values(seen=now).returning(_worker.c.id)
        if (await session.execute(seen)).first() is None:
            raise ReplacedError("worker_replaced")

    async def hold(self, session: Session) -> None:
        """Nobody can take us for lost until the end of this transaction; raises ReplacedError when somebody has."""
        if not await session.run(_HOLD, name=self.name, started=self._started):
            raise ReplacedError("worker_replaced")

    async def leave(self, session: Session) -> None:
        """End this process's life."""
        await session.execute(delete(_worker).where(self._ours))


async def bury(session: Session, now: datetime, lost_after: timedelta) -> list[str]:
    """Forget workers that were not seen for so long, and let go what nobody holds any more; gives their names."""
    lost = delete(_worker).where(_worker.c.seen < now - lost_after).returning(_worker.c.id)
    names = list((await session.execute(lost)).scalars())
    await let_go(session, _recipient.c.worker.not_in(select(_worker.c.id)), now)
    return names


async def living(session: Session) -> dict[str, str]:
    """The workers by name, each with the version of its workflows."""
    found = await session.execute(select(_worker.c.id, _worker.c.version))
    return {row.id: row.version for row in found}


async def let_go(session: Session, whose: object, now: datetime) -> None:
    """What is in these hands may have been sent."""
    values = {"state": RecipientState.UNKNOWN.value, "reason": LOST, "updated": now}
    held = _recipient.c.state == RecipientState.SENDING.value
    await session.execute(update(_recipient).where(held, whose).values(values))  # type: ignore[arg-type]
