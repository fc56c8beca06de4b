"""The bot's own program, which kills itself (SIGKILL) at a named point of a campaign.

`python -m tests.outreach.delivery.dying POINT TIMES`: it dies when it comes to the point for the so manieth time; with
0 times it lives. Everything else is the real thing, but for a conversation core that echoes.
"""

from __future__ import annotations

import sys
from typing import Any

from bot.outreach.delivery import shifts
from bot.outreach.delivery.engine import Engine
from bot.outreach.delivery.sending import Sender
from bot.outreach.delivery.transmission import Transmission
from tests.dying import die_at, run

NOWHERE = "nowhere"
POINTS: dict[str, tuple[Any, str]] = {
    "while recipients are planned": (shifts, "plan_range"),
    "before recipients are taken": (Sender, "_take"),
    "taken and committed, before the request": (Transmission, "send"),
    "accepted, before the note": (Sender, "_committed"),
    "between two workflows": (Engine, "send"),
}


if __name__ == "__main__":
    if sys.argv[1] != NOWHERE:
        die_at(*POINTS[sys.argv[1]], int(sys.argv[2]))
    run()
