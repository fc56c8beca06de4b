"""The hand-kept official data: documents, slogans, provinces. Reads the TOML files only, no loader, no network."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2] / "knowledge"
Table = dict[str, Any]


def read(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


SOURCES = read(ROOT / "sources.toml")
FACTS = read(ROOT / "facts.toml")
BOOK = read(ROOT / "slogans.toml")
OFFICES = {path.stem: read(path) for path in sorted((ROOT / "offices").glob("*.toml"))}
SUPPORTS = [(name, row) for name, office in OFFICES.items() for row in office.get("support", ())]

CITIES = {"can-tho", "da-nang", "ha-noi", "hai-phong", "ho-chi-minh", "hue"}

# 63 → 34, NQ 202/2025/QH15
MERGERS = {
    "ha-noi": {"Hà Nội"},
    "hue": {"Huế"},
    "cao-bang": {"Cao Bằng"},
    "lai-chau": {"Lai Châu"},
    "dien-bien": {"Điện Biên"},
    "lang-son": {"Lạng Sơn"},
    "son-la": {"Sơn La"},
    "quang-ninh": {"Quảng Ninh"},
    "thanh-hoa": {"Thanh Hóa"},
    "nghe-an": {"Nghệ An"},
    "ha-tinh": {"Hà Tĩnh"},
    "tuyen-quang": {"Hà Giang", "Tuyên Quang"},
    "lao-cai": {"Lào Cai", "Yên Bái"},
    "thai-nguyen": {"Bắc Kạn", "Thái Nguyên"},
    "phu-tho": {"Hòa Bình", "Vĩnh Phúc", "Phú Thọ"},
    "bac-ninh": {"Bắc Giang", "Bắc Ninh"},
    "hung-yen": {"Thái Bình", "Hưng Yên"},
    "hai-phong": {"Hải Dương", "Hải Phòng"},
    "ninh-binh": {"Hà Nam", "Nam Định", "Ninh Bình"},
    "quang-tri": {"Quảng Bình", "Quảng Trị"},
    "da-nang": {"Quảng Nam", "Đà Nẵng"},
    "quang-ngai": {"Kon Tum", "Quảng Ngãi"},
    "gia-lai": {"Bình Định", "Gia Lai"},
    "dak-lak": {"Phú Yên", "Đắk Lắk"},
    "khanh-hoa": {"Ninh Thuận", "Khánh Hòa"},
    "lam-dong": {"Đắk Nông", "Bình Thuận", "Lâm Đồng"},
    "ho-chi-minh": {"Bình Dương", "Bà Rịa - Vũng Tàu", "TP. Hồ Chí Minh"},
    "dong-nai": {"Bình Phước", "Đồng Nai"},
    "tay-ninh": {"Long An", "Tây Ninh"},
    "dong-thap": {"Tiền Giang", "Đồng Tháp"},
    "an-giang": {"Kiên Giang", "An Giang"},
    "vinh-long": {"Bến Tre", "Trà Vinh", "Vĩnh Long"},
    "can-tho": {"Sóc Trăng", "Hậu Giang", "Cần Thơ"},
    "ca-mau": {"Bạc Liêu", "Cà Mau"},
}

# CV 2245/BHXH-TT, 24/7/2023, mục 2
SLOGANS_2023 = [
    "Vì sức khỏe con em, vì tương lai đất nước, hãy tham gia bảo hiểm y tế học sinh, sinh viên.",
    "Bảo hiểm y tế học sinh, sinh viên - Bảo vệ, chăm sóc sức khỏe thế hệ trẻ.",
    "Bảo hiểm y tế vì sự phát triển toàn diện của học sinh, sinh viên.",
    "Bảo hiểm y tế học sinh, sinh viên đồng hành cùng năm học mới.",
    (
        "Học sinh, sinh viên tham gia bảo hiểm y tế là chia sẻ rủi ro, giảm gánh nặng tài chính cho gia đình "
        "khi đi khám, chữa bệnh."
    ),
    "Học sinh, sinh viên tham gia bảo hiểm y tế được chăm sóc sức khỏe ban đầu ngay tại trường học.",
    "Học sinh, sinh viên tham gia bảo hiểm y tế cùng hướng tới thực hiện mục tiêu bảo hiểm y tế toàn dân.",
    (
        "Hãy sử dụng ứng dụng VssID - Bảo hiểm xã hội số trong khám, chữa bệnh và theo dõi quá trình tham gia, "
        "thụ hưởng bảo hiểm y tế học sinh, sinh viên."
    ),
]

# CV 2528/BHXH-TT, 26/7/2024, mục 2; "VneID" stands so in the letter
SLOGANS_2024 = [
    "Vì sức khỏe con em, vì tương lai đất nước, hãy tham gia bảo hiểm y tế học sinh, sinh viên.",
    "Bảo hiểm y tế học sinh, sinh viên chăm sóc, bảo vệ sức khỏe - Vì thế hệ trẻ năng động, sáng tạo.",
    "Bảo hiểm y tế vì sự phát triển toàn diện của học sinh, sinh viên.",
    "Bảo hiểm y tế học sinh, sinh viên đồng hành cùng năm học mới.",
    "Học sinh, sinh viên tham gia bảo hiểm y tế là chia sẻ rủi ro, giảm gánh nặng tài chính khi khám, chữa bệnh.",
    "Học sinh, sinh viên tham gia bảo hiểm y tế được chăm sóc sức khỏe ban đầu ngay tại trường học.",
    "Học sinh, sinh viên tham gia bảo hiểm y tế hướng tới thực hiện mục tiêu bảo hiểm y tế toàn dân.",
    (
        "Hãy sử dụng ứng dụng VssID - Bảo hiểm xã hội số trong khám, chữa bệnh và theo dõi quá trình tham gia, "
        "thụ hưởng bảo hiểm y tế học sinh, sinh viên."
    ),
    "Học sinh, sinh viên có thể sử dụng ứng dụng VneID trong khám, chữa bệnh bảo hiểm y tế.",
    "Bảo hiểm y tế học sinh, sinh viên - An tâm học tập, thắp sáng ước mơ.",
    "Bảo hiểm y tế học sinh, sinh viên - Chi phí hợp lý, quyền lợi tối ưu.",
    "Trao tặng thẻ bảo hiểm y tế cho học sinh, sinh viên có hoàn cảnh khó khăn - Gieo nhân ái, lan tỏa yêu thương.",
]

LEVELS = {"primary", "lower-secondary", "upper-secondary", "continuing-education", "university", "vocational"}


def fold(text: str) -> str:
    """Lower case without accents and punctuation, as a hurried reader types."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(re.findall(r"\w+", "".join(mark for mark in plain if unicodedata.category(mark) != "Mn")))


