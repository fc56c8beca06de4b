"""A reply as calls: what is sent, in which order, and that the platform takes all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.rendering import dialled, render
from bot.simulator.telegram.keyboard import inline_keyboard
from bot.simulator.telegram.markup import parse_html, units
from handlers.turn import Button
from tests.channels.telegram.support import message
from tests.handlers.talking import Talk

if TYPE_CHECKING:
    from bot.channels.telegram.rendering import Call

ASK = Button("Đóng ở đâu?", "entry:dong-o-dau")


def test_a_reply_with_note_and_buttons() -> None:
    [call] = render(message("Tự đóng **x**.", ASK, note="Nguồn: y"))
    assert call.method == "sendMessage"
    assert call.parameters == {
        "text": "Tự đóng <b>x</b>.\n\n<blockquote expandable>Nguồn: y</blockquote>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "Đóng ở đâu?", "callback_data": "entry:dong-o-dau"}]]},
    }


def test_without_buttons_there_is_no_keyboard() -> None:
    [call] = render(message())
    assert "reply_markup" not in call.parameters


def test_a_long_reply_has_its_buttons_under_the_last_part() -> None:
    *first, last = render(message("chữ " * 3000, ASK))
    assert len(first) == 2
    assert not any("reply_markup" in call.parameters for call in first)
    assert "reply_markup" in last.parameters


def test_the_hotline_comes_as_a_card() -> None:
    text, card = render(message("Bạn gọi **1900.9068**.", ASK, hotline="1900.9068"))
    assert "reply_markup" in text.parameters
    assert card.method == "sendContact"
    assert card.parameters == {"phone_number": "19009068", "first_name": "Tổng đài BHXH Việt Nam"}


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("1900.9068", "19009068"),
        ("115", "115"),
        ("0236 3 822 105", "+842363822105"),
        ("0912.345.678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
    ],
)
def test_how_a_number_is_dialled(phone: str, number: str) -> None:
    assert dialled(phone) == number


def test_nothing_to_say_is_no_call() -> None:
    assert render(message(" ")) == ()


def test_the_same_message_gives_the_same_calls() -> None:
    made = message("chữ " * 3000, ASK, note="n", hotline="1900.9068")
    assert render(made) == render(made)


def test_real_replies_are_taken() -> None:
    talk = Talk()
    for said in ("/start", "học sinh đóng bao nhiêu", "gặp người thật", "con tôi bị co giật", "help"):
        for reply in talk.say(said).replies:
            calls = render(message(reply.text, *reply.buttons, note=reply.note, hotline=reply.hotline))
            assert calls
            check(calls)


texts = st.text(max_size=200) | st.lists(st.sampled_from(["**", "a", "<", "\n", " ", "😀"]), max_size=40).map("".join)


@given(texts, texts, st.lists(st.builds(Button, st.just("A"), st.text(max_size=70)), max_size=5))
def test_every_reply_is_taken(text: str, note: str, buttons: list[Button]) -> None:
    check(render(message(text, *buttons, note=note)))


def check(calls: tuple[Call, ...]) -> None:
    """As the platform checks."""
    for call in calls:
        if call.method == "sendMessage":
            text, _ = parse_html(call.parameters["text"])
            assert 0 < units(text) <= 4096
            inline_keyboard(call.parameters.get("reply_markup"))
