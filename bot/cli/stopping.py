"""How a command that serves is told to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress


def stop_signal() -> asyncio.Event:
    """Set by Ctrl-C and SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in the event loop; there Ctrl-C cancels the main task instead.
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
