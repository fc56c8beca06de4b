"""A person's screen as the page gets it: bubbles as JSON, with addresses in the text made links."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.simulator.phone import Bubble, Phone, Run

_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")
_OPENED = ("http://", "https://")


def screen(phone: Phone, name: str, person: str) -> dict[str, Any]:
    """Everything on the phone of one person. Raises LookupError."""
    return {
        "blocked": phone.blocked(person),
        "messages": [_bubble(bubble, name) for bubble in phone.messages(person)],
    }


def _bubble(bubble: Bubble, phone: str) -> dict[str, Any]:
    return {
        **asdict(bubble),
        "at": bubble.at.strftime("%H:%M"),
        "runs": [piece for run in bubble.runs for piece in _pieces(run)],
        "picture": f"/api/{phone}/pictures/{quote(bubble.picture, safe='')}" if bubble.picture else None,
    }


def _pieces(run: Run) -> Iterator[dict[str, Any]]:
    """A run, cut where an address stands in it. Only web addresses become links."""
    if run.link is not None:
        yield {"text": run.text, "styles": run.styles, "link": run.link if run.link.startswith(_OPENED) else None}
        return
    place = 0
    for found in _ADDRESS.finditer(run.text):
        if found.start() > place:
            yield {"text": run.text[place : found.start()], "styles": run.styles, "link": None}
        yield {"text": found[0], "styles": run.styles, "link": found[0]}
        place = found.end()
    if run.text[place:]:
        yield {"text": run.text[place:], "styles": run.styles, "link": None}
