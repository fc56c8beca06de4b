"""Telephone numbers, days, provinces and tags as people type them into lists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.contacts.days import read_day, read_year
from bot.outreach.contacts.phones import e164, national
from bot.outreach.contacts.provinces import ProvinceNames
from bot.outreach.contacts.tags import TAG_LIMIT, read_tag

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase

TODAY = date(2026, 11, 22)
MOBILE = st.from_regex(r"[35789][0-9]{8}", fullmatch=True)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "0901234567",
        "+84 901 234 567",
        "84901234567",
        "(+84) 0901.234.567",
        "901234567",
        "0084 901-234-567",
        "0901\u00a0234567",
    ],
)
def test_one_number_in_many_spellings(written: str) -> None:
    assert e164(written) == "+84901234567"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0",
        "12345",
        "0901234567/0912345678",
        "9.01E+08",
        "+1 202 555 0100",
        "090123456",
        "09012345678",
        "0121234567890",
        "không có",
        "٠٩٠١٢٣٤٥٦٧",
    ],
)
def test_what_is_no_vietnamese_number(written: str) -> None:
    assert e164(written) is None


def test_a_fixed_line_is_a_number() -> None:
    assert e164("024 3825 1234") == "+842438251234"


@given(MOBILE, st.sampled_from(["", "0", "84", "+84", "0084", "+84 0"]), st.sampled_from(["", " ", ".", "-"]))
def test_every_mobile_number_is_read_with_any_prefix_and_signs(digits: str, prefix: str, sign: str) -> None:
    written = prefix + sign + sign.join((digits[:3], digits[3:6], digits[6:]))
    assert e164(written) == f"+84{digits}"
    assert e164(national(f"+84{digits}")) == f"+84{digits}"


@given(st.text())
def test_any_text_is_a_number_in_one_form_or_none(text: str) -> None:
    number = e164(text)
    assert number is None or (number.startswith("+84") and number[3:].isascii() and number[3:].isdigit())


@given(DAYS)
def test_a_day_in_every_usual_spelling(day: date) -> None:
    d, m, y = day.day, day.month, day.year
    for written in (
        f"{d}/{m}/{y}", f"{d:02}/{m:02}/{y}", f"{d}-{m}-{y}", f"{d}.{m}.{y}", f"{d}/{m}/{y % 100:02}", day.isoformat(),
        f"{d:02}{m:02}{y}", f"ngày {d} tháng {m} năm {y}", f"NGAY {d} THANG {m} NAM {y}", f"{d}/{m}/{y} 00:00:00",
    ):  # fmt: skip
        assert read_day(written) == day, written


def test_a_number_of_excel_is_a_day() -> None:
    assert read_day("46660") == date(2027, 9, 30)


@pytest.mark.parametrize(
    "written", ["", "9/30/2027", "31/02/2027", "00/01/2027", "2027", "hôm qua", "30/9", "1/1/20270"]
)
def test_what_is_no_day(written: str) -> None:
    assert read_day(written) is None


@given(st.text())
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert read_day(text) is None or isinstance(read_day(text), date)


@pytest.mark.parametrize(
    ("written", "year"),
    [("2015", 2015), ("05/09/2015", 2015), ("2027", None), ("1850", None), ("15", None), ("", None), ("lớp 5", None)],
)
def test_a_year_of_birth(written: str, year: int | None) -> None:
    assert read_year(written, TODAY) == year


@pytest.mark.parametrize(
    ("written", "office"),
    [
        ("Tỉnh Điện Biên", "dien-bien"), ("DIEN BIEN", "dien-bien"), ("dien-bien", "dien-bien"),
        ("TP.HCM", "ho-chi-minh"), ("Thành phố Hồ Chí Minh", "ho-chi-minh"), ("Hà Giang", "tuyen-quang"),
        ("Thừa Thiên Huế", "hue"),
        ("Bà Rịa - Vũng Tàu", "ho-chi-minh"), ("Hoà Bình", "phu-tho"), ("Atlantis", None), ("", None),
    ],
)  # fmt: skip
def test_a_province_by_any_name(base: KnowledgeBase, written: str, office: str | None) -> None:
    assert ProvinceNames(base.offices).find(written) == office


def test_every_name_of_a_province_leads_to_an_office(base: KnowledgeBase) -> None:
    names = ProvinceNames(base.offices)
    for office in base.offices.values():
        assert {names.find(name) for name in (office.id, office.name, office.short_name)} == {office.id}
        assert all(names.find(former) for former, _ in office.former)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("Khó khăn", "khó-khăn"),
        ("  đợt 1 ", "đợt-1"),
        ("=cmd", None),
        ("a,b", None),
        ("", None),
        ("xy" * TAG_LIMIT, None),
    ],
)
def test_a_tag(written: str, tag: str | None) -> None:
    assert read_tag(written) == tag


@given(st.text(max_size=60))
def test_a_tag_once_read_stays_as_it_is(text: str) -> None:
    tag = read_tag(text)
    assert tag is None or read_tag(tag) == tag
