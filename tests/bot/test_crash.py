"""The process is killed, really, and nothing is lost or said twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store.outbox import messages_after
from bot.turns import TurnPipeline
from tests.bot.crashing import MESSAGE, NOW
from tests.bot.reading import everything, rows
from tests.bot.scripted import ScriptedCore, hotline

if TYPE_CHECKING:
    from bot.store.database import Database

ROOT = Path(__file__).parents[2]


def killed_at(point: str, url: str) -> None:
    """Start a turn in another process and kill that process (SIGKILL) when it says that it is at the point."""
    command = [sys.executable, "-m", "tests.bot.crashing", url, point]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            # The log goes to the same place; the point is named on a line of its own.
            assert any(line.strip() == point for line in process.stdout)
        finally:
            process.kill()


@pytest.fixture
def pipeline(database: Database) -> TurnPipeline:
    """The pipeline of the process that is started after the crash."""
    return TurnPipeline(database, ScriptedCore(), clock=lambda: NOW, hotline=hotline)


async def test_killed_between_commit_and_reply_the_reply_is_there_once(
    database: Database, url: str, pipeline: TurnPipeline
) -> None:
    killed_at("after commit", url)
    (waiting,) = await rows(database, "outbox")
    assert waiting["state"] == "pending"
    assert len(await rows(database, "support_case")) == 1

    before = await everything(database)
    assert (await pipeline.handle(MESSAGE)).duplicate
    assert await everything(database) == before
    async with database.reading() as session:
        (reply,) = await messages_after(session, waiting["conversation_id"], 0, 10)
    assert reply.reply.text == "2: case log"


async def test_killed_before_the_commit_the_redelivery_is_a_first_delivery(
    database: Database, url: str, pipeline: TurnPipeline
) -> None:
    killed_at("before commit", url)
    assert await rows(database, "inbound") == await rows(database, "person") == []

    result = await pipeline.handle(MESSAGE)
    assert not result.duplicate
    assert len(await rows(database, "outbox")) == 1
    assert len(await rows(database, "support_case")) == 1
