"""After a hand-off: what still belongs to the case stays with it, a new question is answered."""

from __future__ import annotations

import pytest

from handlers.effects import AddToCase, OpenCase, Unsubscribe
from handlers.texts import say
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


@pytest.mark.parametrize("text", ["bao lau co nguoi tra loi", "khi nào thì có cán bộ gọi"])
def test_when_somebody_answers_is_asked_of_the_case(talk: Talk, text: str) -> None:
    talk.say("tôi muốn gặp người thật")
    assert str(talk.memory.case) in text_of(talk.say(text))


def test_waiting_without_a_case_is_a_question_like_others(talk: Talk) -> None:
    talk.say("thẻ của em hết hạn khi nào")
    assert not talk.memory.handed_over
    assert talk.memory.case is None
    assert "Việc này cần cán bộ" not in text_of(talk.say("chờ lâu chưa"))


def test_nobody_in_an_emergency_is_told_to_wait_for_staff(talk: Talk) -> None:
    talk.say("cháu đang co giật phải làm sao")
    assert "Việc này cần cán bộ" not in text_of(talk.say("chờ lâu quá"))


@pytest.mark.parametrize("text", ["phải báo ai", "chờ lâu chưa", "nó vừa gọi lại nữa"])
def test_who_was_deceived_gets_advice_and_is_not_told_to_wait(talk: Talk, text: str) -> None:
    talk.say("em lỡ đưa mã otp cho người gọi điện xưng bảo hiểm rồi")
    outcome = talk.say(text)
    assert say("vi", "handoff", "goes_on") not in text_of(outcome)
    assert outcome.entry == "lo-dua-otp-thong-tin"


@pytest.mark.parametrize(
    "text", ["hủy yêu cầu đó đi, trường giải quyết xong rồi", "k can gap nua", "thôi không cần cán bộ gọi lại nữa"]
)
def test_a_request_can_be_taken_back(talk: Talk, text: str) -> None:
    (case,) = (effect for effect in talk.say("tôi muốn gặp nhân viên").effects if isinstance(effect, OpenCase))
    outcome = talk.say(text)
    assert [effect for effect in outcome.effects if isinstance(effect, AddToCase)] == [AddToCase(case.number, text)]
    assert "không cần hỗ trợ nữa" in text_of(outcome)


def test_who_wants_no_more_messages_is_heard_before_the_case(talk: Talk) -> None:
    talk.say("tôi muốn gặp nhân viên")
    outcome = talk.say("khỏi gởi tin cho tui nữa")
    assert any(isinstance(effect, Unsubscribe) for effect in outcome.effects)


def test_without_a_case_there_is_nothing_to_take_back(talk: Talk) -> None:
    assert not any(isinstance(effect, AddToCase) for effect in talk.say("hủy yêu cầu đó đi").effects)


def test_what_is_added_later_reaches_the_case(talk: Talk) -> None:
    (case,) = (effect for effect in talk.say(REFUND).effects if isinstance(effect, OpenCase))
    talk.say("niềng răng có được bảo hiểm trả không")
    text = "tôi bổ sung là con học lớp 3"
    assert AddToCase(case.number, text) in talk.say(text).effects


@pytest.mark.parametrize("text", ["gọi tổng đài mãi không ai nghe", "minh goi 1900 9068 hoai ma k ai nghe"])
def test_who_cannot_reach_the_hotline_gets_the_answer_to_that(talk: Talk, text: str) -> None:
    talk.say(REFUND)
    assert talk.say(text).entry == "tong-dai-goi-khong-duoc"


def test_the_summary_holds_what_was_told_before(talk: Talk) -> None:
    talk.say("em là sinh viên năm nhất")
    talk.say("niềng răng có được bảo hiểm trả không")
    (case,) = (effect for effect in talk.say("cho em gặp cán bộ").effects if isinstance(effect, OpenCase))
    assert "niềng răng có được bảo hiểm trả không" in case.summary
    assert "sinh viên năm nhất" in case.summary


def test_what_may_answer_meanwhile_is_offered(talk: Talk) -> None:
    talk.say("cô đóng tiền cho học sinh rồi mà bị sót tên")
    outcome = talk.say("bé đang nằm viện thẻ chưa có")
    assert outcome.decision is Decision.HANDOFF
    assert any(button.action.startswith("entry:") for button in outcome.buttons)
    assert say("vi", "handoff", "meanwhile") in text_of(outcome)


def test_what_staff_sees_to_is_not_told_again(talk: Talk) -> None:
    first = talk.say("bệnh viện bắt đóng tạm ứng 3 triệu vì chưa có thẻ, em phải đóng à")
    assert [effect for effect in first.effects if isinstance(effect, OpenCase)]
    again = talk.say("vậy ra viện rồi mới mang lên thì sao")
    assert first.entry == again.entry
    assert text_of(first).split("\n")[0] not in text_of(again)
    assert talk.memory.case is not None
    assert talk.memory.case in text_of(again)
