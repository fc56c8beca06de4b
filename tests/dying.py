"""A program that kills itself (SIGKILL) in the middle of its work."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import bot.app
from bot.cli import main
from bot.core import Core
from knowledge.base import load
from tests.bot.scripted import ScriptedCore

if TYPE_CHECKING:
    from collections.abc import Callable


def die_at(owner: Any, name: str, times: int) -> None:
    """Make the program kill itself when it calls this for the so manieth time."""
    go_on: Callable[..., Any] = getattr(owner, name)
    left = times

    def reached(*arguments: Any, **more: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return go_on(*arguments, **more)

    setattr(owner, name, reached)


def run() -> None:
    """The bot's own program, with a conversation core that echoes, so that it is up quickly."""
    bot.app.build_core = lambda _settings: Core(load(), None, ScriptedCore())  # type: ignore[arg-type]
    main(["run"])
