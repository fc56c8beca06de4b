"""The bot's own program, which kills itself (SIGKILL) at a named point of a campaign.

`python -m tests.outreach.delivery.dying POINT TIMES`: it dies when it comes to the point for the so manieth time; with
0 times it lives. Everything else is the real thing, but for a conversation core that echoes.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import bot.app
from bot.cli import main
from bot.core import Core
from bot.outreach.delivery import shifts
from bot.outreach.delivery.engine import Engine
from bot.outreach.delivery.sending import Sender
from bot.outreach.delivery.transmission import Transmission
from knowledge.base import load
from tests.bot.scripted import ScriptedCore

if TYPE_CHECKING:
    from collections.abc import Callable

NOWHERE = "nowhere"
POINTS: dict[str, tuple[Any, str]] = {
    "while recipients are planned": (shifts, "plan_range"),
    "before recipients are taken": (Sender, "_take"),
    "taken and committed, before the request": (Transmission, "send"),
    "accepted, before the note": (Sender, "_committed"),
    "between two workflows": (Engine, "send"),
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
    if sys.argv[1] != NOWHERE:
        die_at(sys.argv[1], int(sys.argv[2]))
    main(["run"])
