"""Opting out and in: recognition, what is said and done, and where the same words mean something else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation import optouts
from bot.evaluation.questions import CHATTER
from handlers.clauses import ALL
from handlers.effects import ForgetMe, Subscribe, Topic, Unsubscribe
from handlers.subscriptions import CERTAIN, FAINT, SURE, Wish, wish
from knowledge.search.engine import Search
from knowledge.search.folding import fold
from tests.handlers.talking import Talk, buttons_to, conversation_over_real_base, text_of
from tests.knowledge.real import TODAY, real_base, real_search

NEWS, REMINDERS, QUIZ = Topic.NEWS, Topic.REMINDERS, Topic.QUIZ


def said(text: str) -> Wish:
    return wish(text, real_search())


@pytest.fixture(scope="module")
def heard() -> optouts.Heard:
    return optouts.listen("own", optouts.load(optouts.OWN), conversation_over_real_base(), TODAY)


def test_the_set_is_large_and_half_of_it_are_near_misses(heard: optouts.Heard) -> None:
    assert heard.counts["out"] + heard.counts["in"] + heard.counts["near"] >= 240
    assert heard.counts["near"] >= 0.4 * heard.counts.total() / 3


def test_opting_out_is_heard(heard: optouts.Heard) -> None:
    assert heard.share("out") >= 0.98, heard.misses
    assert heard.share("out", "exactly") >= 0.98, heard.misses
    assert heard.share("in") >= 0.95, heard.misses


def test_near_misses_are_left_alone(heard: optouts.Heard) -> None:
    assert heard.share("near") <= 0.01, heard.misses


@pytest.mark.parametrize(
    "text",
    [
        "bà sợ tắt tin nhắn thì không được khám bảo hiểm nữa, có đúng vậy hông",
        "không nhận tin nhắc nữa thì lúc thẻ gần hết hạn có được báo không",
    ],
)
def test_what_follows_from_ending_messages_may_be_asked(text: str) -> None:
    assert not said(text)


@pytest.mark.parametrize("text", ["cho mình huỷ nhận tin được không", "tắt nhắc hạn thẻ giúp em được không ạ"])
def test_a_wish_in_the_form_of_a_question_is_heard(text: str) -> None:
    assert said(text).stopped


def test_small_talk_ends_nothing() -> None:
    """700 lines by another hand, of which the reader knows none."""
    lines = CHATTER.read_text(encoding="utf-8").splitlines()
    ended = [line for line in lines if said(line).stopped]
    assert len(ended) <= len(lines) // 100, ended


def test_no_phrasing_of_another_answer_is_a_wish() -> None:
    meant = {"dung-nhan-tin", "rut-dong-y", "nhan-tin-lai", "vi-sao-nhan-duoc-tin"}
    entries = [entry for entry in real_base().entries.values() if entry.id not in meant]
    phrasings = [phrasing for entry in entries for phrasing in entry.phrasings[::3]]
    false = [phrasing for phrasing in phrasings if said(phrasing)]
    assert len(false) <= 0.001 * len(phrasings), false


@pytest.mark.parametrize(
    ("text", "stopped", "wanted"),
    [
        ("dừng", ALL, frozenset()),
        ("đừng gửi khẩu hiệu nữa nhưng vẫn nhắc hạn thẻ", {NEWS}, {REMINDERS}),
        ("chỉ nhắc hạn thẻ thôi, còn lại đừng gửi", {NEWS, QUIZ}, {REMINDERS}),
        ("không nhận khẩu hiệu với câu đố nữa", {NEWS, QUIZ}, frozenset()),
        ("nhận lại tin nhắc hạn", frozenset(), {REMINDERS}),
        ("đã gia hạn mà cứ nhắc miết, đừng nhắc hạn thẻ nữa", {REMINDERS}, frozenset()),
        ("nếu dừng thì sao", frozenset(), frozenset()),
        ("đố vui với tin tức thì bỏ, còn nhắc hạn thẻ thì cứ gửi", {NEWS, QUIZ}, {REMINDERS}),
        ("còn nhắc hạn thẻ thì cứ gửi, đố vui với tin tức thì bỏ", {NEWS, QUIZ}, {REMINDERS}),
        ("giữ lại câu đố thôi, tin tuyên truyền với nhắc hạn thẻ tắt giúp em", {NEWS, REMINDERS}, {QUIZ}),
        ("chỉ tắt câu đố thôi nha, còn nhắc hạn thẻ vẫn để", {QUIZ}, {REMINDERS}),
        ("câu đố tuần này khó quá, nhà tui chịu, đừng gửi nữa", {QUIZ}, frozenset()),
        ("câu đố không ai giải nổi, hủy hết tin nhắn giùm", ALL, frozenset()),
        ("cảm ơn đã nhắc suốt năm qua, nay xin ngưng nhận tin", ALL, frozenset()),
        ("ngoài nhắc hạn thẻ ra đừng gửi gì thêm", {NEWS, QUIZ}, {REMINDERS}),
        ("no quiz and no slogans, keep the card reminders", {NEWS, QUIZ}, {REMINDERS}),
        ("đừng dừng gửi câu đố nhé, cả lớp thích lắm", frozenset(), frozenset()),
    ],
)
def test_topics_are_told_apart(text: str, stopped: frozenset[Topic], wanted: frozenset[Topic]) -> None:
    assert said(text) == Wish(frozenset(stopped), frozenset(wanted))


SAID_OF_MESSAGES = (
    *("khẩu hiệu", "nhắc hạn thẻ", "câu đố", "tin nhắn", "đừng gửi", "thì bỏ", "vẫn", "cứ gửi", "chỉ", "còn"),
    *("còn lại", "hết", "thôi", "giữ lại", "không", "và", ",", "tất cả", "nhưng", "em"),
)


@given(st.lists(st.sampled_from(SAID_OF_MESSAGES), min_size=1, max_size=12))
def test_nothing_both_ends_and_stays_and_an_end_ends_something(parts: list[str]) -> None:
    meant = said(f"dừng nhận tin nhắn, {' '.join(parts)}")
    assert not meant.stopped & meant.wanted
    assert meant.stopped or not meant


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("topic", [*Topic, None])
def test_the_way_back_that_is_named_works(talk: Talk, topic: Topic | None, language: str) -> None:
    talk.press(f"lang:{language}")
    text = text_of(talk.press(f"stop:{topic or 'all'}"))
    assert any(effect in talk.say(text.split('"')[1]).effects for effect in [Subscribe(text.split('"')[1], topic)])


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patterns alone: what was learned says nothing."""
    monkeypatch.setattr(Search, "asks_to_stop", lambda _search, _spelled: 0.0)


