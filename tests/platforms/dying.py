"""The bot's own program, which kills itself (SIGKILL) at a named point: `python -m tests.platforms.dying POINT TIMES`.

It dies when it comes to the point for the so manieth time. Everything else is the real thing, but for a conversation
core that echoes, so that the process is up quickly.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import bot.app
from bot.channels.zalo.renewal import Renewal
from bot.cli import main
from bot.core import Core
from bot.delivery.lanes import Delivery
from bot.delivery.ledger import Ledger
from bot.delivery.pacing import Pacer
from knowledge.base import load
from tests.bot.scripted import ScriptedCore

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS: dict[str, tuple[type, str]] = {
    "after the commit, before the acknowledgement": (Delivery, "offer"),
    "before the send": (Pacer, "admit"),
    "after the platform accepted, before the note": (Ledger, "sent"),
    "after Zalo renewed the tokens, before they are kept": (Renewal, "_stored"),
}


def die_at(point: str, times: int) -> None:
    """Make the program kill itself when it comes to the point for the so manieth time."""
    owner, name = POINTS[point]
    go_on: Callable[..., Any] = getattr(owner, name)
    left = times

    def reached(*arguments: Any, **more: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return go_on(*arguments, **more)

    setattr(owner, name, reached)


if __name__ == "__main__":
    bot.app.build_core = lambda _settings: Core(load(), None, ScriptedCore())  # type: ignore[arg-type]
    die_at(sys.argv[1], int(sys.argv[2]))
    main(["run"])
