"""Guided dialogues: from start to result, left and resumed, corrected by an older button."""

from __future__ import annotations

import pytest

from handlers.dialogues import GUIDES
from handlers.effects import OpenCase
from handlers.turn import Decision
from tests.handlers.talking import Talk, buttons_to, text_of


def test_what_is_remembered_is_not_asked(talk: Talk) -> None:
    talk.say("con tôi học lớp 12")
    talk.press("guide:premium")
    assert talk.memory.dialogue is not None
    assert talk.memory.dialogue.answers == {"level": "grade12"}


@pytest.mark.parametrize(
    ("name", "values", "entry"),
    [
        ("which_app", ["age:under6", "idcard:no"], "vssid-dang-ky-cho-con"),
        ("which_app", ["age:6to13", "idcard:yes"], "vneid-cho-con-theo-tuoi"),
        ("which_app", ["age:14up", "idcard:yes"], "vneid-tich-hop-the"),
        ("which_app", ["age:14up", "idcard:no"], "vneid-lam-muc-2"),
        ("card_dates", ["level:under6", "born:before"], "tre-duoi-6-the-den-khi-nao"),
        ("card_dates", ["level:grade1", "born:after"], "lop-1-the-tu-khi-nao"),
        ("card_dates", ["level:pupil"], "the-co-gia-tri-den-khi-nao"),
        ("card_dates", ["level:grade12"], "lop-12-the-den-khi-nao"),
        ("card_dates", ["level:year1"], "nam-nhat-the-tu-khi-nao"),
        ("card_dates", ["level:final-year"], "nam-cuoi-the-den-khi-nao"),
        ("which_group", ["level:under6"], "tre-duoi-6-the-mien-phi"),
        ("which_group", ["level:pupil", "family:none"], "thuoc-nhom-nao"),
        ("which_group", ["level:pupil", "family:near-poor"], "ho-can-ngheo"),
        ("which_group", ["level:pupil", "family:soldier"], "con-quan-nhan-duoi-18"),
        ("which_group", ["level:student", "family:soldier"], "con-quan-nhan-vao-dai-hoc"),
        ("which_group", ["level:student", "family:none", "working:yes"], "sinh-vien-co-hop-dong-lao-dong"),
    ],
)
def test_a_dialogue_ends_with_its_answer(talk: Talk, name: str, values: list[str], entry: str) -> None:
    talk.press(f"guide:{name}")
    for value in values:
        assert talk.memory.dialogue is not None
        talk.press(f"g:{name}:{value}")
    assert talk.last is not None
    assert (talk.last.entry, talk.memory.dialogue) == (entry, None)


@pytest.mark.parametrize("name", GUIDES)
def test_every_choice_of_every_question_can_be_pressed(name: str) -> None:
    """Walks the whole tree of buttons: each path ends with an answer, never with an error or an old button."""
    open_paths, ends = [[f"guide:{name}"]], 0
    while open_paths:
        path = open_paths.pop()
        talk = Talk()
        for action in path:
            outcome = talk.press(action)
        if talk.memory.dialogue is None:
            assert outcome.decision in {Decision.ANSWER, Decision.HANDOFF}, path
            ends += 1
            continue
        question = f"g:{name}:{talk.memory.dialogue.asking}:"
        actions = [button.action for button in buttons_to(outcome, question)]
        assert actions, path
        open_paths += [[*path, action] for action in (actions if len(path) < 4 else actions[:1])]
    assert ends > 1


def test_a_dialogue_left_for_a_question_can_be_resumed(talk: Talk) -> None:
    talk.press("guide:premium")
    talk.press("g:premium:level:pupil")
    between = talk.say("đi khám bảo hiểm y tế cần mang giấy tờ gì?")
    assert between.decision is Decision.ANSWER
    assert talk.memory.dialogue is not None
    assert buttons_to(between, "resume")
    resumed = talk.press("resume")
    assert buttons_to(resumed, "g:premium:group:")
    assert talk.memory.dialogue.answers == {"level": "pupil"}


@pytest.mark.parametrize("word", ["tiếp tục", "tiep tuc", "tính tiếp"])
def test_a_dialogue_is_resumed_by_a_word(talk: Talk, word: str) -> None:
    talk.press("guide:premium")
    talk.press("g:premium:level:pupil")
    talk.say("đi khám bảo hiểm y tế cần mang giấy tờ gì?")
    assert buttons_to(talk.say(word), "g:premium:group:")


@pytest.mark.parametrize("word", ["thoát", "thoat", "thôi không tính nữa", "dừng lại"])
def test_a_dialogue_is_left_by_a_word(talk: Talk, word: str) -> None:
    talk.press("guide:premium")
    outcome = talk.say(word)
    assert talk.memory.dialogue is None
    assert not any(isinstance(effect, OpenCase) for effect in outcome.effects)


@pytest.mark.parametrize(("text", "told"), [("9 tháng", {"months": "9"}), ("em ở Huế", {"province": "hue"})])
def test_a_few_words_may_answer_a_question_that_comes_later(talk: Talk, text: str, told: dict[str, str]) -> None:
    talk.press("guide:premium")
    talk.press("g:premium:level:pupil")
    assert buttons_to(talk.say(text), "g:premium:group:")
    assert talk.memory.dialogue is not None
    assert talk.memory.dialogue.answers == {"level": "pupil", **told}


def test_an_older_button_corrects_the_answer(talk: Talk) -> None:
    talk.press("guide:premium")
    for action in ("level:pupil", "group:none", "months:12"):
        talk.press(f"g:premium:{action}")
    talk.press("g:premium:months:6")
    assert talk.memory.dialogue is not None
    assert talk.memory.dialogue.answers == {"level": "pupil", "group": "none", "months": "6"}
    assert talk.press("g:premium:level:under6").entry == "tre-duoi-6-the-mien-phi"


def test_an_older_button_of_a_choice_that_no_longer_exists_is_answered_kindly(talk: Talk) -> None:
    talk.press("guide:premium")
    talk.press("g:premium:level:pupil")
    for action in (
        "g:premium:months:15",
        "g:premium:colour:red",
        "g:lottery:level:pupil",
        "g:premium",
        "g:premium:level:",
    ):
        assert "Nút này đã cũ" in text_of(talk.press(action))