def names_of(office: Table) -> Iterator[str]:
    yield from (office["name"], office["short_name"], *office["aliases"])
    for former in office["former"]:
        yield from (former["name"], *former["aliases"])


# ---------------------------------------------------------------- documents


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_document_is_described(source_id: str) -> None:
    source = SOURCES[source_id]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source_id)
    assert source.keys() <= {
        "number", "title", "issuer", "issued", "valid_from", "valid_to", "status", "seen", "urls", "note",
    }  # fmt: skip
    assert source["number"].strip()
    assert ";" not in source["number"], "one document, one number"
    assert len(source["number"]) <= 60
    assert source["title"].strip()
    assert source["issuer"].strip()
    assert source["status"] in {"in-force", "ended", "draft", "reference"}
    assert source["seen"] in {"full", "excerpt", "name-only", "general-knowledge"}
    issued = source.get("issued", date(2026, 1, 1))
    assert isinstance(issued, date) or re.fullmatch(r"((0?[1-9]|1[0-2])/)?\d{4}", issued)


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_document_holds_in_a_period_that_fits_its_status(source_id: str) -> None:
    source = SOURCES[source_id]
    start, end = source.get("valid_from"), source.get("valid_to")
    assert all(day is None or isinstance(day, date) for day in (start, end))
    if start and end:
        assert start <= end
    if end and source["status"] == "in-force":
        assert end >= date(2026, 11, 21), "its last day had passed when it was last reviewed"


