"""A campaign over both platforms, real processes that are killed while they send it, and the count afterwards."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot import clock as clocks
from bot.channels.zalo.account import account_of
from bot.outreach.consents import How, record
from bot.outreach.delivery.workers import LOST
from bot.store.database import Database
from bot.store.models import CampaignRow, Consent, RecipientRow, RecipientState
from tests.fakes.faults import drop_answer, reset
from tests.fakes.telegram import flood
from tests.fakes.telegram import refusal as telegram_refusal
from tests.fakes.zalo import OA_ID, SEND
from tests.fakes.zalo import refusal as zalo_refusal
from tests.outreach.delivery.people import add_campaign, add_people
from tests.platforms.office import connect_zalo
from tests.platforms.test_crash import ROOT, environment, free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from bot.outreach.campaign import Campaign
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo
    from tests.platforms.office import Place

TELEGRAM, ZALO = "telegram", account_of(OA_ID)
TEXT = "Nhắc đóng BHYT HSSV"
LIVE = 300.0
"""Seconds within which a process must be up, or dead, also on a busy machine."""


@dataclass
class Season:
    """One campaign to so many people, with its faults."""

    place: Place
    telegram: FakeTelegram
    zalo: FakeZalo
    rate: int
    seed: int = 1
    opted_out: set[int] = field(default_factory=set)
    held: list[tuple[str, int]] = field(default_factory=list)
    """Recipients that were in the hands of each process when it was killed."""
    dubious: int = 0
    """Faults that leave the outcome unknown."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - the same in every run
        self.database = Database(self.place.url)
        self.zalo.office.account.rate = 4_000
        self.people: dict[int, tuple[str, str]] = {}
        self.campaign: Campaign | None = None

    async def prepare(self, on_telegram: int, on_zalo: int) -> None:
        """Write people and campaign into the database; both platforms know the people."""
        settings = self.place.settings(self.telegram, self.zalo, "http://127.0.0.1:1")
        await connect_zalo(self.database, settings.zalo, self.zalo)
        chats = [str(self.telegram.platform.add_person(f"An {number}")) for number in range(on_telegram)]
        users = [self.zalo.office.add_person(f"Bình {number}") for number in range(on_zalo)]
        for user in users:
            self.zalo.office.follow(user)
        now = clocks.now()
        for account, addresses in ((TELEGRAM, chats), (ZALO, users)):
            ids = await add_people(self.database, account, addresses, now)
            self.people |= {person: (account, address) for person, address in zip(ids, addresses, strict=True)}
        self.campaign = await add_campaign(self.database, now, len(self.people), text=TEXT)

    def spoil(self, each: int) -> None:
        """So many of each fault on both platforms, each for somebody else."""
        chosen = iter(self.random.sample(sorted(self.people), len(self.people)))
        telegram = (reset(), drop_answer(), telegram_refusal(403, "Forbidden: bot was blocked by the user"))
        zalo = (reset(), drop_answer(), zalo_refusal(-217))
        for fault in chain(telegram * each, (flood(1), flood(2))):
            self.telegram.spoil("sendMessage", fault, chat=int(self._next(chosen, TELEGRAM)))
        for fault in zalo * each:
            self.zalo.spoil(SEND, fault, user=self._next(chosen, ZALO))
        self.dubious += 4 * each

    def _next(self, chosen: Iterable[int], account: str) -> str:
        return next(address for person in chosen for of, address in [self.people[person]] if of == account)

    async def opt_out(self) -> None:
        """Somebody wants no more; they count when their message is not on its way yet."""
        person = self.random.choice(sorted(self.people))
        async with self.database.transaction() as session:
            row = select(RecipientRow.state).where(RecipientRow.person_id == person).with_for_update()
            state = (await session.execute(row)).scalar_one_or_none()
            await record(
                session, person, Consent.WITHDRAWN, None, wording="dừng", how=How.CHAT, channel="web", now=clocks.now()
            )
        if state in {None, RecipientState.PLANNED.value}:
            self.opted_out.add(person)

    @asynccontextmanager
    async def worker(self, name: str, point: str, times: int = 0) -> AsyncIterator[asyncio.subprocess.Process]:
        """A running bot by this name; killed at the end of the block if it still lives."""
        settings = {
            "BHYT_OUTREACH__WORKER": name,
            "BHYT_OUTREACH__TELEGRAM_RATE": str(self.rate),
            "BHYT_OUTREACH__LOST_AFTER": "5",
            "BHYT_OUTREACH__PAUSE_ERRORS": "1",
            "BHYT_OUTREACH__PAUSE_OPT_OUTS": "1",
        }
        with (self.place.inbox.parent / f"{name}.log").open("ab") as lines:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.outreach.delivery.dying", point, str(times)),
                cwd=ROOT,
                env=environment(self.place, self.telegram, self.zalo, free_port()) | settings,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=lines,
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            if process.returncode == -signal.SIGKILL:
                before = sum(count for who, count in self.held if who == name)
                self.held.append((name, await self._held(name) - before))

    async def _held(self, name: str) -> int:
        """What it ever had in its hands when it was killed, also when another process has noticed its death by now."""
        lost = (RecipientRow.state == RecipientState.SENDING.value) | (RecipientRow.reason == LOST)
        query = select(func.count()).select_from(RecipientRow).where(RecipientRow.worker == name, lost)
        async with self.database.reading() as session:
            return int((await session.execute(query)).scalar_one())

    async def states(self) -> Counter[tuple[str, str | None]]:
        """The ledger: recipients by state and reason."""
        query = select(RecipientRow.state, RecipientRow.reason, func.count()).group_by(
            RecipientRow.state, RecipientRow.reason
        )
        async with self.database.reading() as session:
            return Counter({(state, reason): count for state, reason, count in await session.execute(query)})

    async def until_asked(self, count: int) -> None:
        """Until both platforms together were asked so often to show a message."""
        while len(self.telegram.called("sendMessage")) + len(self.zalo.called(SEND)) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def until_finished(self) -> None:
        """Until the campaign is."""
        query = select(CampaignRow.state)
        while True:
            async with self.database.reading() as session:
                if (await session.execute(query)).scalar_one() == "finished":
                    return
            await asyncio.sleep(0.2)

    def tell(self, figures: Mapping[str, Any]) -> None:
        """What was counted, into the place of the test."""
        (self.place.inbox.parent / "figures.txt").write_text(f"{figures}\n", encoding="utf-8")

    async def shown(self) -> dict[int, int]:
        """How often each person has the message on their screen."""
        counts = {}
        for person, (account, address) in self.people.items():
            texts = self.telegram.shown(int(address)) if account == TELEGRAM else self.zalo.shown(address)
            counts[person] = sum(TEXT in text for text in texts)
        return counts

    def most_in(self, seconds: float, account: str) -> int:
        """The most requests for messages that came in any period of this length."""
        calls = self.telegram.called("sendMessage") if account == TELEGRAM else self.zalo.called(SEND)
        times, most, first = sorted(call.at for call in calls), 0, 0
        for last, at in enumerate(times):
            while times[first] < at - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most
