"""What the bot says while staff has the conversation, and right after."""

from __future__ import annotations

import pytest

from handlers.conversation import Conversation
from handlers.effects import AddToCase, ForgetMe, OpenCase, RateCase, Subscribe, Unsubscribe
from handlers.memory import Memory
from handlers.turn import Outcome, Standing, Turn
from tests.handlers.talking import text_of
from tests.knowledge.real import TODAY

NUMBER = "YC26-000007"
MEMORY = Memory(case=NUMBER, greeted=True, handed_over=True, last_entry=None)


def said(
    conversation: Conversation, standing: Standing, text: str = "", memory: Memory = MEMORY, **more: str
) -> Outcome:
    turn = Turn(memory, TODAY, text, case_number="YC26-000099", standing=standing, **more)  # type: ignore[arg-type]
    return conversation.respond(turn)


@pytest.mark.parametrize(
    "text",
    [
        "bao giờ xong ạ",
        "học sinh đóng bao nhiêu tiền",
        "bạn là ai",
        "menu",
        "English",
        "1",
        "gặp cán bộ",
        "otp là 123456",
    ],
)
def test_nothing_is_said_and_the_case_gets_it(conversation: Conversation, text: str) -> None:
    outcome = said(conversation, Standing.HELD, text)
    assert outcome.replies == ()
    assert outcome.memory == MEMORY
    (added,) = outcome.effects
    assert isinstance(added, AddToCase)
    assert added.number == NUMBER
    assert "123456" not in added.text


def test_a_picture_and_a_button_go_to_the_case_too(conversation: Conversation) -> None:
    assert said(conversation, Standing.HELD, media="photo").effects == (AddToCase(NUMBER, "[photo]"),)
    outcome = said(conversation, Standing.HELD, action="menu")
    assert (outcome.replies, outcome.effects) == ((), ())


@pytest.mark.parametrize(
    ("text", "effect"),
    [("dừng", Unsubscribe), ("đừng gửi tin nữa", Unsubscribe), ("nhận tin lại", Subscribe)],
)
def test_opt_out_and_opt_in_hold_at_once(conversation: Conversation, text: str, effect: type) -> None:
    outcome = said(conversation, Standing.HELD, text)
    assert outcome.replies
    assert any(isinstance(each, effect) for each in outcome.effects)
    pressed = said(conversation, Standing.HELD, action="stop:all")
    assert any(isinstance(each, Unsubscribe) for each in pressed.effects)


def test_an_emergency_is_answered_and_the_case_hears_of_it(conversation: Conversation) -> None:
    outcome = said(conversation, Standing.HELD, "con tôi bị co giật tím tái phải làm sao")
    assert "115" in text_of(outcome)
    assert [effect for effect in outcome.effects if isinstance(effect, AddToCase | OpenCase)] == [
        AddToCase(NUMBER, "con tôi bị co giật tím tái phải làm sao")
    ]


def test_data_can_be_seen_and_erased(conversation: Conversation) -> None:
    assert NUMBER in text_of(said(conversation, Standing.HELD, "xem dữ liệu của tôi"))
    asked = said(conversation, Standing.HELD, "xóa dữ liệu của tôi")
    assert asked.replies
    for confirmed in (
        said(conversation, Standing.HELD, "đồng ý", asked.memory),
        said(conversation, Standing.HELD, memory=asked.memory, action="erase:yes"),
    ):
        assert any(isinstance(effect, ForgetMe) for effect in confirmed.effects)


@pytest.mark.parametrize("text", ["chưa xong", "van chua duoc giai quyet", "tôi không hài lòng", "it is not done"])
def test_a_case_that_is_not_settled_goes_on(conversation: Conversation, text: str) -> None:
    outcome = said(conversation, Standing.RESOLVED, text)
    assert NUMBER in text_of(outcome)
    assert [type(effect) for effect in outcome.effects if isinstance(effect, AddToCase | OpenCase)] == [AddToCase]


@pytest.mark.parametrize("text", ["học sinh đóng bao nhiêu tiền", "cảm ơn bạn nhé"])
def test_after_that_the_bot_answers_again(conversation: Conversation, text: str) -> None:
    outcome = said(conversation, Standing.RESOLVED, text)
    assert NUMBER not in text_of(outcome)
    assert not any(isinstance(effect, AddToCase) for effect in outcome.effects)


def test_satisfaction_is_recorded(conversation: Conversation) -> None:
    content = said(conversation, Standing.RESOLVED, action=f"rate:{NUMBER}:5")
    assert content.effects == (RateCase(NUMBER, 5),)
    unhappy = said(conversation, Standing.RESOLVED, action=f"rate:{NUMBER}:1")
    assert unhappy.effects[0] == RateCase(NUMBER, 1)
    assert isinstance(unhappy.effects[1], AddToCase)
    assert NUMBER in text_of(unhappy)
    late = said(conversation, Standing.NONE, memory=MEMORY.having(case=None), action=f"rate:{NUMBER}:1")
    assert late.effects == (RateCase(NUMBER, 1),)
    for broken in ("rate:", f"rate:{NUMBER}:9", "rate:x y:1"):
        assert said(conversation, Standing.RESOLVED, action=broken).effects == ()


def test_english_is_answered_in_english(conversation: Conversation) -> None:
    turn = Turn(MEMORY.having(language="en"), TODAY, action=f"rate:{NUMBER}:5", standing=Standing.RESOLVED)
    assert "Thank you" in text_of(conversation.respond(turn))


def test_a_case_tells_what_is_known(conversation: Conversation) -> None:
    memory = Memory(province="dien-bien", greeted=True)
    outcome = said(conversation, Standing.NONE, "tôi muốn khiếu nại trường thu sai tiền, số tôi 0912345678", memory)
    (case,) = [effect for effect in outcome.effects if isinstance(effect, OpenCase)]
    assert case.province == "dien-bien"
    assert "khiếu nại" in case.question
    assert "0912345678" not in case.question
