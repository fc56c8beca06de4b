"""The durable engine: DBOS, which runs a workflow to its end also when the process that began it dies before.

DBOS works in threads of its own with a database connection of its own; our work is done on our event loop, where a
workflow hands it over. Workflows only say what is done next. What was done stands in our ledger, so every step may be
done again.

Only one engine can live in a process, because DBOS keeps itself in a global.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import CancelledError
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url

from bot.database_url import sqlite_file
from bot.logging import LibraryHandler
from bot.outreach.errors import OutreachError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from collections.abc import Set as AbstractSet
    from concurrent.futures import Future
    from datetime import datetime

    from bot.config import Settings

VERSION = "2"
"""Of the shape of the workflows below: a workflow goes on only in a process with the same. Raise it when their names,
arguments or steps change; docs/delivery.md says what becomes of older ones."""
QUEUE = "campaigns"
SCHEMA = "dbos"
POLL = 0.5
"""Seconds between two looks of the engine at its queue."""
PLANNING = "planning"
"""The partition of the queue in which campaigns begin and are planned, one after the other."""
CHORES = "chores"
"""The partition of what comes round by itself; all others are accounts."""
_LIVE = ["DELAYED", "ENQUEUED", "PENDING"]
_OVER = ["SUCCESS", "ERROR", "CANCELLED"]
_CLEARED = 500

_only_one = Lock()


class EngineError(OutreachError):
    """The engine cannot be started."""


class _Stopped(BaseException):
    """The program ends. What DBOS takes for no error of a workflow leaves it to the next start."""


@dataclass(frozen=True)
class Work:
    """What the workflows do, on our event loop.

    `begin` says whether a campaign has begun. `plan` writes recipients of it and gives where it goes on (None: it is
    done). `send` sends a campaign through an account for a while and says whether it is worth going on; `rest` ends
    what it began. `chores` are done one after the other, each by its name.
    """

    begin: Callable[[int], Coroutine[Any, Any, bool]]
    plan: Callable[[int, int], Coroutine[Any, Any, int | None]]
    send: Callable[[int, str], Coroutine[Any, Any, bool]]
    rest: Callable[[int, str], Coroutine[Any, Any, None]]
    chores: Mapping[str, Callable[[], Coroutine[Any, Any, None]]]


@dataclass(frozen=True)
class Live:
    """Workflows of campaigns that have not ended.

    `at_work`: what is planned or sent, or will be as soon as it is its turn, each with its partition of the queue.
    `to_begin`: what begins later, each with the second of the epoch.
    """

    at_work: AbstractSet[tuple[int, str]]
    to_begin: AbstractSet[tuple[int, int]]


def engine_url(settings: Settings) -> str:
    """Where the engine keeps its own tables: beside the SQLite file, or in the PostgreSQL database."""
    if settings.outreach.engine_url is not None:
        return settings.outreach.engine_url.get_secret_value()
    url = settings.database.url.get_secret_value()
    file = sqlite_file(url)
    if file is not None:
        return f"sqlite:///{file.with_name(f'{file.stem}-engine{file.suffix}').as_posix()}"
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class Engine:
    """Start it inside a running event loop. `executor` is the name of this process, the same after each restart."""

    def __init__(self, url: str, executor: str, work: Work, legs: int = 20) -> None:
        self._url = url
        self._executor = executor
        self._work = work
        self._legs = legs
        self._handed_over: set[Future[Any]] = set()
        self._closing = False
        self._dbos: Any = None

    @property
    def running(self) -> bool:
        return self._dbos is not None

    async def start(self) -> None:
        """Begin to work; workflows that an earlier process of this name left go on. Raises EngineError."""
        self._loop = asyncio.get_running_loop()
        if not _only_one.acquire(blocking=False):
            raise EngineError("engine_taken")
        starting = asyncio.create_task(asyncio.to_thread(self._start))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait({starting})
            await self.close()
            raise
        except BaseException:
            _only_one.release()
            raise

    async def close(self) -> None:
        """Let go of everything. A workflow that is under way goes on at the next start."""
        if self._dbos is None:
            return
        self._closing = True
        for future in list(self._handed_over):
            future.cancel()
        dbos, self._dbos = self._dbos, None
        try:
            await asyncio.to_thread(dbos.DBOS.destroy, destroy_registry=True)
        finally:
            _only_one.release()

    async def begin(self, campaign: int, due: datetime, now: datetime) -> None:
        """Begin a campaign when it is due, and plan it. The same twice within a second is one workflow."""
        name = f"begin.{campaign}.{int(due.timestamp())}.{int(now.timestamp())}"
        wait = (due - now).total_seconds() if due > now else None
        await self._enqueue(name, "begin_campaign", PLANNING, 1, campaign, wait=wait)

    async def send(self, campaign: int, account: str, priority: int, moment: int) -> None:
        """Send a campaign through an account when it is its turn; of several the highest priority goes first."""
        name = f"send.{campaign}.{account}.{moment}"
        await self._enqueue(name, "send_campaign", account, max(1, 1_000 - priority), campaign, account)

    async def do_chores(self, hour: str) -> None:
        """Do what comes round by itself, once for each hour, whoever of all processes asks for it."""
        await self._enqueue(f"chores.{hour}", "do_chores", CHORES, 1)

    async def look(self, living: Mapping[str, str]) -> Live:
        """What there is to do for campaigns.

        Goes on for workers that are not among the living, given with the version of their workflows. Workflows of a
        version that nobody has any more are ended: the ledger tells where new ones go on.
        """
        at_work, to_begin = set(), set()
        for status in await self._listed(status=_LIVE, queue_name=QUEUE):
            lost = status.status == "PENDING" and status.executor_id not in living
            if status.app_version != VERSION and (lost or status.app_version not in living.values()):
                await asyncio.to_thread(self._dbos.DBOS.cancel_workflow, status.workflow_id)
                continue
            if lost:
                await asyncio.to_thread(self._dbos.DBOS.resume_workflow, status.workflow_id, queue_name=QUEUE)
            if status.queue_partition_key != CHORES:
                _, campaign, *due = status.workflow_id.split(".")
                if status.status == "DELAYED":
                    to_begin.add((int(campaign), int(due[0])))
                else:
                    at_work.add((int(campaign), status.queue_partition_key))
        return Live(at_work, to_begin)

    async def clear(self, before: datetime) -> None:
        """Forget workflows that ended before a moment, so many at once."""
        over = await self._listed(status=_OVER, completed_before=before.isoformat(), limit=_CLEARED)
        if over:
            await asyncio.to_thread(self._dbos.DBOS.delete_workflows, [status.workflow_id for status in over])

    def _start(self) -> None:
        # Half a second of imports that nobody needs who runs no campaign.
        dbos = import_module("dbos")
        _quiet()
        dbos.DBOS(
            config={
                "name": "bhyt-bot",
                "system_database_url": self._url,
                "dbos_system_schema": SCHEMA,
                "application_version": VERSION,
                "executor_id": self._executor,
                "log_level": "WARNING",
                "sys_db_pool_size": 5,
                "use_listen_notify": False,
            }
        )
        try:
            self._register(dbos.DBOS)
            dbos.DBOS.launch()
            dbos.DBOS.register_queue(QUEUE, partition_concurrency=1, polling_interval_sec=POLL)
        except BaseException:
            # What began half would be taken for whole at the next start.
            dbos.DBOS.destroy(destroy_registry=True)
            raise
        self._dbos = dbos

    def _register(self, engine: Any) -> None:
        def begin_campaign(campaign: int) -> None:
            begun = engine.run_step({"name": "begin"}, self._hand_over, self._work.begin, campaign)
            after: int | None = 0 if begun else None
            while after is not None:
                after = engine.run_step({"name": "plan"}, self._hand_over, self._work.plan, campaign, after)

        def send_campaign(campaign: int, account: str) -> None:
            try:
                for _ in range(self._legs):
                    if not engine.run_step({"name": "send"}, self._hand_over, self._work.send, campaign, account):
                        break
            finally:
                self._hand_over(self._work.rest, campaign, account)

        def do_chores() -> None:
            for name, chore in self._work.chores.items():
                engine.run_step({"name": name}, self._hand_over, chore)

        # Recovered as often as it takes: a bounded number of tries would strand a campaign.
        self._workflows = {
            function.__name__: engine.workflow(name=function.__name__, max_recovery_attempts=None)(function)
            for function in (begin_campaign, send_campaign, do_chores)
        }

    def _hand_over(self, work: Callable[..., Coroutine[Any, Any, Any]], *arguments: Any) -> Any:
        """Do this on our event loop, from a thread of the engine."""
        future = asyncio.run_coroutine_threadsafe(work(*arguments), self._loop)
        self._handed_over.add(future)
        try:
            return future.result()
        except CancelledError:
            if self._closing:
                raise _Stopped from None
            raise
        finally:
            self._handed_over.discard(future)

    async def _enqueue(
        self, name: str, workflow: str, partition: str, priority: int, *arguments: Any, wait: float | None = None
    ) -> None:
        """`wait`: not before so many seconds."""

        def enqueue() -> None:
            options = self._dbos.SetEnqueueOptions(queue_partition_key=partition, priority=priority, delay_seconds=wait)
            with self._dbos.SetWorkflowID(name), options:
                self._dbos.DBOS.enqueue_workflow(QUEUE, self._workflows[workflow], *arguments)

        await asyncio.to_thread(enqueue)

    async def _listed(self, **which: Any) -> Any:
        return await asyncio.to_thread(self._dbos.DBOS.list_workflows, load_input=False, load_output=False, **which)


def _quiet() -> None:
    """The engine's lines go where those of all libraries go, told by name only: they name its database."""
    logger = logging.getLogger("dbos")
    logger.handlers = [LibraryHandler()]
    logger.propagate = False