@pytest.mark.parametrize("url", sorted({url for source in SOURCES.values() for url in source["urls"]}))
def test_an_address_is_official_or_press(url: str) -> None:
    parts = urlsplit(url)
    assert parts.scheme == "https"
    assert not re.search(r"(^|\.)(github\.com|githubusercontent\.com|mytour\.vn|vssid\.net)$", parts.netloc)


# ---------------------------------------------------------------- slogans


@pytest.mark.parametrize(
    ("year", "letter", "texts"),
    [("2023", "cv-2245-bhxh-tt", SLOGANS_2023), ("2024", "cv-2528-bhxh-tt", SLOGANS_2024)],
)
def test_slogans_are_the_letters_to_the_letter(year: str, letter: str, texts: list[str]) -> None:
    rows = [row for row in BOOK["slogan"] if row["id"].startswith(f"{year}-")]
    assert [row["id"] for row in rows] == [f"{year}-{number}" for number in range(1, len(texts) + 1)]
    assert [row["text"] for row in rows] == texts
    assert {row["letter"] for row in rows} == {letter}
    assert {row["school_year"] for row in rows} == {f"{year}-{int(year) + 1}"}


def test_there_are_eight_and_twelve_slogans() -> None:
    assert Counter(row["letter"] for row in BOOK["slogan"]) == {"cv-2245-bhxh-tt": 8, "cv-2528-bhxh-tt": 12}


def test_same_as_marks_every_repeated_slogan_and_no_other() -> None:
    first: dict[str, str] = {}
    for row in BOOK["slogan"]:
        assert row.get("same_as") == first.get(row["text"])
        first.setdefault(row["text"], row["id"])


@pytest.mark.parametrize("campaign", BOOK["campaign"], ids=lambda row: row["school_year"])
def test_a_campaign_names_its_letter_and_season(campaign: Table) -> None:
    assert campaign["letter_date"] == SOURCES[campaign["letter"]]["issued"]
    for start, end in (("from", "to"), ("banner_from", "banner_to")):
        assert (start in campaign) == (end in campaign)
        if start in campaign:
            assert campaign["letter_date"] <= campaign[start] <= campaign[end]
    if any("30%" in content for content in campaign["contents"]):
        assert "50%" in campaign["note"], "a share that no longer holds must be put right in the note"


def test_no_slogan_is_claimed_for_a_year_without_a_letter() -> None:
    missing = {row["school_year"] for row in BOOK["missing"]}
    assert "2026-2027" in missing
    assert missing.isdisjoint(row["school_year"] for row in BOOK["slogan"] + BOOK["campaign"])


# ---------------------------------------------------------------- provinces


def test_there_are_34_provinces() -> None:
    assert OFFICES.keys() == MERGERS.keys()
    assert len(OFFICES) == 34
    assert {name for name, office in OFFICES.items() if office["kind"] == "city"} == CITIES


def test_the_63_former_names_are_all_there_once() -> None:
    former = [row["name"] for office in OFFICES.values() for row in office["former"]]
    assert len(former) == len(set(former)) == 63
    assert {name: {row["name"] for row in office["former"]} for name, office in OFFICES.items()} == MERGERS


@pytest.mark.parametrize("name", OFFICES)
def test_a_province_is_named_alike_everywhere(name: str) -> None:
    office = OFFICES[name]
    bare = office["short_name"].removeprefix("TP. ")
    city = office["kind"] == "city"
    assert office["id"] == name == fold(bare).replace(" ", "-")
    assert office["name"] == ("TP. " if city else "Tỉnh ") + bare
    assert office["office_name"] == ("BHXH Thành phố " if city else "BHXH tỉnh ") + bare
    assert all(alias == alias.strip().lower() for row in (office, *office["former"]) for alias in row["aliases"])


