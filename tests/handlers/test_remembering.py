"""What is remembered of people: children kept apart, references, corrections."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.memory import Memory, Person
from handlers.people import read_mentions, remember
from knowledge.entries import Role, Stage
from knowledge.search.folding import fold
from tests.knowledge.real import TODAY, real_search


def heard(*texts: str, memory: Memory | None = None) -> Memory:
    memory = memory or Memory()
    for text in texts:
        memory = remember(memory, read_mentions(real_search().read(text).text, text, TODAY), TODAY)
    return memory


@pytest.mark.parametrize("write", [str, fold])
@pytest.mark.parametrize(
    ("text", "years", "grades"),
    [
        ("tôi có 2 con, một cháu 5 tuổi và một cháu 15 tuổi", [2021, 2011], [None, None]),
        ("con lớn 15 tuổi, con nhỏ 4 tuổi", [2011, 2022], [None, None]),
        ("bé 4 tuổi và bé 9 tuổi lớp 3", [2022, 2017], [None, 3]),
        ("một đứa lớp 1 một đứa lớp 12", [None, None], [1, 12]),
    ],
)
def test_two_children_are_kept_apart(
    text: str, years: list[int | None], grades: list[int | None], write: object
) -> None:
    children = heard(write(text)).children  # type: ignore[operator]
    assert [child.birth_year for child in children] == years
    assert [child.grade for child in children] == grades


def test_nicknames_stay_with_their_child() -> None:
    memory = heard("bé Na 4 tuổi, bé Bin 10 tuổi")
    assert [child.nickname for child in memory.children] == ["Na", "Bin"]
    assert heard("bé Bin học lớp 5", memory=memory).children[1] == Person(nickname="Bin", birth_year=2016, grade=5)


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("còn thằng lớn thì sao", 1),
        ("con con nho", 0),
        ("con út", 0),
        ("cháu thứ hai", 1),
        ("đứa thứ nhất", 0),
        ("cháu thứ 5", 0),
        ("cả hai cháu", 0),
    ],
)
def test_a_reference_moves_the_focus(text: str, focus: int) -> None:
    memory = heard("tôi có 2 con, một cháu 5 tuổi và một cháu 15 tuổi").having(focus=0)
    assert heard(text, memory=memory).focus == focus


@pytest.mark.parametrize(
    "correction", ["nhầm, cháu 15 tuổi", "nham, chau 15 tuoi", "à nhầm cháu 15 tuổi", "không phải, 15 tuổi"]
)
def test_a_correction_replaces_the_age_and_what_came_with_it(correction: str) -> None:
    memory = heard("con tôi 12 tuổi học lớp 7", correction)
    assert memory.children == (Person(birth_year=2011),)
    assert memory.focus == 0


def test_the_same_child_is_not_added_twice() -> None:
    assert heard("con tôi 9 tuổi", "cháu 9 tuổi", "cháu lớp 4").children == (Person(birth_year=2017, grade=4),)


def test_what_a_student_says_is_about_themselves() -> None:
    memory = heard("em là sinh viên năm nhất")
    assert (memory.role, memory.myself.stage, memory.children) == (Role.STUDENT, Stage.YEAR1, ())


def test_at_most_six_children_are_remembered() -> None:
    memory = heard(*(f"con tôi {age} tuổi" for age in range(3, 12)))
    assert len(memory.children) == 6
    assert memory.person == Person(birth_year=2026 - 11)


@given(
    st.lists(
        st.sampled_from(
            [
                "con tôi 12 tuổi",
                "con tôi lớp 3",
                "bé sinh năm 2020",
                "em là sinh viên năm nhất",
                "bé 8 tháng tuổi",
                "thằng lớn",
                "cháu thứ hai",
                "nhầm, 15 tuổi",
                "cả hai",
                "bé Na 3 tuổi",
            ]
        )
    )
)
def test_any_talk_keeps_the_focus_on_somebody_known(texts: list[str]) -> None:
    memory = heard(*texts)
    assert memory.focus is None or 0 <= memory.focus < len(memory.children)
    assert len(memory.children) <= 6
    assert Memory.model_validate_json(memory.model_dump_json()) == memory


@given(st.text(max_size=120))
def test_no_text_raises(text: str) -> None:
    heard(text)


def test_the_older_one_of_another_age_is_another_child() -> None:
    memory = heard("con tôi 12 tuổi", "còn thằng lớn 15 tuổi", "nhầm, cháu 16 tuổi")
    assert [child.birth_year for child in memory.children] == [2014, 2010]
