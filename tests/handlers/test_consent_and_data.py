"""Opting out and in, seeing and erasing what is kept, the log for curation."""

from __future__ import annotations

import pytest

from handlers.effects import ForgetMe, LogQuestion, Subscribe, Topic, Unsubscribe
from handlers.memory import Memory
from tests.handlers.talking import Talk, text_of


def test_opting_out_and_in_again_is_done_at_once(talk: Talk) -> None:
    out = talk.say("đừng nhắn tin cho tôi nữa")
    assert Unsubscribe("đừng nhắn tin cho tôi nữa") in out.effects
    assert talk.memory.topics == dict.fromkeys(Topic, False)
    assert Subscribe("đăng ký nhận tin") in talk.say("đăng ký nhận tin").effects
    assert talk.memory.topics == dict.fromkeys(Topic, True)


@pytest.mark.parametrize("confirm", ["có", "đồng ý", "ok", "erase:yes"])
def test_erasing_is_confirmed_and_leaves_nothing_but_the_language(talk: Talk, confirm: str) -> None:
    talk.say("con tôi 12 tuổi ở Huế")
    assert "xác nhận" in text_of(talk.say("xóa dữ liệu của tôi"))
    outcome = talk.press(confirm) if ":" in confirm else talk.say(confirm)
    assert any(type(effect).__name__ == "ForgetMe" for effect in outcome.effects)
    assert talk.memory == Memory(greeted=True, language="vi")


@pytest.mark.parametrize(
    "deny", ["không", "thôi", "erase:no", "thoi khong xoa nua", "đừng xóa", "hủy lệnh xóa giúp mình"]
)
def test_erasing_is_dropped_when_denied(talk: Talk, deny: str) -> None:
    talk.say("con tôi 12 tuổi")
    talk.say("xóa dữ liệu của tôi")
    outcome = talk.press(deny) if ":" in deny else talk.say(deny)
    assert not any(type(effect).__name__ == "ForgetMe" for effect in outcome.effects)
    assert talk.memory.children
    assert talk.memory.pending is None


@pytest.mark.parametrize("confirm", ["đồng ý", "ok xoa di", "xóa luôn nhé", "erase:yes"])
def test_a_question_before_it_is_confirmed_does_not_lose_the_wish_to_erase(talk: Talk, confirm: str) -> None:
    talk.say("xóa dữ liệu của tôi")
    asked = talk.say("đóng bao nhiêu?")
    assert asked.entry == "muc-dong-hien-nay"
    assert "chưa bị xóa" in text_of(asked)
    assert [button.action for button in asked.buttons[-2:]] == ["erase:yes", "erase:no"]
    outcome = talk.press(confirm) if ":" in confirm else talk.say(confirm)
    assert any(isinstance(effect, ForgetMe) for effect in outcome.effects)


def test_erasing_is_asked_about_only_once_more(talk: Talk) -> None:
    talk.say("xóa dữ liệu của tôi")
    talk.say("đóng bao nhiêu?")
    assert "chưa bị xóa" not in text_of(talk.say("mất thẻ phải làm sao"))
    assert talk.memory.pending is None
    assert not any(isinstance(effect, ForgetMe) for effect in talk.say("ok").effects)


def test_what_is_kept_can_be_seen(talk: Talk) -> None:
    for text in ("tôi là phụ huynh ở Huế", "con tôi 12 tuổi", "đừng nhắn tin nữa"):
        talk.say(text)
    words = text_of(talk.say("xem dữ liệu của tôi"))
    assert all(word in words for word in ("Phụ huynh", "Huế", "12 tuổi", "Nhận tin tức: không"))


def test_every_question_is_logged_once_for_curation(talk: Talk) -> None:
    for text in ("mất thẻ bảo hiểm y tế phải làm sao", "abc xyz hỏi gì đó không rõ", "cảm ơn bot"):
        logs = [effect for effect in talk.say(text).effects if isinstance(effect, LogQuestion)]
        assert [log.text for log in logs] == [text]


def test_commands_and_the_steps_of_a_dialogue_are_no_questions(talk: Talk) -> None:
    for text in ("gặp người thật", "tính tiền đóng", "lớp 7", "12 tháng", "dừng", "menu", "1"):
        assert not any(isinstance(effect, LogQuestion) for effect in talk.say(text).effects), text


@pytest.mark.parametrize(("word", "erased"), [("dừng", False), ("đúng", True), ("dung", False)])
def test_stop_is_no_yes_to_erasing(talk: Talk, word: str, erased: bool) -> None:
    talk.say("xóa dữ liệu của tôi")
    assert any(isinstance(effect, ForgetMe) for effect in talk.say(word).effects) is erased