UNHEARD_OF = [
    ("rút tên tui khỏi chỗ này giùm, con tui học xong rồi", ALL, frozenset()),
    ("ngày nào cũng ting ting, gỡ số này ra", ALL, frozenset()),
    ("khẩu hiệu thì miễn gửi cho tui", {NEWS}, frozenset()),
    ("khẩu hiệu thì miễn gửi cho tui, vẫn nhắc hạn thẻ nhé", {NEWS}, {REMINDERS}),
]


@pytest.mark.parametrize(("text", "stopped", "wanted"), UNHEARD_OF)
def test_who_wants_no_more_messages_is_heard_in_words_that_no_pattern_knows(
    text: str, stopped: frozenset[Topic], wanted: frozenset[Topic]
) -> None:
    assert said(text) == Wish(frozenset(stopped), frozenset(wanted))


def test_what_is_heard_so_is_done_and_remembered(talk: Talk) -> None:
    text = "tin nhắc thẻ thì ngưng giùm, tui nhớ mà"
    assert talk.say(text).effects[0] == Unsubscribe(text, REMINDERS)
    assert talk.memory.topics == {REMINDERS: False}


@pytest.mark.usefixtures("deaf")
@pytest.mark.parametrize("text", [text for text, *_ in UNHEARD_OF])
def test_no_pattern_knows_them(text: str) -> None:
    assert not said(text).stopped


@pytest.mark.parametrize(
    ("chance", "text", "heard"),
    [
        (SURE - 0.01, "xin miễn", False),
        (SURE, "xin miễn", True),
        (CERTAIN - 0.01, "nếu được thì xin miễn", False),
        (CERTAIN, "nếu được thì xin miễn", True),
        (CERTAIN - 0.01, "nhận lại tin nhắc hạn", False),
        (FAINT - 0.001, "lớp con diễn kịch, có câu: đừng nhắn tin cho tôi nữa", False),
        (FAINT, "lớp con diễn kịch, có câu: đừng nhắn tin cho tôi nữa", True),
        (0.0, "dừng", True),
        (0.0, "khỏi gửi nữa nhé", True),
    ],
)
def test_the_more_speaks_against_it_the_surer_what_was_learned_must_be(
    monkeypatch: pytest.MonkeyPatch, chance: float, text: str, heard: bool
) -> None:
    monkeypatch.setattr(Search, "asks_to_stop", lambda _search, _spelled: chance)
    assert bool(said(text).stopped) is heard


