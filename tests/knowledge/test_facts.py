"""Policy values by day: the amounts of every school year, typed here once more by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.dates import Period, SchoolYear
from knowledge.errors import FactError
from knowledge.facts import round_dong
from knowledge.rendering import fill
from tests.knowledge.real import TODAY, real_base

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


FIELDS = [
    "base_salary", "full_month", "state_share", "student_month", "student_3_months", "student_6_months",
    "student_9_months", "student_12_months",
]  # fmt: skip


# Fact sheet, table 1.11.
TABLE = {
    2022: ["1.490.000", "67.050", "30%", "46.935", "140.805", "281.610", "422.415", "563.220"],
    2023: ["1.800.000", "81.000", "30%", "56.700", "170.100", "340.200", "510.300", "680.400"],
    2024: ["2.340.000", "105.300", "30%", "73.710", "221.130", "442.260", "663.390", "884.520"],
    2025: ["2.340.000", "105.300", "50%", "52.650", "157.950", "315.900", "473.850", "631.800"],
    2026: ["2.530.000", "113.850", "50%", "56.925", "170.775", "341.550", "512.325", "683.100"],
}


CELLS = [(year, field, row[column]) for year, row in TABLE.items() for column, field in enumerate(FIELDS)]


def shown(base: KnowledgeBase, fact: str, day: date) -> str:
    return fill(f"{{{fact}}}", base.facts, day).removesuffix(" đồng")


@pytest.mark.parametrize(("year", "field", "expected"), CELLS)
def test_a_school_year_has_its_own_amounts(base: KnowledgeBase, year: int, field: str, expected: str) -> None:
    assert shown(base, field, SchoolYear(year).opening) == expected


@pytest.mark.parametrize(
    ("first", "last", "year"),
    [
        (date(2019, 7, 1), date(2023, 6, 30), 2022),
        (date(2023, 7, 1), date(2024, 6, 30), 2023),
        (date(2024, 7, 1), date(2025, 6, 30), 2024),
        (date(2025, 7, 1), date(2026, 6, 30), 2025),
        (date(2026, 7, 1), TODAY, 2026),
    ],
)
def test_an_amount_changes_on_the_day_of_the_law(base: KnowledgeBase, first: date, last: date, year: int) -> None:
    assert {shown(base, "student_12_months", day) for day in (first, last)} == {TABLE[year][-1]}


@pytest.mark.parametrize(
    ("fact", "day", "expected"),
    [
        ("low_cost_threshold", date(2026, 6, 30), "351.000"),
        ("low_cost_threshold", date(2026, 7, 1), "379.500"),
        ("copay_cap", date(2026, 6, 30), "14.040.000"),
        ("copay_cap", date(2026, 7, 1), "15.180.000"),
        ("student_13_months", TODAY, "740.025"),
        ("student_14_months", TODAY, "796.950"),
        ("student_15_months", TODAY, "853.875"),
        ("household_first_month", TODAY, "113.850"),
        ("household_first_year", TODAY, "1.366.200"),
        ("household_second_year", TODAY, "956.340"),
        ("household_third_year", TODAY, "819.720"),
        ("household_fourth_year", TODAY, "683.100"),
        ("household_fifth_year", TODAY, "546.480"),
        ("benefit_near_poor", date(2025, 12, 31), "95%"),
        ("benefit_near_poor", date(2026, 1, 1), "100%"),
        ("self_referral_outpatient_effective", TODAY, "40%"),
    ],
)
def test_a_derived_amount_is_that_of_the_fact_sheet(base: KnowledgeBase, fact: str, day: date, expected: str) -> None:
    assert shown(base, fact, day) == expected


def test_a_year_costs_more_than_the_year_before_by_what_the_fact_sheet_says(base: KnowledgeBase) -> None:
    now, before = (base.facts.dong("student_12_months", SchoolYear(year).opening) for year in (2026, 2025))
    assert now - before == 51_300


def test_money_is_whole_dong_and_fits_its_parts(base: KnowledgeBase) -> None:
    for year in TABLE:
        day = SchoolYear(year).opening
        assert base.facts.dong("student_month", day) + base.facts.dong("state_month", day) == base.facts.dong(
            "full_month", day
        )


@given(st.fractions(min_value=0, max_value=10**9))
def test_dong_are_rounded_to_the_nearest(amount: Fraction) -> None:
    assert abs(round_dong(amount) - amount) <= Fraction(1, 2)


@given(st.dates(date(2019, 7, 1), date(2030, 12, 31)))
def test_a_derived_value_stays_the_same_through_its_period(day: date) -> None:
    facts = real_base().facts
    period = facts.period("student_month", day)
    assert day in period
    for bound in (period.start, period.end):
        assert bound is None or facts.value("student_month", bound) == facts.value("student_month", day)


def test_the_period_of_a_derived_value_is_where_all_that_it_uses_holds(base: KnowledgeBase) -> None:
    assert base.facts.period("student_month", date(2025, 9, 5)) == Period(date(2025, 7, 1), date(2026, 6, 30))
    assert base.facts.period("student_month", TODAY) == Period(date(2026, 7, 1), None)


def test_the_sources_of_a_derived_value_are_those_of_the_day(base: KnowledgeBase) -> None:
    assert base.facts.sources("student_month", TODAY) == ("nd-161-2026", "nd-188-2025")
    assert base.facts.sources("student_month", date(2024, 9, 5)) == ("nd-73-2024", "nd-146-2018")


def test_a_day_before_all_values_has_none(base: KnowledgeBase) -> None:
    with pytest.raises(FactError, match="base_salary has no value on 2001-01-01"):
        base.facts.value("student_month", date(2001, 1, 1))


def test_an_unknown_name_and_a_text_as_a_number_are_refused(base: KnowledgeBase) -> None:
    with pytest.raises(FactError, match="khong_co"):
        base.facts.value("khong_co", TODAY)
    with pytest.raises(FactError, match="not a number"):
        base.facts.number("hotline", TODAY)
