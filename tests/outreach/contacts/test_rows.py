"""Each wrong cell of a line is named with its row, its column and how to mend it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.clock import VIETNAM
from bot.outreach.contacts.provinces import ProvinceNames
from bot.outreach.contacts.reading import read_sheet
from bot.outreach.contacts.rows import Agreement, ContactLine, ListRules, Student, check_line
from bot.outreach.contacts.schools import SchoolNames
from bot.store.models import Consent, Relation, SchoolRow
from handlers.effects import Topic
from knowledge.entries import Role
from tests.outreach.contacts.lists import ACCOUNTS, table

if TYPE_CHECKING:
    from bot.outreach.contacts.outcomes import Problem
    from knowledge.base import KnowledgeBase

TODAY = date(2026, 11, 22)
PHONE = {"SĐT": "0901234567"}
PARENT = {**PHONE, "Vai trò": "phụ huynh"}
STUDENT = {**PHONE, "Vai trò": "sinh viên"}
GIVEN = {"Đồng ý": "có", "Ngày đồng ý": "5/9/2026", "Cách đồng ý": "phiếu đầu năm"}
SCHOOL = SchoolRow(id=7, code="thcs-01", name="THCS Him Lam", province="dien-bien", level=None)


def checked(base: KnowledgeBase, row: dict[str, Any], **defaults: Any) -> tuple[ContactLine | None, list[Problem]]:
    sheet = read_sheet(table(row), "contacts")
    rules = ListRules(TODAY, ProvinceNames(base.offices), SchoolNames([SCHOOL]), ACCOUNTS, **defaults)
    return check_line(sheet.lines[0], sheet.columns, rules)


def test_a_full_line(base: KnowledgeBase) -> None:
    row = {
        "Mã": "HS-17", "Họ tên phụ huynh": "Lò Thị Mận", **PARENT, "Tỉnh": "Điện Biên", "Trường": "THCS-01",
        "Lớp": "6A", "Ngày sinh học sinh": "05/09/2015", "Hạn thẻ": "31/12/2026", "Ngôn ngữ": "tiếng Việt",
        "Nhãn": "Khó khăn; đợt 1", **GIVEN, "Mẫu đồng ý": "2026-11", "Kênh": "Zalo", "Mã Zalo": "8412345678901234",
    }  # fmt: skip
    line, problems = checked(base, row)
    assert problems == []
    when = datetime(2026, 9, 5, tzinfo=VIETNAM)
    assert line == ContactLine(
        row=2,
        external_id="HS-17",
        phone="+84901234567",
        address=("zalo:1234567890", "8412345678901234"),
        name="Lò Thị Mận",
        role=Role.PARENT,
        province="dien-bien",
        language="vi",
        tags=("khó-khăn", "đợt-1"),
        student=Student(Relation.CHILD, 2015, 6, 7, date(2026, 12, 31)),
        agreement=Agreement(Consent.GIVEN, tuple(Topic), when, "phiếu đầu năm", "2026-11"),
    )


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"Họ tên phụ huynh": "Lò Thị Mận"}, "điện thoại"),
        ({"SĐT": "12345"}, "SĐT"),
        ({**PHONE, "Vai trò": "hàng xóm"}, "Vai trò"),
        ({**PHONE, "Tỉnh": "Atlantis"}, "Tỉnh"),
        ({**PHONE, "Trường": "THCS-99"}, "Trường"),
        ({**PARENT, "Lớp": "13"}, "Lớp"),
        ({**PARENT, "Năm sinh": "2031"}, "Năm sinh"),
        ({**PARENT, "Hạn thẻ": "31/02/2027"}, "Hạn thẻ"),
        ({**PARENT, "Hạn thẻ": "31/12/2126"}, "Hạn thẻ"),
        ({**PHONE, "Ngôn ngữ": "Klingon"}, "Ngôn ngữ"),
        ({**PHONE, "Nhãn": "ổn, <b>"}, "Nhãn"),
        ({**PHONE, **GIVEN, "Đồng ý": "có lẽ"}, "Đồng ý"),
        ({**PHONE, **GIVEN, "Đồng ý": "tin tức, xổ số"}, "Đồng ý"),
        ({**PHONE, **GIVEN, "Ngày đồng ý": ""}, "Ngày đồng ý"),
        ({**PHONE, **GIVEN, "Ngày đồng ý": "23/11/2026"}, "Ngày đồng ý"),
        ({**PHONE, **GIVEN, "Cách đồng ý": ""}, "Cách đồng ý"),
        ({**PHONE, **GIVEN, "Mẫu đồng ý": "1999"}, "Mẫu đồng ý"),
        ({"Kênh": "viber", "User ID": "123456"}, "Kênh"),
        ({"User ID": "123456"}, "kênh"),
        ({"Kênh": "telegram", "User ID": "@lo_thi_man"}, "User ID"),
        ({**PHONE, "Họ tên phụ huynh": "x" * 101}, "Họ tên phụ huynh"),
    ],
)
def test_a_wrong_cell_is_named(base: KnowledgeBase, row: dict[str, str], column: str) -> None:
    line, problems = checked(base, row)
    assert line is None
    assert [(problem.row, problem.column) for problem in problems] == [(2, column)]
    assert problems[0].what
    assert problems[0].mend


def test_all_problems_of_a_line_are_told_at_once(base: KnowledgeBase) -> None:
    _, problems = checked(base, {"SĐT": "1", "Tỉnh": "x", "Lớp": "99", "Hạn thẻ": "mai"})
    assert [problem.column for problem in problems] == ["SĐT", "Tỉnh", "Lớp", "Hạn thẻ"]


@pytest.mark.parametrize("about", [{"Năm sinh": "2011"}, {"Ngày sinh": "5/9/2015"}, {"Lớp": "9A"}])
def test_a_childs_contact_is_the_guardians(base: KnowledgeBase, about: dict[str, str]) -> None:
    for row in ({**STUDENT, **about}, {**PHONE, **about}):
        line, (problem,) = checked(base, row)
        assert line is None
        assert "phụ huynh" in problem.mend or "vai trò" in problem.mend
    assert checked(base, {**PARENT, **about})[1] == []


@pytest.mark.parametrize("about", [{"Năm sinh": "2010"}, {"Lớp": "12"}, {"Lớp": "năm nhất"}])
def test_who_is_old_enough_may_stand_for_themselves(base: KnowledgeBase, about: dict[str, str]) -> None:
    assert checked(base, {**STUDENT, **about})[1] == []


def test_a_childs_name_is_not_taken_for_the_parents(base: KnowledgeBase) -> None:
    line, _ = checked(base, {**PARENT, "Họ và tên": "Lò Văn Bé", "Năm sinh": "2018"})
    assert line is not None
    assert line.name is None
    own, _ = checked(base, {**STUDENT, "Họ và tên": "Lò Văn Anh"})
    assert own is not None
    assert own.name == "Lò Văn Anh"


def test_what_holds_for_the_whole_list(base: KnowledgeBase) -> None:
    line, problems = checked(base, {**PHONE, "Năm sinh": "2018"}, role=Role.PARENT, province="son-la", school=7)
    assert problems == []
    assert line is not None
    assert (line.role, line.province) == (Role.PARENT, "son-la")
    assert line.student == Student(Relation.CHILD, 2018, None, 7)


@pytest.mark.parametrize(
    ("written", "consent", "topics"),
    [
        ("x", Consent.GIVEN, tuple(Topic)),
        ("Đồng ý", Consent.GIVEN, tuple(Topic)),
        ("KHÔNG", Consent.WITHDRAWN, tuple(Topic)),
        ("tin tức; nhắc hạn", Consent.GIVEN, (Topic.NEWS, Topic.REMINDERS)),
        ("đố vui", Consent.GIVEN, (Topic.QUIZ,)),
    ],
)
def test_what_a_line_says_about_consent(
    base: KnowledgeBase, written: str, consent: Consent, topics: tuple[Topic, ...]
) -> None:
    line, problems = checked(base, {**PHONE, **GIVEN, "Đồng ý": written})
    assert problems == []
    assert line is not None
    assert line.agreement is not None
    assert (line.agreement.consent, line.agreement.topics) == (consent, topics)


def test_silence_is_no_consent(base: KnowledgeBase) -> None:
    line, _ = checked(base, {**PHONE, **GIVEN, "Đồng ý": ""})
    assert line is not None
    assert line.agreement is None
