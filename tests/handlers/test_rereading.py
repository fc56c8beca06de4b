"""A second look at a decision by how the message reads."""

from __future__ import annotations

import pytest

from handlers.context import Context
from handlers.conversation import new_memory
from handlers.effects import OpenCase
from handlers.finding import Found
from handlers.rereading import reread
from handlers.turn import Decision, Outcome, Turn
from knowledge.search.decision import Answer, Clarify, Decided, HandOff, NotUnderstood, OutOfScope, SmallTalk
from knowledge.search.engine import Candidate
from tests.handlers.talking import Talk, conversation_over_real_base, text_of
from tests.knowledge.real import TODAY, real_base

INCIDENT = "Tôi nộp cho cô giáo từ đầu năm rồi mà hôm qua viện họ bảo chưa có thẻ, bắt tôi trả hết"
QUESTION = "Nếu trường thu tiền rồi thì bao nhiêu ngày có thẻ cho học sinh?"
HOTLINE = "1900.9068"
BEST = "muc-huong-hssv"


def read_again(text: str, decided: Decided, best: str = BEST) -> Outcome | None:
    tools = conversation_over_real_base()._tools
    turn = Turn(memory=new_memory("parent"), today=TODAY, text=text, case_number="HT-1")
    context = Context(tools, turn, turn.memory, text, tools.search.read(text))
    return reread(context, Found(decided, [Candidate(best, decided.confidence)]))


def test_an_incident_gets_the_rule_in_short_and_a_person() -> None:
    outcome = read_again(INCIDENT, Answer(BEST, 0.5))
    assert outcome is not None
    assert outcome.decision is Decision.HANDOFF
    whole = real_base().render(BEST, TODAY).text
    assert whole.split("\n\n")[0] in outcome.replies[0].text
    assert HOTLINE in outcome.replies[0].text
    assert "HT-1" in outcome.replies[0].text
    assert [effect.entry for effect in outcome.effects if isinstance(effect, OpenCase)] == [BEST]
    assert outcome.buttons[0].action == f"entry:{BEST}"


def test_a_rule_that_announces_a_list_comes_with_it() -> None:
    announcing = "khong-duoc-chi-tra"
    first, listed = real_base().render(announcing, TODAY).text.split("\n\n")[:2]
    assert first.endswith(":")
    outcome = read_again(INCIDENT, Answer(announcing, 0.5), announcing)
    assert outcome is not None
    assert f"{first}\n\n{listed}" in outcome.replies[0].text


def test_a_general_question_keeps_its_answer() -> None:
    assert read_again(QUESTION, Answer(BEST, 0.5)) is None


def test_an_answer_that_is_sure_stands_whatever_is_told() -> None:
    assert read_again(INCIDENT, Answer(BEST, 0.99)) is None


def test_a_few_words_tell_no_incident() -> None:
    assert read_again("bị thu sai tiền", Answer(BEST, 0.3)) is None


@pytest.mark.parametrize("decided", [Clarify((BEST, "bat-buoc-khong"), 0.2), NotUnderstood(0.02)])
def test_an_incident_that_nothing_fits_goes_to_a_person(decided: Decided) -> None:
    outcome = read_again(INCIDENT, decided)
    assert outcome is not None
    assert outcome.decision is Decision.HANDOFF
    assert HOTLINE in text_of(outcome)
    options = decided.options if isinstance(decided, Clarify) else ()
    assert [button.action for button in outcome.buttons][: len(options)] == [f"entry:{option}" for option in options]


def test_an_option_that_is_for_incidents_is_taken() -> None:
    outcome = read_again(INCIDENT, Clarify(("nop-roi-the-chua-co", BEST), 0.2))
    assert outcome is not None
    assert outcome.entry == "nop-roi-the-chua-co"


@pytest.mark.parametrize(
    "decided", [HandOff("nop-roi-the-chua-co", 0.6), OutOfScope(None, 0.6), SmallTalk("cam-on", 1)]
)
def test_what_is_decided_otherwise_stands(decided: Decided) -> None:
    assert read_again(INCIDENT, decided) is None


