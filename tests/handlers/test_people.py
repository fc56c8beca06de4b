"""Who a message speaks of, with and without diacritics."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.conversation import new_memory
from handlers.memory import Person
from handlers.people import Mentions, read_mentions, remember
from knowledge.entries import Role, Stage
from knowledge.search.folding import fold
from tests.knowledge.real import TODAY, real_search


def read(text: str, today: date = TODAY) -> Mentions:
    return read_mentions(real_search().read(text).text, text, today)


AGES = [
    ("con tôi 12 tuổi", Person(birth_year=2014)),
    ("cháu 9t", Person(birth_year=2017)),
    ("bé nhà em 5 tuổi", Person(birth_year=2021)),
    ("con tôi lớp 3", Person(grade=3)),
    ("năm nay cháu lên 12 rồi", Person(grade=12)),
    ("cháu học lớp 12", Person(grade=12)),
    ("con em 7 tuổi học lớp 2", Person(birth_year=2019, grade=2)),
    ("con học lớp 2, 7 tuổi", Person(birth_year=2019, grade=2)),
    ("bé sinh năm 2020", Person(birth_year=2020)),
    ("bé sinh 5/11/2020", Person(birth_year=2020)),
    ("cháu sinh ngày 15 tháng 10 năm 2020", Person(birth_year=2020)),
    ("con sinh tháng 3/2020 vào lớp 1", Person(birth_year=2020, grade=1)),
    ("con sinh 2015", Person(birth_year=2015)),
    ("bé nhà mình 2k12", Person(birth_year=2012)),
    ("bé 8 tháng tuổi", Person(birth_year=2026)),
    ("bé được 14 tháng tuổi", Person(birth_year=2025)),
    ("bé 18 tháng làm mất thẻ", Person(birth_year=2025)),
    ("bé vào lớp 1 tháng 9 này", Person(grade=1)),
    ("bé đang học lớp 3", Person(grade=3)),
    ("cháu ấy 10 tuổi", Person(birth_year=2016)),
    ("em là sinh viên năm nhất", Person(stage=Stage.YEAR1)),
    ("mình là sinh viên năm cuối", Person(stage=Stage.FINAL_YEAR)),
    ("mình là sinh viên năm 4, tháng 6 ra trường", Person(stage=Stage.FINAL_YEAR)),
    ("em học năm 3 cao đẳng, sang năm mới tốt nghiệp", Person(stage=Stage.FINAL_YEAR)),
    ("mình là sinh viên năm 4, vừa ra trường tháng 6", Person(stage=Stage.STUDENT)),
    ("em học đại học năm 3", Person(stage=Stage.STUDENT)),
    ("con tôi đang học mẫu giáo", Person(stage=Stage.UNDER6)),
    ("em là sinh viên", Person(stage=Stage.STUDENT)),
]


@pytest.mark.parametrize(("text", "person"), AGES)
@pytest.mark.parametrize("write", [str, fold, str.upper])
def test_a_person_is_seen_however_it_is_typed(text: str, person: Person, write: object) -> None:
    assert read(write(text)).people == (person,)  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "trẻ dưới 6 tuổi",
        "trên 18 tuổi thì sao",
        "đủ 14 tuổi",
        "từ 6 tuổi trở lên",
        "đóng 12 tháng bao nhiêu",
        "đóng cho con 6 tháng hết bao nhiêu",
        "con bỏ đóng 4 tháng rồi",
        "nhà em nộp cho cháu 12 tháng rồi",
        "đóng từ tháng 1, tháng 7 lương mới tăng",
        "em còn 5 tháng nữa là xong",
        "thẻ hết hạn 30/9",
        "thuê bao 113",
        "gọi 1900.9068",
    ],
)
def test_a_number_that_is_no_age_makes_no_person(text: str) -> None:
    assert read(text).people == ()
    assert read(fold(text)).people == ()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("tôi là phụ huynh", Role.PARENT),
        ("con tôi 12 tuổi", Role.PARENT),
        ("em là sinh viên năm nhất", Role.STUDENT),
        ("em học lớp 11", Role.STUDENT),
        ("tôi là giáo viên", Role.TEACHER),
        ("lớp tôi chủ nhiệm có 40 em", Role.TEACHER),
        ("mức đóng bao nhiêu", None),
    ],
)
def test_a_role_is_heard(text: str, role: Role | None) -> None:
    assert read(text).role == role
    assert read(fold(text)).role == role


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("con tôi 12 tuổi", True),
        ("em là sinh viên năm nhất", True),
        ("tôi là phụ huynh", True),
        ("tôi có 2 con, một cháu 5 tuổi và một cháu 15 tuổi", True),
        ("con tôi 12 tuổi?", False),
        ("con tôi 12 tuổi đóng bao nhiêu", False),
        ("con 5 tuoi di kham mang gi", False),
        ("em là sinh viên muốn đăng ký vssid", False),
        ("mất thẻ", False),
        ("con tôi sinh năm 2020 thì năm nay mua chưa", False),
        ("con e hoc lop 1 truong thu 15 thang co dung k", False),
        ("con em vào lớp 1, trường thu 15 tháng", False),
    ],
)
def test_a_statement_is_told_from_a_question(text: str, statement: bool) -> None:
    assert read(text).statement_only is statement


@pytest.mark.parametrize(
    ("person", "today", "stage"),
    [
        (Person(birth_year=2021), TODAY, Stage.UNDER6),
        (Person(birth_year=2020), TODAY, Stage.GRADE1),
        (Person(birth_year=2020), date(2026, 5, 1), Stage.UNDER6),
        (Person(birth_year=2010), TODAY, Stage.PUPIL),
        (Person(birth_year=2006), TODAY, Stage.STUDENT),
        (Person(birth_year=2021, grade=1), TODAY, Stage.GRADE1),
        (Person(grade=12), TODAY, Stage.GRADE12),
        (Person(stage=Stage.GRADUATE), TODAY, Stage.GRADUATE),
        (Person(), TODAY, None),
    ],
)
def test_a_person_has_a_stage_of_school_life(person: Person, today: date, stage: Stage | None) -> None:
    assert person.stage_on(today) is stage


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("con tôi học lớp 11", Role.PARENT),
        ("con toi hoc lop 11 me la bo doi", Role.PARENT),
        ("cháu nhà em đang học lớp 2", Role.PARENT),
        ("nhà tôi có ba cháu: một cháu học lớp 10, một cháu lớp 4, một cháu 3 tuổi", Role.PARENT),
        ("con học lớp 8 ạ", Role.STUDENT),
        ("ba con là bộ đội, con học lớp 7", Role.STUDENT),
        ("em là con nhà nghèo, đang học lớp 10", Role.STUDENT),
        ("em đang học lớp 11, mẹ em là bộ đội", Role.STUDENT),
        ("e có thai 3 tháng, đang học năm 2", Role.STUDENT),
        ("em 16 tuổi", Role.STUDENT),
        ("đóng 3 tháng em hết bao nhiêu", None),
        ("em gái 10 tuổi", None),
        ("tôi 45 tuổi", None),
        ("mình là ph lớp 3", Role.PARENT),
        ("tôi là phụ huynh lớp 7", Role.PARENT),
        ("mình làm y tế trường", Role.TEACHER),
        ("lớp mình còn 3 em chưa đóng", Role.TEACHER),
        ("nhà em ở quê còn em đang trọ ở Huế", None),
        ("con mình lớp 5 ở quê còn mình đi làm xa", Role.PARENT),
    ],
)
def test_who_writes_of_somebody_at_school(text: str, role: Role | None) -> None:
    assert read(text).role == role


def test_the_class_of_a_teacher_is_no_child_of_theirs() -> None:
    memory = remember(new_memory(), read("toi la giao vien chu nhiem lop 6"), TODAY)
    assert (memory.role, memory.children, memory.person.grade) == (Role.TEACHER, (), 6)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("mình có hai bé, bé lớn lớp 6 bé nhỏ 5 tuổi", (Person(grade=6), Person(birth_year=2021))),
        ("bé lớn lớp 6 11 tuổi", (Person(grade=6, birth_year=2015),)),
    ],
)
def test_a_grade_and_an_age_are_of_one_child_unless_another_is_named(text: str, people: tuple[Person, ...]) -> None:
    assert read(text).people == people


def test_the_youngest_of_three_is_meant() -> None:
    memory = remember(new_memory(), read("nhà tôi có ba cháu: một cháu lớp 10, một cháu lớp 4, một cháu 3 tuổi"), TODAY)
    memory = remember(memory, read("cháu nhỏ nhất đi khám được trả bao nhiêu"), TODAY)
    assert memory.person.stage_on(TODAY) is Stage.UNDER6