def test_the_confirmation_says_what_ends_and_what_goes_on(talk: Talk) -> None:
    text = text_of(talk.say("đừng gửi khẩu hiệu nữa nhưng vẫn nhắc hạn thẻ"))
    assert "không nhận tin tức" in text
    assert "vẫn nhận tin nhắc hạn" in text
    assert talk.memory.topics == {NEWS: False, REMINDERS: True}


def test_what_was_agreed_to_is_shown(talk: Talk) -> None:
    assert "Tôi đồng ý nhận câu đố" in text_of(talk.say("đăng ký nhận câu đố"))


@pytest.mark.parametrize("word", ["dừng", "thôi", "stop", "hủy", "dừng lại"])
def test_a_bare_word_leaves_the_dialogue_that_asks(talk: Talk, word: str) -> None:
    talk.press("guide:premium")
    outcome = talk.say(word)
    assert talk.memory.dialogue is None
    assert not any(isinstance(effect, Unsubscribe) for effect in outcome.effects)
    assert buttons_to(outcome, "stop:all")


def test_a_whole_sentence_opts_out_inside_a_dialogue(talk: Talk) -> None:
    talk.press("guide:premium")
    outcome = talk.say("đừng nhắn tin cho tôi nữa")
    assert Unsubscribe("đừng nhắn tin cho tôi nữa") in outcome.effects
    assert talk.memory.dialogue is not None


def test_days_after_a_dialogue_a_bare_word_opts_out(talk: Talk) -> None:
    """A campaign message may have come since: what is answered then is not the dialogue."""
    talk.press("guide:premium")
    talk.today += timedelta(days=2)
    assert Unsubscribe("dừng") in talk.say("dừng").effects


def test_an_answer_in_between_makes_a_bare_word_an_opt_out(talk: Talk) -> None:
    talk.press("guide:premium")
    talk.say("đi khám bảo hiểm y tế cần mang giấy tờ gì?")
    assert Unsubscribe("dừng") in talk.say("dừng").effects


def test_thanks_but_no_is_no_opt_out(talk: Talk) -> None:
    assert not any(isinstance(effect, Unsubscribe) for effect in talk.say("thôi").effects)


@pytest.mark.parametrize(
    "text",
    [
        "hôm nay trời đẹp ghê",
        "em chỉ hỏi hạn thẻ thôi, không cần gì thêm",
        "đừng gửi lại câu trả lời đó nữa, em hỏi cái khác",
        "không cần xóa hết, chỉ xóa số căn cước đó thôi",
        "đừng trả lời vòng vo nữa",
        "mẹ đừng gửi đồ ăn nữa",
    ],
)
@pytest.mark.parametrize("write", [str, fold])
def test_no_more_of_something_else_ends_no_messages(talk: Talk, text: str, write: Callable[[str], str]) -> None:
    outcome = talk.say(write(text))
    assert not any(isinstance(effect, Subscribe | Unsubscribe) for effect in outcome.effects)


def test_opting_out_holds_even_when_erasing_is_not_confirmed(talk: Talk) -> None:
    text = "đừng nhắn nữa và xóa dữ liệu của tôi"
    outcome = talk.say(text)
    assert Unsubscribe(text) in outcome.effects
    assert buttons_to(outcome, "erase:")
    assert any(isinstance(effect, ForgetMe) for effect in talk.say("đồng ý").effects)


def test_an_answer_on_opting_out_has_the_button_that_does_it(talk: Talk) -> None:
    outcome = talk.press("entry:dung-nhan-tin")
    assert "đã ghi nhận" not in text_of(outcome)
    assert any(isinstance(effect, Unsubscribe) for effect in talk.press(buttons_to(outcome, "stop:")[0].action).effects)


_PIECES = st.sampled_from(
    "dừng đừng gửi nhắn tin nữa cho tôi gì nhắc hạn thẻ đăng ký nhận lại chỉ vẫn , . không muốn".split()
)


@given(st.lists(_PIECES, max_size=400).map(" ".join))
def test_any_heap_of_words_is_read_soon(text: str) -> None:
    said("")
    began = process_time()
    said(text)
    assert process_time() - began < 1


@pytest.mark.parametrize(
    "piece", ["gì ", "cho ", "không gửi gì cho ", "nhắc hạn thẻ ", "tin , ", "đăng ký nhận lại cho tôi "]
)
def test_repetition_is_read_soon(piece: str) -> None:
    began = process_time()
    said(piece * 600)
    assert process_time() - began < 1