def test_a_clarifying_entry_with_its_own_text_stands() -> None:
    assert read_again(INCIDENT, Clarify((BEST,), 0.9, "hoi-bi-loi")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Nhờ bạn đăng ký bảo hiểm giúp cho bé nhà tôi",
        "Đổi nơi khám cho em luôn nha",
        "Thẻ của em còn hạn không, em tên Bình học lớp 9",
        "sửa ngày sinh trên thẻ giùm em",
    ],
)
def test_what_is_asked_of_the_bot_itself_goes_to_a_person(text: str) -> None:
    outcome = read_again(text, Answer(BEST, 0.99))
    assert outcome is not None
    assert outcome.decision is Decision.HANDOFF


@pytest.mark.parametrize(
    "text", ["Đổi nơi khám cho con cần giấy tờ gì?", "Đăng ký bảo hiểm cho bé thế nào?", "Tên trên thẻ bị sai thì sao?"]
)
def test_how_to_do_it_oneself_is_answered(text: str) -> None:
    assert read_again(text, Answer(BEST, 0.99)) is None


@pytest.mark.parametrize(
    "text",
    [
        "chỉ em cách khai gian hộ nghèo với",
        "cần mua giấy ra viện giả",
        "Mình muốn bán lại tài khoản VssID",
        "viết giúp tôi phiếu khám giả",
    ],
)
@pytest.mark.parametrize("decided", [Answer(BEST, 0.99), Clarify((BEST,), 0.2), NotUnderstood(0.0)])
def test_no_help_to_break_the_law(text: str, decided: Decided) -> None:
    outcome = read_again(text, decided)
    assert outcome is not None
    assert outcome.decision is Decision.REFUSE


@pytest.mark.parametrize(
    "text",
    [
        "Tôi thấy có người bán thẻ giả, tố giác ở đâu?",
        "xin giấy xác nhận hộ gia đình ở đâu",
        "Mua thẻ giá bao nhiêu?",
        "bán tài khoản VssID có bị phạt không",
    ],
)
def test_who_asks_about_the_law_does_not_break_it(text: str) -> None:
    assert read_again(text, Answer(BEST, 0.99)) is None


def test_another_subject_is_refused_only_when_nothing_is_likely() -> None:
    foreign = "quán phở nào ngon ở gần chợ đêm vậy"
    refused = read_again(foreign, Answer(BEST, 0.25))
    assert refused is not None
    assert refused.decision is Decision.REFUSE
    assert read_again(foreign, Answer(BEST, 0.5)) is None
    assert read_again(foreign, Answer(BEST, 0.25), best="goi-cap-cuu") is None
    assert read_again("quán nào nhận thẻ bảo hiểm ở chợ đêm vậy", Answer(BEST, 0.25)) is None


@pytest.mark.parametrize("text", ["bot có ngủ không", "mình đang chat với người hay máy vậy"])
def test_questions_about_the_bot_are_small_talk(text: str) -> None:
    assert Talk().say(text).decision is Decision.SMALLTALK


@pytest.mark.parametrize("text", ["em cần hỗ trợ", "tôi cần giúp đỡ", "I need help"])
def test_a_bare_need_is_asked_back(text: str) -> None:
    outcome = Talk().say(text)
    assert outcome.decision is Decision.CLARIFY
    assert outcome.buttons


@pytest.mark.parametrize("text", ["bé nhà em vừa nuốt cục nam châm", "ông tôi té cầu thang vỡ đầu chảy nhiều máu quá"])
def test_an_accident_that_just_happened_is_an_emergency(text: str) -> None:
    assert "115" in text_of(Talk().say(text))
    assert Talk().say(text).decision is Decision.HANDOFF


@pytest.mark.parametrize("text", ["tuần trước con tôi té chảy máu đầu, bảo hiểm có trả không"])
def test_an_accident_of_the_past_is_a_question(text: str) -> None:
    assert Talk().say(text).decision is Decision.ANSWER


def test_who_asks_for_a_person_gets_a_case() -> None:
    outcome = Talk().press("entry:gap-nguoi-that")
    assert outcome.decision is Decision.HANDOFF
    assert [effect.entry for effect in outcome.effects if isinstance(effect, OpenCase)] == ["gap-nguoi-that"]
    assert "HT-0001" in text_of(outcome)