def test_no_name_is_claimed_by_two_provinces_even_without_accents() -> None:
    owners: dict[str, set[str]] = {}
    for name, office in OFFICES.items():
        for alias in names_of(office):
            owners.setdefault(fold(alias), set()).add(name)
    assert {alias: names for alias, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", OFFICES)
def test_no_alias_stands_twice_in_a_province(name: str) -> None:
    aliases = [alias for row in (OFFICES[name], *OFFICES[name]["former"]) for alias in row["aliases"]]
    assert len(aliases) == len(set(aliases))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sg", "ho-chi-minh"),
        ("tphcm", "ho-chi-minh"),
        ("vũng tàu", "ho-chi-minh"),
        ("hn", "ha-noi"),
        ("hp", "hai-phong"),
        ("đà lạt", "lam-dong"),
        ("nha trang", "khanh-hoa"),
        ("biên hòa", "dong-nai"),
    ],
)
def test_what_people_type_finds_the_province(typed: str, name: str) -> None:
    assert typed in set(names_of(OFFICES[name]))


@pytest.mark.parametrize(
    "phrase",
    [
        "bảo hiểm y tế là gì",
        "thẻ cũ chỉ còn một tháng",
        "hai cháu nhà em",
        "tiền thu đó đâu",
        "mang đến bệnh viện",
        "phải đóng hả",
        "đóng triệu mấy",
        "vì thanh toán",
        "chị Linh ơi",
        "năm cần đóng",
        "đi ăn",
        "mong cái thẻ",
        "đăng ký anh ơi",
    ],
)
def test_ordinary_words_without_accents_are_no_town(phrase: str) -> None:
    text = f" {fold(phrase)} "
    assert [alias for office in OFFICES.values() for alias in names_of(office) if f" {fold(alias)} " in text] == []


# ---------------------------------------------------------------- local support


@pytest.mark.parametrize(
    ("name", "row"), SUPPORTS, ids=lambda value: value if isinstance(value, str) else value["source"]
)
def test_local_support_is_told_with_source_and_limits(name: str, row: Table) -> None:
    assert row.keys() <= {
        "everyone", "share", "who", "levels", "area", "conditions", "from", "to", "source", "confidence", "note",
    }  # fmt: skip
    assert row.get("everyone", True) is True
    assert row["source"] in SOURCES
    assert row["who"].strip()
    assert row["levels"]
    assert set(row["levels"]) <= LEVELS
    assert row["confidence"] in {"high", "medium", "low"}
    assert row.get("area") in {None, *(former["name"] for former in OFFICES[name]["former"])}
    assert row.get("from", date.min) <= row.get("to", date.max)
    if "share" in row:
        assert isinstance(row["share"], int)
        assert 0 < row["share"] <= 50, "the state pays 50 % since 01/7/2025; more would exceed the premium"
        assert row["confidence"] != "low"
    else:
        assert row["note"].strip(), "a rate that is not known must say what to ask"


def test_ho_chi_minh_city_pays_for_pupils_not_for_students() -> None:
    shares = [row for row in OFFICES["ho-chi-minh"]["support"] if "share" in row]
    assert {row["share"] for row in shares} == {50}
    assert all({"university", "vocational"}.isdisjoint(row["levels"]) for row in shares)


# ---------------------------------------------------------------- references


def test_every_source_referred_to_exists() -> None:
    cited = {value["source"] for fact in FACTS.values() for value in fact.get("values", ())}
    cited |= {row["letter"] for row in BOOK["slogan"] + BOOK["campaign"]}
    cited |= {row["source"] for _, row in SUPPORTS}
    assert cited - SOURCES.keys() == set()


def test_fact_values_begin_before_they_end() -> None:
    values = [value for fact in FACTS.values() for value in fact.get("values", ())]
    assert all(value.get("from", date.min) <= value.get("to", date.max) for value in values)
