"""The buttons under a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit

from bot.store.buttons import KEPT, kept_action

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handlers.turn import Button

DATA_LIMIT = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
"""Bytes of `callback_data` (Bot API, InlineKeyboardButton)."""
BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
SIDE_BY_SIDE = 18
"""Two labels of at most so many characters fit beside each other on a narrow phone."""


def keyboard(buttons: Sequence[Button], message: int) -> dict[str, Any]:
    """The inline keyboard of the outbox message `message`, as the Bot API takes it."""
    data = [
        {"text": button.label, **_pressed(button, message, index)} for index, button in enumerate(buttons[:BUTTONS])
    ]
    return {"inline_keyboard": list(_rows(data))}


def _pressed(button: Button, message: int, index: int) -> dict[str, str]:
    if button.link:
        return {"url": button.link}
    return {"callback_data": _data(button.action, message, index)}


def _data(action: str, message: int, index: int) -> str:
    """The action itself, or where it is kept when Telegram could not carry it or it would look like such a place."""
    fits = action.isascii() and action.isprintable() and 0 < len(action) <= DATA_LIMIT
    return action if fits and not action.startswith(KEPT) else kept_action(message, index)


def _rows(buttons: Sequence[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    row: list[dict[str, str]] = []
    for button in buttons:
        short = len(button["text"]) <= SIDE_BY_SIDE
        if row and not short:
            yield row
            row = []
        row.append(button)
        if not short or len(row) == 2:
            yield row
            row = []
    if row:
        yield row
