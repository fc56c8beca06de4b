"""From a template and a day to what a person reads."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from knowledge.dates import Period, vietnamese_date
from knowledge.entries import Role
from knowledge.errors import FactError
from knowledge.facts import Unit
from knowledge.rendering import fill, for_role, format_value, period_text
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.facts import Value
    from tests.knowledge.tiny import Tiny


HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("value", "unit", "vietnamese", "english"),
    [
        (Fraction(683100), Unit.DONG, "683.100 đồng", "683,100 VND"),
        (Fraction(0), Unit.DONG, "0 đồng", "0 VND"),
        (1000 + HALF, Unit.DONG, "1.001 đồng", "1,001 VND"),
        (HALF, Unit.PERCENT, "50%", "50%"),
        (Fraction("0.045"), Unit.PERCENT, "4,5%", "4.5%"),
        (Fraction(40), Unit.DAYS, "40 ngày", "40 days"),
        (Fraction(12), Unit.MONTHS, "12 tháng", "12 months"),
        (Fraction(1), Unit.MONTHS, "1 tháng", "1 month"),
        (Fraction(1), Unit.YEARS, "1 năm", "1 year"),
        (Fraction(5), Unit.YEARS, "5 năm", "5 years"),
        (Fraction(10), Unit.WORKDAYS, "10 ngày làm việc", "10 working days"),
        (Fraction(6), Unit.AGE, "6 tuổi", "6"),
        (Fraction(50), Unit.POINTS, "50 điểm", "50 points"),
        (Fraction(62), Unit.COUNT, "62", "62"),
        (date(2025, 7, 1), Unit.DATE, "01/7/2025", "01/7/2025"),
        ("1900.9068", Unit.PHONE, "1900.9068", "1900.9068"),
        ("tháng 1, 4, 7 và 10", Unit.TEXT, "tháng 1, 4, 7 và 10", "tháng 1, 4, 7 và 10"),
    ],
)
def test_a_value_is_told_with_its_unit(value: Value, unit: Unit, vietnamese: str, english: str) -> None:
    assert (format_value(value, unit), format_value(value, unit, "en")) == (vietnamese, english)


@pytest.mark.parametrize(
    ("day", "text"),
    [(date(2025, 7, 1), "01/7/2025"), (date(2026, 2, 5), "05/02/2026"), (date(2026, 11, 21), "21/11/2026")],
)
def test_a_day_is_written_as_in_official_letters(day: date, text: str) -> None:
    assert vietnamese_date(day) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{state_share}", "50%"),
        ("{state_share.prev}", "30%"),
        ("{state_share.from}", "01/7/2025"),
        ("{state_share@2024-09-05}", "30%"),
        ("{state_share@2024-09-05.to}", "30/6/2025"),
        ("{student_12_months.prev}", "631.800 đồng"),
        ("{student_12_months.from}", "01/7/2026"),
        ("{student_12_months@2024-09-05}", "884.520 đồng"),
        ("{student_12_months.number}", "683.100"),
        ("{premium_rate.number}", "4,5"),
        ("{referral_days.number}", "10"),
        ("{tier_change_date}", "01/01/2025"),
        ("{hotline}", "1900.9068"),
        ("Từ {base_salary.prev} lên {base_salary}.", "Từ 2.340.000 đồng lên 2.530.000 đồng."),
        ("{Hotline} { hotline }", "{Hotline} { hotline }"),
    ],
)
def test_a_brace_names_a_fact_a_part_of_it_or_another_day(base: KnowledgeBase, template: str, text: str) -> None:
    assert fill(template, base.facts, TODAY) == text


@pytest.mark.parametrize(
    "template",
    [
        "{khong_co}",
        "{state_share.half}",
        "{state_share.to}",
        "{hotline.prev}",
        "{state_share@1999-01-01}",
        "{hotline@2026-13-45}",
    ],
)
def test_a_brace_that_cannot_be_told_is_an_error(base: KnowledgeBase, template: str) -> None:
    with pytest.raises(FactError):
        fill(template, base.facts, TODAY)


BODY = "Chung.\n\n@student Của em.\n@parent Của cha mẹ.\n\n@teacher Của trường."


@pytest.mark.parametrize(
    ("role", "language", "text"),
    [
        (Role.STUDENT, "vi", "Chung.\n\nCủa em."),
        (Role.PARENT, "vi", "Chung.\n\nCủa cha mẹ."),
        (Role.TEACHER, "vi", "Chung.\n\nCủa trường."),
        (
            None,
            "vi",
            "Chung.\n\nVới học sinh, sinh viên: Của em.\nVới phụ huynh: Của cha mẹ.\n\nVới nhà trường: Của trường.",
        ),
        (None, "en", "Chung.\n\nFor students: Của em.\nFor parents: Của cha mẹ.\n\nFor schools: Của trường."),
    ],
)
def test_each_reader_gets_the_paragraphs_meant_for_them(role: Role | None, language: str, text: str) -> None:
    assert for_role(BODY, role, language) == text


START = date(2026, 7, 1)
LONG_AGO = date(2018, 12, 1)
END = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("period", "vietnamese", "english"),
    [
        (Period(START, END), "Áp dụng từ 01/7/2026 đến 31/12/2026", "Valid 01/7/2026 to 31/12/2026"),
        (Period(None, END), "Áp dụng đến 31/12/2026", "Valid until 31/12/2026"),
        (Period(START, None), "Áp dụng từ 01/7/2026", "Valid since 01/7/2026"),
        (Period(LONG_AGO, None), "Cập nhật đến 21/11/2026", "Reviewed 21/11/2026"),
        (Period(), "Cập nhật đến 21/11/2026", "Reviewed 21/11/2026"),
    ],
)
def test_the_line_below_says_for_which_days_an_answer_holds(period: Period, vietnamese: str, english: str) -> None:
    assert period_text(period, TODAY, TODAY) == vietnamese
    assert period_text(period, TODAY, TODAY, "en") == english


@pytest.mark.parametrize(
    ("day", "text", "sources", "period"),
    [
        (
            TODAY,
            "Lớp 1 đóng **113.850 đồng** một tháng, bằng 4,5% lương cơ sở.",
            ("188/2025/NĐ-CP, khoản 4 Điều 6 (01/7/2025)", "161/2026/NĐ-CP (15/5/2026)"),
            Period(date(2026, 7, 1), None),
        ),
        (
            date(2025, 9, 5),
            "Lớp 1 đóng **105.300 đồng** một tháng, bằng 4,5% lương cơ sở.",
            ("188/2025/NĐ-CP, khoản 4 Điều 6 (01/7/2025)", "73/2024/NĐ-CP (30/6/2024)"),
            Period(date(2024, 7, 1), date(2026, 6, 30)),
        ),
    ],
)
def test_an_answer_carries_the_documents_and_the_days_of_its_numbers(
    tiny: Tiny, day: date, text: str, sources: tuple[str, ...], period: Period
) -> None:
    rendered = tiny.load().render("tien-dong", day)
    assert (rendered.text, rendered.sources, rendered.period) == (text, sources, period)


def test_a_document_that_no_longer_holds_is_not_cited(tiny: Tiny) -> None:
    base = tiny.swap("faq/the/mat-the.md", '["nd-188"]', '["nd-73", "nd-188"]').load()
    assert base.render("mat-the", TODAY).source_ids == ("nd-188",)
    assert base.render("mat-the", date(2025, 9, 5)).source_ids == ("nd-73", "nd-188")


def test_an_answer_cannot_be_told_for_a_day_without_facts(tiny: Tiny) -> None:
    with pytest.raises(FactError, match="2020-01-01"):
        tiny.load().render("tien-dong", date(2020, 1, 1))
