"""After a hand-off: what still belongs to the case stays with it, a new question is answered."""

from __future__ import annotations

import pytest

from handlers.effects import OpenCase
from handlers.turn import Decision
from tests.handlers.talking import Talk, text_of

REFUND = "trường thu tiền của con tôi hai lần, tôi đòi lại tiền"


@pytest.mark.parametrize(
    "text",
    [
        "cô giáo nói đã gửi lên bảo hiểm rồi",
        "chờ lâu chưa",
        "bao lâu thì tôi nhận lại tiền",
        "sao không ai trả lời vậy",
        "co giao noi da gui len bao hiem roi",
    ],
)
def test_what_belongs_to_the_case_stays_with_its_number(talk: Talk, text: str) -> None:
    number = next(effect for effect in talk.say(REFUND).effects if isinstance(effect, OpenCase)).number
    outcome = talk.say(text)
    assert outcome.decision is Decision.HANDOFF
    assert number in text_of(outcome)
    assert "1900.9068" in text_of(outcome)
    assert not [effect for effect in outcome.effects if isinstance(effect, OpenCase)], "one case is enough"


@pytest.mark.parametrize("text", ["niềng răng có được bảo hiểm trả không", "học sinh đóng một năm bao nhiêu tiền"])
def test_a_new_question_is_answered(talk: Talk, text: str) -> None:
    talk.say(REFUND)
    assert talk.say(text).decision is Decision.ANSWER
    assert not talk.memory.handed_over


def test_waiting_after_asking_for_a_person(talk: Talk) -> None:
    talk.say("cho tôi gặp nhân viên")
    outcome = talk.say("không ai trả lời hết vậy")
    assert outcome.decision is Decision.HANDOFF
    assert talk.memory.case is not None
    assert talk.memory.case in text_of(outcome)


def test_waiting_without_a_case_is_a_question_like_others(talk: Talk) -> None:
    talk.say("thẻ của em hết hạn khi nào")
    assert not talk.memory.handed_over
    assert talk.memory.case is None
    assert "Việc này cần cán bộ" not in text_of(talk.say("chờ lâu chưa"))


def test_nobody_in_an_emergency_is_told_to_wait_for_staff(talk: Talk) -> None:
    talk.say("cháu đang co giật phải làm sao")
    assert "Việc này cần cán bộ" not in text_of(talk.say("chờ lâu quá"))
