"""The premium calculator: for every year, level and number of months the amount of the facts."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from handlers.dialogues.premium import MONTHS_BY_LEVEL, USUAL_MONTHS
from handlers.turn import Decision
from knowledge.base import KnowledgeBase
from knowledge.dates import SchoolYear
from knowledge.facts import Unit
from knowledge.rendering import format_value
from tests.handlers.talking import Talk, buttons_to, text_of
from tests.knowledge.real import TODAY

PAYING = ("grade1", "pupil", "grade12", "student", "final-year")


PAID = {  # đồng a month, fact sheet table 1.11
    "2022": 46_935,
    "2023": 56_700,
    "2024": 73_710,
    "2025": 52_650,
    "2026": 56_925,
}


CASES = [
    (level, months, year)
    for level, year in product(PAYING, PAID)
    for months in MONTHS_BY_LEVEL.get(level, USUAL_MONTHS)
]


def dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def answer_premium(talk: Talk, level: str, months: str, year: str, group: str = "none", province: str = "other") -> str:
    talk.press("guide:premium")
    for question, value in (("level", level), ("group", group), ("months", months), ("year", year)):
        outcome = talk.press(f"g:premium:{question}:{value}")
        assert outcome.decision is Decision.CLARIFY
    outcome = talk.press("g:premium:province:other") if province == "other" else talk.say(province)
    assert outcome.decision is Decision.ANSWER
    assert talk.memory.dialogue is None
    return text_of(outcome)


@pytest.mark.parametrize(("level", "months", "year"), CASES)
def test_the_calculator_gives_the_amount_of_the_facts(level: str, months: str, year: str) -> None:
    text = answer_premium(Talk(), level, months, year)
    assert f"Phần tự đóng: {dong(PAID[year] * int(months))}." in text
    assert f"{year}-{int(year) + 1}" in text
    assert ("30%" in text) is (int(year) < 2025)
    assert ("50%" in text) is (int(year) >= 2025)
    assert "Nguồn: " in text


def test_the_calculator_cites_the_documents_of_the_year(talk: Talk) -> None:
    answer_premium(talk, "pupil", "12", "2024")
    assert talk.last is not None
    assert any("73/2024" in source for source in talk.last.sources)
    assert not any("188/2025" in source for source in talk.last.sources)


def test_the_calculator_takes_the_share_of_near_poor_households(talk: Talk, base: KnowledgeBase) -> None:
    amount = format_value(base.facts.number("near_poor_month", TODAY) * 12, Unit.DONG)
    assert f"Phần tự đóng: {amount}." in answer_premium(talk, "pupil", "12", "2026", group="near-poor")


@pytest.mark.parametrize("province", ["TP.HCM", "tphcm", "sài gòn", "Bình Dương", "binh duong"])
def test_the_calculator_counts_the_support_of_the_city_for_pupils(talk: Talk, province: str) -> None:
    text = answer_premium(talk, "pupil", "12", "2026", province=province)
    assert "hỗ trợ thêm 50%" in text
    assert "không phải nộp tiền" in text


@pytest.mark.parametrize("province", ["TP.HCM", "Cà Mau", "ca mau", "hue", "dak lak", "long an", "Hà Nội"])
def test_a_province_typed_alone_answers_the_question(talk: Talk, province: str) -> None:
    text = answer_premium(talk, "student", "12", "2026", province=province)
    assert "Phần tự đóng: 683.100 đồng." in text
    assert talk.memory.dialogue is None


@pytest.mark.parametrize(("group", "level"), list(product(["poor", "minority", "allowance"], PAYING)))
def test_who_is_paid_for_by_the_budget_pays_nothing(talk: Talk, group: str, level: str) -> None:
    talk.press("guide:premium")
    talk.press(f"g:premium:level:{level}")
    outcome = talk.press(f"g:premium:group:{group}")
    assert outcome.decision in {Decision.ANSWER, Decision.HANDOFF}
    assert "không phải đóng" in text_of(outcome)


def test_the_calculator_can_be_talked_to(talk: Talk) -> None:
    for text in ("tính tiền giúp em", "con lop 3", "khong", "12 thang", "nam nay"):
        assert talk.say(text).decision is Decision.CLARIFY, text
    assert "683.100" in text_of(talk.say("bỏ qua"))


@pytest.mark.parametrize("text", ["tính tiền đóng cho con lớp 3", "con em lớp 3, tính giúp em tiền đóng"])
def test_what_the_first_message_says_is_not_asked_again(talk: Talk, text: str) -> None:
    talk.say(text)
    assert talk.memory.dialogue is not None
    assert talk.memory.dialogue.answers.get("level") == "pupil"
    assert talk.memory.dialogue.asking == "group"


def test_the_school_year_of_the_day_is_always_offered() -> None:
    for today in (TODAY, date(2027, 9, 5)):
        talk = Talk(today=today)
        for action in ("guide:premium", "g:premium:level:pupil", "g:premium:group:none", "g:premium:months:12"):
            outcome = talk.press(action)
        assert buttons_to(outcome, f"g:premium:year:{SchoolYear.of(today).start}")
