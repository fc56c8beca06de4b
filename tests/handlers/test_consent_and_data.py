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


@pytest.mark.parametrize("deny", ["không", "thôi", "erase:no", "đóng bao nhiêu?"])
def test_erasing_is_dropped_when_denied_or_forgotten(talk: Talk, deny: str) -> None:
    talk.say("con tôi 12 tuổi")
    talk.say("xóa dữ liệu của tôi")
    outcome = talk.press(deny) if ":" in deny else talk.say(deny)
    assert not any(type(effect).__name__ == "ForgetMe" for effect in outcome.effects)
    assert talk.memory.children
    assert talk.memory.pending is None


def test_what_is_kept_can_be_seen(talk: Talk) -> None:
    for text in ("tôi là phụ huynh ở Huế", "con tôi 12 tuổi", "đừng nhắn tin nữa"):
        talk.say(text)
    words = text_of(talk.say("xem dữ liệu của tôi"))
    assert all(word in words for word in ("Phụ huynh", "Huế", "12 tuổi", "Nhận tin tức: không"))


def test_every_message_is_logged_once_for_curation(talk: Talk) -> None:
    for text in ("mất thẻ bảo hiểm y tế phải làm sao", "gặp người thật", "😀"):
        logs = [effect for effect in talk.say(text).effects if isinstance(effect, LogQuestion)]
        assert [log.text for log in logs] == [text]


@pytest.mark.parametrize(("word", "erased"), [("dừng", False), ("đúng", True), ("dung", False)])
def test_stop_is_no_yes_to_erasing(talk: Talk, word: str, erased: bool) -> None:
    talk.say("xóa dữ liệu của tôi")
    assert any(isinstance(effect, ForgetMe) for effect in talk.say(word).effects) is erased
