"""How much of a message says what it is about."""

from __future__ import annotations

import pytest

from knowledge.entries import Kind
from knowledge.search.content import PRIOR, UNKNOWN, Content
from tests.knowledge.real import real_base, real_search


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(real_base(), real_search().index.usage)


def told(content: Content, text: str) -> float:
    return content.of(real_search().read(text).folded)


@pytest.mark.parametrize("text", ["mất mấy ngày", "sao vậy", "nộp cho ai", "có mất tiền không", "làm ở đâu"])
@pytest.mark.parametrize(
    "whole", ["em quên mật khẩu vssid", "niềng răng có được trả không", "đổi nơi khám ban đầu khi nào"]
)
def test_a_bare_question_tells_less_than_a_whole_one(content: Content, text: str, whole: str) -> None:
    assert told(content, text) < 0.6 < told(content, whole)


def test_marks_do_not_matter(content: Content) -> None:
    assert told(content, "em quen mat khau") == told(content, "em quên mật khẩu")


def test_what_nobody_asked_yet_keeps_its_own_meaning(content: Content) -> None:
    assert content.of(("blockchain",)) == UNKNOWN


def test_nothing_and_numbers_tell_nothing(content: Content) -> None:
    assert content.of(()) == 0.0
    assert content.of(("12", "2026")) == 0.0


def test_the_most_telling_word_counts_once(content: Content) -> None:
    assert content.of(("rang",)) == content.of(("rang", "rang", "khong"))


def test_a_word_of_one_topic_tells_more_the_more_often_it_is_used() -> None:
    answers = [entry for entry in real_base().entries.values() if entry.kind is Kind.ANSWER]
    one, other = answers[0], next(entry for entry in answers if entry.topic != answers[0].topic)
    often = int(20 * PRIOR)
    usage = {one.id: {"rare": 1, "often": often, "common": 50}, other.id: {"else": often + 1, "common": 50}}
    content = Content(real_base(), usage)
    assert content.of(("common",)) < content.of(("rare",)) < content.of(("often",))
