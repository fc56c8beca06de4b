"""A tiny office that curates the tiny knowledge base, on a database of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, update

from bot.core import Core
from bot.drafts.desk import DraftDesk
from bot.drafts.live import LiveKnowledge
from bot.outreach.staff import Staff
from bot.store.models import KnowledgeDraftRow, StaffRole, StaffRow
from bot.turns import TurnPipeline
from handlers.conversation import Conversation
from knowledge.base import load
from knowledge.search.engine import build_search
from knowledge.search.folding import fold
from tests.bot.conftest import Chat, FakeClock, clock, log_lines
from tests.knowledge.real import TODAY
from tests.knowledge.tiny import Tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.drafts.draft import Draft
    from bot.store.database import Database

__all__ = ["clock", "log_lines"]

GREETING = """\
+++
id = "chao"
title = "Chào hỏi"
topic = "chung"
kind = "smalltalk"
phrasings = ["xin chào", "chào bạn", "chào bot", "hello", "hi bot", "alo", "chào cô", "chào ad"]
reviewed = 2026-11-21
review_by = 2027-01-01
+++
Chào bạn!
"""
SUBJECTS = "cá mèo voi hổ cua ốc sò ếch dê cừu ngựa trâu bò lợn gà vịt ngan công cò quạ yến sếu sóc nhím thỏ".split()
VERBS = "bơi leo nhảy bay gáy ngủ chạy kêu".split()
"""Many answers to something else: among few even a guess is probable."""


def _about(subject: str) -> str:
    text = GREETING.replace('"xin chào", "chào bạn", "chào bot", "hello", "hi bot", "alo", "chào cô", "chào ad"', "{}")
    text = text.format(", ".join(f'"{subject} {verb}"' for verb in VERBS)).replace('"chao"', f'"{fold(subject)}"')
    return text.replace('topic = "chung"\nkind = "smalltalk"', 'topic = "thu"\nkind = "answer"\nsources = ["nd-188"]')


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny knowledge base with a greeting, so that search and scope have something to tell apart."""
    tiny = Tiny.write(tmp_path_factory.mktemp("knowledge"))
    facts = tiny.root / "facts.toml"
    hotline = '[hotline]\nlabel = "Tổng đài"\nunit = "phone"\n'
    hotline += 'values = [{ value = "1900.9068", from = 2020-01-01, source = "nd-188", confidence = "high" }]\n\n'
    facts.write_text(hotline + facts.read_text(encoding="utf-8"), encoding="utf-8")
    for topic in ("chung", "thu"):
        (tiny.root / "faq" / topic).mkdir()
    (tiny.root / "faq/chung/chao.md").write_text(GREETING, encoding="utf-8")
    for subject in SUBJECTS:
        (tiny.root / f"faq/thu/{fold(subject)}.md").write_text(_about(subject), encoding="utf-8")
    return tiny.root


@dataclass
class Process:
    """One process of the bot: a core of its own on the common database."""

    database: Database
    clock: FakeClock
    core: Core
    live: LiveKnowledge = field(init=False)
    desk: DraftDesk = field(init=False)

    def __post_init__(self) -> None:
        self.live = LiveKnowledge(self.core, self.database, self.clock)
        self.desk = DraftDesk(self.database, self.live, self.clock)


@dataclass
class Office:
    """Staff, a running bot, and people who write to it."""

    database: Database
    clock: FakeClock
    folder: Path
    staff: dict[str, Staff]
    bot: Process = field(init=False)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.bot = self.process()
        hotline = self.bot.core.base.hotline
        self.chat = Chat(self.database, self.clock)
        self.chat.pipeline = TurnPipeline(self.database, self.bot.core, clock=self.clock, hotline=hotline)

    def process(self) -> Process:
        """Another process that has just started, without any change yet."""
        base = load(self.folder)
        search = build_search(base, "off")
        return Process(self.database, self.clock, Core(base, search, Conversation(base, search)))

    @property
    def desk(self) -> DraftDesk:
        return self.bot.desk

    @property
    def editor(self) -> Staff:
        return self.staff["lan"]

    @property
    def approver(self) -> Staff:
        return self.staff["hoa"]

    async def ask(self, text: str, process: Process | None = None) -> str | None:
        """The entry that a stranger is answered with by the running pipeline (or another process)."""
        if process is not None:
            pipeline = TurnPipeline(self.database, process.core, clock=self.clock, hotline=process.core.base.hotline)
            chat = Chat(self.database, self.clock)
            chat.pipeline = pipeline
        else:
            chat = self.chat
        number = next(self._ids)
        result = await chat.say(text, sender=f"nguoi-{number}", message_id=f"tin-{number}")
        return result.messages[0].reply.entry if result.messages else None

    async def submitted(self, entry: str, phrasing: str, question: str = "") -> Draft:
        draft = await self.desk.add_phrasing(self.editor, entry, phrasing, question)
        return await self.desk.submit(self.editor, draft.id)

    async def approved(self, entry: str, phrasing: str, question: str = "") -> Draft:
        draft = await self.submitted(entry, phrasing, question)
        return await self.desk.approve(self.approver, draft.id, draft.revision)

    async def change_row(self, number: int, **values: Any) -> None:
        """What no service does: as if time or another release had."""
        async with self.database.transaction() as session:
            await session.execute(update(KnowledgeDraftRow).where(KnowledgeDraftRow.id == number).values(**values))


@pytest.fixture
async def office(database: Database, clock: FakeClock, folder: Path) -> Office:
    clock.moment = clock.moment.replace(year=TODAY.year, month=TODAY.month, day=TODAY.day)
    staff = {}
    async with database.transaction() as session:
        for number, (login, role) in enumerate({"lan": "editor", "hoa": "approver", "tam": "agent"}.items(), 1):
            values = {"id": number, "login": login, "role": role, "created": clock()}
            await session.execute(insert(StaffRow).values(values))
            staff[login] = Staff(number, login, StaffRole(role), None, None)
    return Office(database, clock, folder, staff)
