"""The wire format of server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

import json
from typing import Any

HEARTBEAT = b": still here\n\n"
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would hold the events back
}
_RECONNECT_MS = 3_000
OPENING = f"retry: {_RECONNECT_MS}\n\n".encode()


def event(number: int, data: dict[str, Any]) -> bytes:
    """One event; JSON holds no line break, so one data line is enough."""
    return f"id: {number}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
