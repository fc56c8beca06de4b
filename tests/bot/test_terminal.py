"""The conversation in a terminal."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from rich.console import Console

from bot.channels.terminal import Choice, TerminalChat, choose, wants_to_leave
from handlers.turn import Button
from tests.bot.reading import rows

if TYPE_CHECKING:
    from tests.bot.conftest import Chat

BUTTONS = (Button("Tính tiền đóng", "calc"), Button("Gặp cán bộ", "person"))


@pytest.mark.parametrize(
    ("line", "choice"),
    [
        ("1", Choice(action="calc")),
        (" 2 ", Choice(action="person")),
        ("3", Choice(text="3")),
        ("0", Choice(text="0")),
        ("²", Choice(text="²")),
        ("9" * 5000, Choice(text="9" * 5000)),
        ("gặp CÁN bộ", Choice(action="person")),
        ("đóng bao nhiêu\n", Choice(text="đóng bao nhiêu")),
    ],
)
def test_a_line_is_a_number_a_button_or_a_message(line: str, choice: Choice) -> None:
    assert choose(line, BUTTONS) == choice


@pytest.mark.parametrize("line", ["thoát", " THOÁT\n", "thoat", "exit", "quit"])
def test_one_can_leave_by_word(line: str) -> None:
    assert wants_to_leave(line)
    assert not wants_to_leave(f"{line.strip()} nhé")


async def test_replies_are_shown_and_confirmed_and_buttons_work(chat: Chat) -> None:
    screen = io.StringIO()
    runtime: Any = SimpleNamespace(pipeline=chat.pipeline, database=chat.database, clock=chat.clock)
    talk = TerminalChat(runtime, Console(file=screen, width=80), "local")
    await talk.send("đóng [bold]bao nhiêu[/] two")
    await talk.send("1")

    shown = screen.getvalue()
    assert "đóng [bold]bao nhiêu[/] two" in shown
    assert "[1] Tính tiền đóng" in shown
    assert "Nguồn" in shown
    assert [row["state"] for row in await rows(chat.database, "outbox")] == ["sent"] * 3
    assert [turn.action for turn in chat.core.turns] == [None, "calc"]
    assert cast("str", (await rows(chat.database, "identity"))[0]["account"]) == "terminal"
