"""The bot's own program, which kills itself (SIGKILL) at a named point: `python -m tests.platforms.dying POINT TIMES`.

It dies when it comes to the point for the so manieth time. Everything else is the real thing, but for a conversation
core that echoes, so that the process is up quickly.
"""

from __future__ import annotations

import sys

from bot.channels.zalo.renewal import Renewal
from bot.delivery.lanes import Delivery
from bot.delivery.ledger import Ledger
from bot.delivery.pacing import Pacer
from tests.dying import die_at, run

POINTS: dict[str, tuple[type, str]] = {
    "after the commit, before the acknowledgement": (Delivery, "offer"),
    "before the send": (Pacer, "admit"),
    "after the platform accepted, before the note": (Ledger, "sent"),
    "after Zalo renewed the tokens, before they are kept": (Renewal, "_stored"),
}


if __name__ == "__main__":
    die_at(*POINTS[sys.argv[1]], int(sys.argv[2]))
    run()
