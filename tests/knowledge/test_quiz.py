"""The questions of the quiz: `knowledge check` holds them to what answers are held to."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import KnowledgeError
from knowledge.quiz import QuizQuestion
from knowledge.rendering import fill, placeholders

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from tests.knowledge.tiny import Tiny

FILE = "quiz.toml"
QUESTION = '[[question]]\nid = "dong-thang"'


def test_there_are_forty_questions_and_more(base: KnowledgeBase) -> None:
    assert len(base.quiz.questions) >= 40


def test_no_question_is_asked_twice(base: KnowledgeBase) -> None:
    asked = Counter(question.ask for question in base.quiz.questions.values())
    assert max(asked.values()) == 1


def test_every_question_leads_to_an_answer_that_cites_its_source(base: KnowledgeBase) -> None:
    for question in base.quiz.questions.values():
        entry = base.entry(question.entry)
        cited = {citation.source for citation in entry.sources}
        facts = {source for fact in _facts(question) for source in base.facts.sources(fact, date(2026, 11, 22))}
        assert question.source in cited | facts, question.id


def _facts(question: QuizQuestion) -> set[str]:
    return {match["fact"] for text in (question.ask, question.why, *question.choices) for match in placeholders(text)}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"Không đóng"', '"50%"', "50%"),
        ("Lớp 1 đóng bao nhiêu", "Trẻ 6 tuổi đóng bao nhiêu", "6"),
        ("{rate} lương", "{rates} lương", "rates"),
        ("{rate} lương", "{rumour} lương", "too uncertain"),
        ('"{salary}"', '"{month}"', "two choices say the same"),
        ('["{salary}", "Không đóng"]', '["{salary}"]', "2 choices"),
        ('["{salary}", "Không đóng"]', '["{salary}", "A", "B", "C"]', "5 choices"),
        ('"Không đóng"', f'"{"rất dài " * 12}"', "too long"),
        ('entry = "tien-dong"', 'entry = "khong-co"', "no entry khong-co"),
        ('source = "nd-188"', 'source = "nd-1"', "unknown source nd-1"),
    ],
)
def test_one_broken_thing_is_named_with_its_question(tiny: Tiny, old: str, new: str, what: str) -> None:
    problems = tiny.swap(FILE, old, new).problems()
    assert [problem.file for problem in problems] == [FILE]
    assert problems[0].line == tiny.line(FILE, 'id = "dong-thang"')
    assert what in problems[0].what
    assert problems[0].what.startswith("dong-thang: ")


def test_a_review_that_is_due_is_told(tiny: Tiny) -> None:
    problems = tiny.swap(FILE, "review_by = 2027-06-30", "review_by = 2026-11-20").problems()
    assert ["review was due" in problem.what for problem in problems] == [True]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('why = "Bằng {rate} lương cơ sở."\n', ""),
        ('id = "dong-thang"', 'id = "dong-thang"\nhint = "x"'),
        ("review_by = 2027-06-30\n", ""),
        ("[[question]]", "[[question"),
    ],
)
def test_a_file_that_cannot_be_read_names_its_problem(tiny: Tiny, old: str, new: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        tiny.swap(FILE, old, new).load()
    assert [problem.file for problem in error.value.problems] == [FILE]


@given(st.text(), st.text())
def test_choices_are_mixed_in_the_same_way_for_the_same_round(one: str, other: str) -> None:
    question = QuizQuestion("x", "?", ("a", "b", "c", "d"), "", "", "")
    assert question.order(one) == question.order(one)
    assert sorted(question.order(other)) == [0, 1, 2, 3]


def test_the_right_choice_stands_at_every_place_about_as_often() -> None:
    question = QuizQuestion("x", "?", ("a", "b", "c"), "", "", "")
    places = Counter(question.order(f"tuan-{week}").index(0) for week in range(300))
    assert all(70 < places[place] < 130 for place in range(3))


@pytest.mark.parametrize("day", [date(2026, 8, 1), date(2026, 11, 22), date(2027, 6, 30)])
def test_no_choice_says_the_same_as_another_in_the_whole_season(base: KnowledgeBase, day: date) -> None:
    for question in base.quiz.questions.values():
        said = [fill(choice, base.facts, day).casefold() for choice in question.choices]
        assert len(set(said)) == len(said), question.id
