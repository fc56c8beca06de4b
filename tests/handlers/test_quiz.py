"""The quiz as a dialogue: started, answered, left, resumed, scored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from handlers.conversation import new_memory
from handlers.dialogues.quiz import quiz_guide
from handlers.effects import RecordQuizScore, Subscribe, Topic
from handlers.turn import Decision, Round, Turn
from tests.handlers.talking import conversation_over_real_base, text_of
from tests.knowledge.real import TODAY, real_base

if TYPE_CHECKING:
    from handlers.memory import Memory
    from handlers.turn import Outcome

BASE = real_base()
NAMES = ("bat-buoc", "ho-tro-nha-nuoc", "ky-dong", "tong-dai")
ROUND = Round("2026-w47", "Đố vui tuần 47", NAMES, date(2026, 11, 29))


def right(name: str, opened: Round = ROUND) -> str:
    """The letter of the right choice."""
    return "abcd"[BASE.quiz.questions[name].order(opened.code).index(0)]


def wrong(name: str, opened: Round = ROUND) -> str:
    return "b" if right(name, opened) == "a" else "a"


@dataclass
class Player:
    """Somebody to whom a round is open."""

    opened: Round | None = ROUND
    language: str = "vi"

    def __post_init__(self) -> None:
        self.memory: Memory = new_memory(language=self.language)

    def say(self, text: str) -> Outcome:
        return self._turn(Turn(self.memory, TODAY, text=text, quiz=self.opened))

    def press(self, action: str) -> Outcome:
        return self._turn(Turn(self.memory, TODAY, action=action, quiz=self.opened))

    def _turn(self, turn: Turn) -> Outcome:
        outcome = conversation_over_real_base().respond(turn)
        self.memory = type(self.memory).model_validate_json(outcome.memory.model_dump_json())
        return outcome


def scores(outcome: Outcome) -> list[RecordQuizScore]:
    return [effect for effect in outcome.effects if isinstance(effect, RecordQuizScore)]


@pytest.mark.parametrize(
    "text",
    ["thi", "đố vui", "do vui", "em muốn thi", "tham gia thi đố vui", "câu đố tuần này", "quiz", "take the quiz"],
)
def test_the_quiz_is_begun_by_its_words(text: str) -> None:
    outcome = Player().say(text)
    assert "Câu 1/4" in text_of(outcome) or "Question 1/4" in text_of(outcome)
    assert [button.label for button in outcome.buttons][:3] == ["A", "B", "C"]


@pytest.mark.parametrize(
    "text", ["thi hành luật BHYT", "con tôi thi lại có phải đóng không", "em thi đại học xong rồi"]
)
def test_other_sentences_with_the_word_begin_no_quiz(text: str) -> None:
    assert "Câu 1/4" not in text_of(Player().say(text))


def test_the_menu_offers_the_quiz_only_while_a_round_is_open() -> None:
    assert Player().press("menu").buttons[0].action == "quiz"
    assert "quiz" not in [button.action for button in Player(None).press("menu").buttons]


def test_all_right_scores_full_marks() -> None:
    player = Player()
    outcome = player.press("quiz")
    for number, name in enumerate(NAMES, 1):
        outcome = player.press(f"g:quiz:2026-w47.{number}:{right(name)}")
    assert scores(outcome) == [RecordQuizScore("2026-w47", 4, 4)]
    assert player.memory.dialogue is None
    assert outcome.decision is Decision.ANSWER


def test_mistakes_are_explained_with_entry_and_source() -> None:
    player = Player()
    player.press("quiz")
    for name in NAMES:
        outcome = player.say((wrong if name == "ho-tro-nha-nuoc" else right)(name))
    assert scores(outcome) == [RecordQuizScore("2026-w47", 3, 4)]
    text = text_of(outcome)
    assert "3/4" in text
    assert "Câu 2." in text
    assert "Câu 1." not in text
    assert "50%" in text
    assert "188/2025" in outcome.replies[0].note
    assert "entry:nha-nuoc-ho-tro-bao-nhieu" in [button.action for button in outcome.buttons]


def _ways_to_say(number: int) -> list[str]:
    letter = "ABCD"[number]
    small = letter.lower()
    said = [letter, small, f"câu {letter}", f"đáp án {small}", f"chọn {letter}", f"em chọn {letter} ạ", f"{letter} nhé"]
    return [*said, str(number + 1), f"số {number + 1}"]


@pytest.mark.parametrize(("number", "text"), [(n, text) for n in range(3) for text in _ways_to_say(n)])
def test_an_answer_by_letter_or_number(number: int, text: str) -> None:
    player = Player()
    player.press("quiz")
    player.say(text)
    assert player.memory.dialogue is not None
    assert player.memory.dialogue.answers == {"2026-w47.1": "abc"[number]}


@pytest.mark.parametrize("text", ["50%", "B. 50%"])
def test_an_answer_in_its_own_words(text: str) -> None:
    player = Player(Round("x", "x", ("ho-tro-nha-nuoc",), ROUND.closes))
    player.press("quiz")
    said = "50%" if text == "50%" else right("ho-tro-nha-nuoc", player.opened or ROUND).upper()
    assert scores(player.say(said)) == [RecordQuizScore("x", 1, 1)]


def test_a_question_in_between_is_answered_and_the_quiz_goes_on() -> None:
    player = Player()
    player.press("quiz")
    player.say("A")
    between = player.say("BHYT học sinh có bắt buộc không?")
    assert between.entry == "bat-buoc-khong"
    assert "resume" in [button.action for button in between.buttons]
    assert "Câu 2/4" in text_of(player.say("tiếp tục"))


def test_it_can_be_left_and_begun_again() -> None:
    player = Player()
    player.press("quiz")
    player.say("A")
    player.say("thoát")
    assert player.memory.dialogue is None
    assert "Câu 1/4" in text_of(player.say("đố vui"))


def test_starting_again_in_the_middle_goes_on_where_one_was() -> None:
    player = Player()
    player.press("quiz")
    player.say("A")
    assert "Câu 2/4" in text_of(player.say("đố vui"))


def test_buttons_of_an_earlier_round_answer_nothing() -> None:
    player = Player()
    player.press("quiz")
    player.press("g:quiz:2026-w47.1:a")
    player.opened = Round("2026-w48", "Tuần 48", NAMES, date(2026, 12, 6))
    outcome = player.press("g:quiz:2026-w47.2:b")
    assert scores(outcome) == []
    assert "cũ" in text_of(outcome)
    assert "Câu 1/4" in text_of(player.press("quiz"))


def test_a_round_that_closes_meanwhile_leaves_nobody_stuck() -> None:
    player = Player()
    player.press("quiz")
    player.opened = None
    assert player.say("BHYT học sinh có bắt buộc không?").entry == "bat-buoc-khong"
    closed = player.say("đố vui")
    assert "chưa có vòng" in text_of(closed)
    agreed = [effect.topic for effect in player.press("topic:quiz").effects if isinstance(effect, Subscribe)]
    assert agreed == [Topic.QUIZ]


def test_questions_that_were_taken_out_are_skipped() -> None:
    opened = Round("x", "x", ("khong-con", "bat-buoc"), ROUND.closes)
    guide = quiz_guide(opened, BASE)
    assert guide is not None
    assert len(guide.questions) == 1
    assert quiz_guide(Round("x", "x", ("khong-con",), ROUND.closes), BASE) is None


def test_the_frame_is_in_english_for_english_speakers() -> None:
    text = text_of(Player(language="en").press("quiz"))
    assert "Question 1/4" in text
    assert "in Vietnamese" in text


@pytest.mark.parametrize("name", BASE.quiz.questions)
def test_every_question_can_be_asked_and_answered(name: str) -> None:
    opened = Round("r", "r", (name,), ROUND.closes)
    for letter in "abcd"[: len(BASE.quiz.questions[name].choices)]:
        player = Player(opened)
        asked = player.press("quiz")
        assert all(len(f"g:quiz:{'x' * 24}.20:d") <= 64 for _ in asked.buttons)
        found = scores(player.press(f"g:quiz:r.1:{letter}"))
        assert found == [RecordQuizScore("r", int(letter == right(name, opened)), 1)]
