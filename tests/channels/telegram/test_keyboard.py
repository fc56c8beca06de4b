"""Buttons: how they lie, and that what they send always fits and is found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.keyboard import BUTTONS, DATA_LIMIT, keyboard
from bot.simulator.telegram.keyboard import inline_keyboard
from bot.store.buttons import resolve
from handlers.turn import Button


def labels(*lengths: int) -> list[list[str]]:
    buttons = [Button("x" * length, "menu") for length in lengths]
    return [[button["text"] for button in row] for row in keyboard(buttons, 7)["inline_keyboard"]]


@pytest.mark.parametrize(
    ("lengths", "rows"),
    [
        ((5, 5), [2]),
        ((5, 5, 5), [2, 1]),
        ((18, 18), [2]),
        ((19, 5), [1, 1]),
        ((5, 19, 5, 5), [1, 1, 2]),
        ((60,), [1]),
    ],
)
def test_short_labels_lie_side_by_side(lengths: tuple[int, ...], rows: list[int]) -> None:
    assert [len(row) for row in labels(*lengths)] == rows


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("entry:muc-dong", "entry:muc-dong"),
        ("a" * 64, "a" * 64),
        ("a" * 65, "@7.0"),
        ("entry:mức", "@7.0"),
        ("@7.0", "@7.0"),
        ("@khac", "@7.0"),
        ("a\nb", "@7.0"),
        ("", "@7.0"),
    ],
)
def test_what_a_button_sends(action: str, data: str) -> None:
    [[button]] = keyboard([Button("A", action)], 7)["inline_keyboard"]
    assert button["callback_data"] == data


@pytest.mark.parametrize(
    ("action", "kept"),
    [
        ("@41.2", (41, 2)),
        ("@41.12", (41, 12)),
        ("entry:x", None),
        ("@0.1", None),
        ("@41", None),
        ("@41.", None),
        ("@41.2 ", None),
        ("@٤.1", None),
        ("@" + "9" * 30 + ".1", None),
    ],
)
def test_where_an_action_is_kept(action: str, kept: tuple[int, int] | None) -> None:
    assert resolve(action) == kept


buttons = st.builds(Button, st.text(min_size=1, max_size=60).filter(str.strip), st.text(max_size=80))


@given(st.lists(buttons, max_size=120), st.integers(1, 2**62 // 8))
def test_every_keyboard_is_taken_and_every_action_found(offered: list[Button], number: int) -> None:
    made = keyboard(offered, number)
    inline_keyboard(made)
    flat = [button for row in made["inline_keyboard"] for button in row]
    assert [button["text"] for button in flat] == [button.label for button in offered[:BUTTONS]]
    for button, (index, shown) in zip(offered, enumerate(flat), strict=False):
        assert 0 < len(shown["callback_data"].encode()) <= DATA_LIMIT
        found = resolve(shown["callback_data"])
        assert found == (number, index) if found else shown["callback_data"] == button.action
