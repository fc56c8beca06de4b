"""A process that is killed in the middle of a turn: `python -m tests.bot.crashing URL POINT`."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from bot.channels.inbound import Channel, Inbound
from bot.clock import VIETNAM
from bot.store.database import Database
from bot.turns import TurnPipeline
from tests.bot.scripted import ScriptedCore, hotline

if TYPE_CHECKING:
    from handlers.turn import Outcome, Turn

NOW = datetime(2026, 9, 4, 10, 0, tzinfo=VIETNAM)
"""In office hours: otherwise who is handed over is also told when staff is back."""
MESSAGE = Inbound("web", Channel.WEB, "nguoi-1", "x", NOW, "case log")


def wait_to_be_killed(point: str) -> None:
    sys.stdout.write(f"{point}\n")
    sys.stdout.flush()
    sys.stdin.read()


class SlowCore(ScriptedCore):
    """Stops in the middle of the transaction, when everything but the commit is still to come."""

    def respond(self, turn: Turn) -> Outcome:
        wait_to_be_killed("before commit")
        return super().respond(turn)


async def main(url: str, point: str) -> None:
    core = SlowCore() if point == "before commit" else ScriptedCore()
    pipeline = TurnPipeline(Database(url), core, clock=lambda: NOW, hotline=hotline)
    await pipeline.handle(MESSAGE)
    wait_to_be_killed("after commit")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
