"""How a command that serves is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from threading import Thread


def stop_signal() -> asyncio.Event:
    """Set by Ctrl-C and SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in the event loop; there Ctrl-C cancels the main task instead.
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def stop_at_end_of_input(stop: asyncio.Event) -> None:
    """Set it also when nobody holds the other end of our standard input: the program that started us is gone.

    A pipe tells of a parent that was killed on every system, without looking again and again. It is read in a thread,
    since the event loop of Windows cannot wait for one, and past Python's buffer, whose lock would hold up the end.
    """
    loop = asyncio.get_running_loop()

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        with suppress(RuntimeError):  # the loop has ended before
            loop.call_soon_threadsafe(stop.set)

    Thread(target=wait, name="end of input", daemon=True).start()
