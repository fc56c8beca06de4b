"""A reply as JSON, and back."""

from __future__ import annotations

from typing import Any

from bot.store.texts import clean
from handlers.turn import Button, ImageRef, Reply, ReplyKind


def to_json(reply: Reply) -> dict[str, Any]:
    """The reply as a JSON object without its defaults."""
    values: dict[str, Any] = {
        "text": clean(reply.text),
        "kind": reply.kind.value,
        "buttons": [_row(button) for button in reply.buttons],
        "note": clean(reply.note),
        "sources": list(reply.sources),
        "entry": reply.entry,
        "hotline": reply.hotline,
        "image": [reply.image.hash, clean(reply.image.alt)] if reply.image is not None else None,
    }
    return {key: value for key, value in values.items() if value}


def from_json(values: dict[str, Any]) -> Reply:
    """The reply that `to_json` wrote; keys of a newer version are ignored."""
    return Reply(
        text=values.get("text", ""),
        kind=ReplyKind(values["kind"]),
        buttons=tuple(Button(*row) for row in values.get("buttons", ())),
        note=values.get("note", ""),
        sources=tuple(values.get("sources", ())),
        entry=values.get("entry"),
        hotline=values.get("hotline"),
        image=ImageRef(*values["image"]) if "image" in values else None,
    )


def _row(button: Button) -> list[str]:
    row = [clean(button.label), button.action]
    return [*row, button.link] if button.link else row
