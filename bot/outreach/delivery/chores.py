"""What comes round again without anybody asking. Each may be done as often as one likes, and by several processes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.actions import Action
from bot.outreach.contacts.projecting import refresh_contacts
from bot.outreach.quiz_series import due_round
from bot.outreach.reminders import due_reminders
from bot.outreach.reports.attribution import attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from datetime import datetime

    from bot.outreach.delivery.office import Office

    Chore = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger()


async def _read_contacts(office: Office, now: datetime) -> None:
    """What conversations told, into the contacts."""
    await refresh_contacts(office.database, now, office.base.entries)


async def _attribute_answers(office: Office, now: datetime) -> None:
    """What conversations told, into the ledgers."""
    await attribute(office.database, now)


async def _open_quiz(office: Office, now: datetime) -> None:
    """This week's round of the quiz."""
    async with office.database.transaction() as session:
        await due_round(session, office.base, now)


async def _make_reminders(office: Office, now: datetime) -> None:
    """The campaigns of standing templates that are due."""
    async with office.database.transaction() as session:
        await due_reminders(session, now)


_WORK = {
    "contacts": _read_contacts,
    "replies": _attribute_answers,
    "quiz": _open_quiz,
    "reminders": _make_reminders,
}


def chores(office: Office) -> Mapping[str, Chore]:
    """By name, in the order in which they are done: what is due is found in what conversations told before."""
    return {name: partial(_do, name, office) for name in _WORK}


async def _do(name: str, office: Office) -> None:
    """One that fails must not stop the others; it comes round again."""
    try:
        await _WORK[name](office, office.clock())
    except Exception:
        log.exception(Action.OUTREACH_FAILED, state=name)
