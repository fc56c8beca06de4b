"""What somebody tells of themselves is taken in, offered on, and counts for the questions after it."""

from __future__ import annotations

import pytest

from handlers.places import Gazetteer
from handlers.statements import asks, tells, waits
from handlers.turn import Decision
from knowledge.search.folding import fold
from tests.handlers.talking import Talk, buttons_to, text_of
from tests.knowledge.real import real_search


def told(places: Gazetteer, text: str) -> bool:
    return tells(places.stripped(real_search().read(text)), text)


@pytest.mark.parametrize("write", [str, fold])
@pytest.mark.parametrize(
    "text",
    [
        "nhà tôi thuộc diện hộ cận nghèo",
        "chị gái em vừa sinh em bé",
        "bố em là công an",
        "cháu mới chuyển từ Hà Nội vào Đồng Nai",
        "em đang thực tập ở Lâm Đồng",
        "à nhầm, nhà em cận nghèo",
    ],
)
def test_circumstances_are_recognised(places: Gazetteer, text: str, write: object) -> None:
    assert told(places, write(text))  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "nhà tôi hộ cận nghèo thì đóng bao nhiêu",
        "con tôi bị mất thẻ",
        "em không vào được vssid",
        "tôi muốn đổi nơi khám",
        "em đóng tiền rồi",
        "nhà em hộ nghèo?",
        "thủ tục cấp lại thẻ",
        "còn Điện Biên",
        "em là",
    ],
)
def test_questions_and_troubles_are_no_circumstances(places: Gazetteer, text: str) -> None:
    assert not told(places, text)


def test_circumstances_are_taken_in_with_what_may_be_asked(talk: Talk) -> None:
    outcome = talk.say("nhà tôi thuộc diện hộ cận nghèo")
    assert outcome.decision is Decision.CLARIFY
    assert 2 <= len(buttons_to(outcome, "entry:")) <= 4
    assert any("cận nghèo" in button.label for button in outcome.buttons)
    assert talk.memory.circumstance == "nhà tôi thuộc diện hộ cận nghèo"


@pytest.mark.parametrize("write", [str, fold])
def test_a_clear_question_is_answered_for_the_circumstances(talk: Talk, write: object) -> None:
    talk.say(write("nhà tôi thuộc diện hộ cận nghèo"))  # type: ignore[operator]
    assert "100%" in text_of(talk.say(write("con tôi khám bệnh được hưởng bao nhiêu phần trăm")))  # type: ignore[operator]


def test_circumstances_do_not_reach_what_has_nothing_to_do_with_them(talk: Talk) -> None:
    talk.say("nhà tôi thuộc diện hộ cận nghèo")
    assert talk.say("em quên mật khẩu vssid").entry == Talk().say("em quên mật khẩu vssid").entry


def test_circumstances_told_after_a_question_answer_it_anew(talk: Talk) -> None:
    talk.say("sinh viên đi khám được trả bao nhiêu phần trăm")
    outcome = talk.say("à nhà em hộ cận nghèo")
    assert outcome.decision is Decision.ANSWER
    assert "cận nghèo" in text_of(outcome)


def test_what_a_person_must_see_to_is_no_small_talk(talk: Talk) -> None:
    assert talk.say("em có hai thẻ bảo hiểm y tế cùng còn hạn").decision is Decision.HANDOFF


def test_circumstances_are_shown_and_erased(talk: Talk) -> None:
    talk.say("nhà tôi thuộc diện hộ cận nghèo")
    assert "nhà tôi thuộc diện hộ cận nghèo" in text_of(talk.say("xem dữ liệu của tôi"))
    talk.say("xóa dữ liệu của tôi")
    talk.say("đồng ý")
    assert talk.memory.circumstance is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("nộp ở đâu", True), ("em nộp rồi", False), ("how long does it take", True), ("được chưa?", True)],
)
def test_what_asks(text: str, expected: bool) -> None:
    assert asks(real_search().read(text), text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("chờ mãi", True), ("không ai trả lời", True), ("khong ai nghe may", True), ("đóng ở đâu", False)],
)
def test_what_waits(text: str, expected: bool) -> None:
    assert waits(real_search().read(text)) is expected
