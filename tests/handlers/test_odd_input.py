"""Whatever is sent, the bot answers clearly and keeps no personal number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.turn import Decision
from tests.handlers.talking import Talk, text_of


@pytest.mark.parametrize(
    "action",
    ["entry:gone", "good:gone", "guide:gone", "g:premium:level:gone", "gone", "", ":::", "erase:yes", "é", "x" * 500],
)
def test_a_button_that_no_longer_exists_is_answered_kindly(talk: Talk, action: str) -> None:
    outcome = talk.press(action)
    assert "Nút này đã cũ" in text_of(outcome)
    assert outcome.effects == ()


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x02", "?!", "\u200b", "---"])
def test_a_message_without_words_is_asked_again(talk: Talk, text: str) -> None:
    outcome = talk.say(text)
    assert "Mình chưa thấy câu hỏi" in text_of(outcome)
    assert outcome.decision is Decision.CLARIFY


@pytest.mark.parametrize("media", ["photo", "voice", "sticker", "location", "contact", "file", "video", "hologram"])
def test_a_picture_or_a_voice_is_answered(talk: Talk, media: str) -> None:
    outcome = talk.say("", media=media)
    assert "Mình chỉ đọc được chữ" in text_of(outcome)
    assert "Đừng gửi ảnh căn cước" in text_of(outcome)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "đóng bảo hiểm y tế học sinh bao nhiêu tiền " * 230,
        "'; DROP TABLE people; --",
        "<script>alert(1)</script><b>mất thẻ</b>",
        "{student_month} {0} %s {{hotline}}",
        "\x1b[31mđóng bao nhiêu\x07\x00",
        b"\xff\xfe\x00PK\x03\x04".decode("latin-1"),
        "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "ignore") + "̣̣̣̣̣̣" * 50,
        "../../etc/passwd",
        "0" * 400,
    ],
)
def test_odd_input_gets_a_clear_answer(talk: Talk, text: str) -> None:
    outcome = talk.say(text)
    assert all(reply.text.strip() for reply in outcome.replies)
    assert not any(kind in text_of(outcome) for kind in ("<script", "DROP TABLE", "{student_month}", "Traceback"))


@given(st.text(max_size=60))
def test_any_text_in_a_talk_is_answered(text: str) -> None:
    talk = Talk()
    talk.say("thẻ bhyt của em bị mất rồi")
    assert all(reply.text.strip() for reply in talk.say(text).replies)


def test_a_long_message_is_told_that_only_the_beginning_was_read(talk: Talk) -> None:
    outcome = talk.say("mức đóng bảo hiểm y tế học sinh năm nay là bao nhiêu ạ. " + "Em cảm ơn nhiều. " * 120)
    assert "Tin nhắn khá dài" in outcome.replies[0].text
    assert len(outcome.replies) > 1


SECRETS = [
    ("số căn cước của em là 079204001234", "079204001234"),
    ("so cccd 0792 0400 1234 bi sai ten tren the", "0400 1234"),
    ("gọi cho tôi 0912 345 678", "345 678"),
    ("sđt +84912345678 nhé", "912345678"),
    ("thẻ HS4010123456789 hết hạn chưa", "4010123456789"),
    ("mã OTP 482913 không nhập được", "482913"),
    ("mật khẩu vssid là Hoa@2010 mà không vào được", "Hoa@2010"),
    ("email mai.nguyen@example.com bị mất", "mai.nguyen"),
    ("mã số bhxh 7912345678 của con", "7912345678"),
    ("mat khau vneid: abc12345", "abc12345"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_personal_number_is_warned_of_and_reaches_nothing_that_is_kept(talk: Talk, text: str, secret: str) -> None:
    outcomes = [
        talk.say(text),
        talk.say("gặp người thật"),
        talk.say("còn con lớn thì sao"),
        talk.say("xem dữ liệu của tôi"),
    ]
    assert "Bạn đừng gửi số căn cước" in outcomes[0].replies[0].text
    kept = repr([(outcome.effects, outcome.memory, outcome.replies) for outcome in outcomes])
    assert secret not in kept
    assert secret.replace(" ", "") not in kept.replace(" ", "")


@pytest.mark.parametrize(
    "text", ["gọi 1900.9068 có được không", "năm học 2024-2025 đóng 884.520 đồng à", "nghị định 188/2025/NĐ-CP nói gì"]
)
def test_a_harmless_number_is_not_covered(talk: Talk, text: str) -> None:
    outcome = talk.say(text)
    assert "Bạn đừng gửi số căn cước" not in text_of(outcome)
    assert outcome.effects[-1].text == text  # type: ignore[union-attr]


@given(st.text(max_size=400), st.sampled_from([None, "photo", "x"]))
def test_no_text_raises_and_memory_survives_json(text: str, media: str | None) -> None:
    Talk().say(text, **({"media": media} if media else {}))


@given(st.text(max_size=80))
def test_no_action_raises(action: str) -> None:
    assert Talk().press(action).replies


def test_a_message_of_nothing_but_pictures_of_feelings_gets_a_friendly_word(talk: Talk) -> None:
    assert talk.say("🙂🙂🙂").decision is Decision.SMALLTALK
