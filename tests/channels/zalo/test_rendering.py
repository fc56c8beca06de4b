"""Replies as consultation messages."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest

from bot.channels.zalo.rendering import phone_code, plain, render, render_plain
from handlers.turn import Button, Reply
from tests.channels.zalo.support import RULES

LIMIT = RULES.on(date(2026, 9, 5)).limit


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"Lựa chọn {number}", f"entry:e{number}") for number in range(1, count + 1))


def under(message: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = message.get("attachment", {}).get("payload", {}).get("buttons", [])
    return found


def test_a_short_reply_is_one_text() -> None:
    assert render(Reply("Chào bạn."), LIMIT) == [{"text": "Chào bạn."}]


def test_markup_becomes_plain_text() -> None:
    reply = Reply("**Cần mang**:\n- thẻ\n- ảnh\n\n\n\n1. Đến nơi\n2. Chờ - một chút", note="Nguồn: Luật A")
    assert plain(reply) == "Cần mang:\n• thẻ\n• ảnh\n\n1. Đến nơi\n2. Chờ - một chút\n\nNguồn: Luật A"


def test_letters_are_composed_so_that_none_counts_twice() -> None:
    decomposed = unicodedata.normalize("NFD", "Bảo hiểm y tế")
    assert render(Reply(decomposed), LIMIT) == [{"text": "Bảo hiểm y tế"}]


def test_buttons_send_the_action_unseen_and_name_no_template() -> None:
    (message,) = render(Reply("Chọn nhé", buttons=(Button("Mức đóng", "entry:muc-dong"),)), LIMIT)
    assert message["attachment"] == {
        "type": "template",
        "payload": {"buttons": [{"title": "Mức đóng", "type": "oa.query.hide", "payload": "#entry:muc-dong"}]},
    }


def test_the_hotline_is_a_button_that_calls() -> None:
    (message,) = render(Reply("Gọi nhé.", hotline="1900.9068"), LIMIT)
    assert under(message) == [
        {"title": "Gọi 1900.9068", "type": "oa.open.phone", "payload": {"phone_code": "19009068"}}
    ]


def test_the_buttons_of_a_long_reply_stand_under_its_last_part() -> None:
    messages = render(Reply("đoạn\n\n" * 700, buttons=buttons(2)), LIMIT)
    assert len(messages) == 3
    assert [len(under(message)) for message in messages] == [0, 0, 2]
    assert all(len(message["text"]) <= 2000 for message in messages)


@pytest.mark.parametrize(
    ("count", "hotline", "rows"),
    [
        (5, None, [5]),
        (6, None, [5, 1]),
        (9, None, [5, 4]),
        (4, "1900.9068", [5]),
        (5, "1900.9068", [5, 1]),
        (11, None, [5, 5, 1]),
    ],
)
def test_five_buttons_at_most_the_hotline_counted(count: int, hotline: str | None, rows: list[int]) -> None:
    messages = render(Reply("Chọn nhé", buttons=buttons(count), hotline=hotline), LIMIT)
    assert [len(under(message)) for message in messages] == rows
    assert [message["text"] for message in messages[1:]] == ["Thêm lựa chọn:"] * (len(rows) - 1)
    pressed = [
        button["payload"] for message in messages for button in under(message) if button["type"] != "oa.open.phone"
    ]
    assert pressed == [f"#entry:e{number}" for number in range(1, count + 1)]


def test_an_english_reply_stays_english() -> None:
    messages = render(Reply("Please choose", buttons=buttons(6), hotline="1900.9068"), LIMIT)
    assert messages[1]["text"] == "More choices:"
    assert under(messages[0])[-1]["title"] == "Call 1900.9068"


def test_a_long_label_is_cut() -> None:
    (message,) = render(Reply("Chọn", buttons=(Button("rất dài " * 20, "menu"),)), LIMIT)
    assert len(under(message)[0]["title"]) <= 100
    assert under(message)[0]["title"].endswith(" rất…")


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        ("1900.9068", "19009068"),
        ("1900 545 412", "1900545412"),
        ("1800 1234", "18001234"),
        ("115", "115"),
        ("024 3936 1234", "842439361234"),
        ("0912.345.678", "84912345678"),
        ("+84 24 3936 1234", "842439361234"),
        ("", ""),
        ("không có", ""),
    ],
)
def test_phone_codes(phone: str, code: str) -> None:
    assert phone_code(phone) == code


def test_without_buttons_the_choices_are_written_out() -> None:
    (text,) = render_plain(Reply("Bạn hỏi gì?", buttons=buttons(2), hotline="1900.9068"), LIMIT)
    assert text == "Bạn hỏi gì?\n\n1. Lựa chọn 1\n2. Lựa chọn 2\n\nTổng đài: 1900.9068"


def test_the_same_reply_always_gives_the_same_messages() -> None:
    reply = Reply("đoạn\n\n" * 700, buttons=buttons(7), hotline="1900.9068")
    assert render(reply, LIMIT) == render(reply, LIMIT)


def test_ratings_give_way_before_a_second_message_is_needed() -> None:
    follow_ups = [Button(f"Câu {number}", f"entry:e{number}") for number in range(4)]
    ratings = [Button("Đúng ý", "good:x"), Button("Chưa đúng ý", "bad:x")]
    (message,) = render(Reply("Trả lời", buttons=(*ratings, *follow_ups)), LIMIT)
    payloads = [button["payload"] for button in message["attachment"]["payload"]["buttons"]]
    assert payloads == ["#bad:x", "#entry:e0", "#entry:e1", "#entry:e2", "#entry:e3"]
