"""Personal numbers are covered; amounts, dates, hotlines and document numbers are not."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.privacy import COVER, PrivateKind, mask

PRIVATE = [
    ("cccd 001099012345", PrivateKind.IDENTITY),
    ("cmnd: 012345678.", PrivateKind.IDENTITY),
    ("căn cước 0010 9901 2345", PrivateKind.IDENTITY),
    ("hộ chiếu B1234567", PrivateKind.IDENTITY),
    ("mã thẻ HS4010123456789", PrivateKind.CARD),
    ("the hs 4 01 0123456789", PrivateKind.CARD),
    ("mã số bhxh 7912345678", PrivateKind.ACCOUNT),
    ("sđt 0912345678", PrivateKind.PHONE),
    ("sđt 0912.345.678", PrivateKind.PHONE),
    ("goi 09 12 34 56 78 nhe", PrivateKind.PHONE),
    ("+84 912 345 678", PrivateKind.PHONE),
    ("84912345678", PrivateKind.PHONE),
    ("so 84.912.345.678", PrivateKind.PHONE),
    ("(0203) 3825 666", PrivateKind.PHONE),
    ("0912345678k gọi được", PrivateKind.PHONE),
    ("mail nguyen.van-a@truong.edu.vn", PrivateKind.EMAIL),
    ("otp 123456", PrivateKind.SECRET),
    ("mã OTP của em là 12 34 56", PrivateKind.SECRET),
    ("mã xác thực: 9876", PrivateKind.SECRET),
    ("mật khẩu: abc", PrivateKind.SECRET),
    ("mat khau la Abc@123", PrivateKind.SECRET),
    ("pass: hoahong", PrivateKind.SECRET),
    ("mk 123456", PrivateKind.SECRET),
    ("mật khẩu là hoahongdo", PrivateKind.SECRET),
    ("stk 10123456", PrivateKind.ACCOUNT),
    ("stk vietcombank 0123456789012345", PrivateKind.ACCOUNT),
    ("12345678901234567890", PrivateKind.ACCOUNT),
    ("mật khẩu 0912345678", PrivateKind.SECRET),
]
HARMLESS = [
    "gọi 1900.9068",
    "gọi 1900 9068 hoặc 19009068, 1900-9068",
    "115, 111, 113",
    "nhắn tin 8079",
    "683.100 đồng",
    "1.200.000",
    "1.053.000-1.264.000",
    "600000-700000",
    "1200000 đồng",
    "1 200 000 đồng",
    "12000000",
    "12000000đ",
    "15 triệu",
    "683100d",
    "4,5%",
    "năm học 2026-2027",
    "2024, 2025, 2026",
    "2026 - 2027",
    "15/08/2014",
    "15.08.2014",
    "1-9-2026",
    "2014-08-15",
    "sinh ngày 15082014",
    "188/2025/NĐ-CP",
    "51/2024/QH15 và 861/QĐ-TTg",
    "lớp 1 2 3 4 5 6 7 8 9 10",
    "cháu 12 15 18 tuổi",
    "quên mật khẩu",
    "quen mat khau!!!",
    "mật khẩu là gì",
    "mật khẩu vssid là gì ạ",
    "mật khẩu 6 ký tự",
    "mật khẩu VNeID/VssID",
    "mk vssid ntn",
    "otp không về",
    "chờ otp 2 ngày",
    "mật khẩu gọi 1900.9068",
    "mã hỗ trợ YC26-004217",
    "từ 01/7/2026 đến 31/12/2027",
    "",
]
digits = st.text("0123456789", min_size=1)


@pytest.mark.parametrize(("text", "kind"), PRIVATE)
def test_personal_numbers_are_covered(text: str, kind: PrivateKind) -> None:
    masked = mask(text)
    assert masked.found
    assert kind in masked.kinds
    assert COVER in masked.text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_ask_about_is_let_through(text: str) -> None:
    masked = mask(text)
    assert masked.text == text
    assert not masked.found


def test_only_the_number_is_covered() -> None:
    assert mask("con tôi sđt 0912345678 đóng 683.100 đồng?").text == f"con tôi sđt {COVER} đóng 683.100 đồng?"


@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from(["", " ", ".", "-"]))
def test_every_mobile_number_is_covered_however_it_is_grouped(rest: str, gap: str) -> None:
    number = gap.join(["0" + rest[:3], rest[3:6], rest[6:]])
    masked = mask(f"gọi {number} nhé")
    assert masked.text == f"gọi {COVER} nhé"


@given(st.integers(1, 96), st.integers(0, 9), st.integers(0, 99), st.integers(0, 999_999))
def test_every_identity_number_is_covered(province: int, century: int, year: int, rest: int) -> None:
    assert mask(f"số {province:03d}{century}{year:02d}{rest:06d}").text == f"số {COVER}"


@given(st.sampled_from(["HS", "SV", "TE", "hn"]), st.integers(1, 5), st.integers(0, 10**12 - 1))
def test_every_card_number_is_covered(group: str, level: int, rest: int) -> None:
    assert mask(f"thẻ {group}{level}{rest:012d} ạ").text == f"thẻ {COVER} ạ"


@given(st.integers(1_000, 999_999_999))
def test_no_amount_in_thousands_is_covered(amount: int) -> None:
    text = f"{amount:,}".replace(",", ".")
    assert mask(f"hết {text} đồng").text == f"hết {text} đồng"


@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"])
)
def test_no_date_is_covered(day: date, form: str) -> None:
    text = f"sinh {day.strftime(form)}"
    assert mask(text).text == text


@given(st.integers(1990, 2090))
def test_no_school_year_is_covered(year: int) -> None:
    text = f"năm học {year}-{year + 1}"
    assert mask(text).text == text


@given(st.integers(1, 99_999), st.integers(1990, 2090), st.sampled_from(["NĐ-CP", "QH15", "TT-BYT", "QĐ-TTg"]))
def test_no_document_number_is_covered(number: int, year: int, kind: str) -> None:
    text = f"theo {number}/{year}/{kind}"
    assert mask(text).text == text


@given(st.text() | st.text("0123456789 .-+()đk•:@matkhuotp", max_size=80))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text
    assert once.found == (once.text != text) or COVER in text


@given(st.text(max_size=40).filter(lambda text: not any(sign.isdigit() for sign in text)), digits)
def test_nothing_but_digits_is_lost_around_a_long_number(before: str, number: str) -> None:
    masked = mask(f"{before} | {number} |")
    assert masked.text.endswith(f"| {number} |" if len(number) < 8 or not masked.found else " |")


@pytest.mark.parametrize(
    "part",
    ["a", "1 ", "0 ", "(0", "mk ", "mk:", "mk-", "mật khẩu là ", "otp ", "2026-", "1.000", "a@", "a.", "12 345 "],
)
def test_a_very_long_text_takes_no_long_time(part: str) -> None:
    started = perf_counter()
    mask(part * (10_000 // len(part)))
    assert perf_counter() - started < 2
