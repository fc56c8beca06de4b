"""Provinces by their old and new names; ordinary words are no province."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.places import Gazetteer, Place
from knowledge.base import KnowledgeBase
from knowledge.search.folding import fold
from tests.knowledge.real import real_base, real_search
from tests.knowledge.test_official_data import MERGERS

FORMER = [(former, office) for office, names in MERGERS.items() for former in sorted(names)]


def place_in(places: Gazetteer, text: str) -> Place | None:
    return places.find(real_search().read(text))


@pytest.mark.parametrize(("former", "office"), FORMER)
@pytest.mark.parametrize(
    "sentence", ["em học ở {}", "trường tôi ở tỉnh {}, có được hỗ trợ thêm không", "{} có hỗ trợ gì không"]
)
def test_each_of_the_63_former_names_finds_its_province(
    places: Gazetteer, sentence: str, former: str, office: str
) -> None:
    found = place_in(places, sentence.format(former))
    assert found is not None
    assert found.office == office


@pytest.mark.parametrize(("former", "office"), FORMER)
@pytest.mark.parametrize("sentence", ["em hoc o {}", "truong toi o tinh {} co duoc ho tro khong"])
def test_each_former_name_is_found_without_diacritics(
    places: Gazetteer, sentence: str, former: str, office: str
) -> None:
    found = place_in(places, sentence.format(fold(former)))
    assert found is not None
    assert found.office == office


@pytest.mark.parametrize(("former", "office"), FORMER)
def test_a_former_province_is_remembered_as_an_area(
    places: Gazetteer, base: KnowledgeBase, former: str, office: str
) -> None:
    found = place_in(places, f"trường em ở {former}")
    assert found is not None
    assert found.area == (None if former == base.offices[office].short_name else former)


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("ở Huế", "hue"),
        ("bé học trường tư ở q7", "ho-chi-minh"),
        ("o go vap thi co phai dong khong", "ho-chi-minh"),
        ("con toi hoc o ha dong co duoc giam khong", "ha-noi"),
        ("em hoc o hue", "hue"),
        ("em ở sg", "ho-chi-minh"),
        ("Sài Gòn có miễn phí không", "ho-chi-minh"),
        ("trường ở TP.HCM", "ho-chi-minh"),
        ("tp hcm", "ho-chi-minh"),
        ("con toi hoc o tphcm", "ho-chi-minh"),
        ("BÌNH DƯƠNG", "ho-chi-minh"),
        ("vũng tàu", "ho-chi-minh"),
        ("em ở hn", "ha-noi"),
        ("Hà Nội", "ha-noi"),
        ("dak lak", "dak-lak"),
        ("đắc lắc", "dak-lak"),
        ("ở Hoà Bình", "phu-tho"),
        ("nha trang", "khanh-hoa"),
    ],
)
def test_what_people_type_finds_the_province(places: Gazetteer, text: str, office: str) -> None:
    found = place_in(places, text)
    assert found is not None
    assert found.office == office


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("hk ở Gia Lai mà em học ở Buôn Ma Thuột", "dak-lak"),
        ("hk gia lai, truong em o dak lak", "dak-lak"),
        ("nhà ở Gia Lai, em học ở Đắk Lắk thì tỉnh nào hỗ trợ", "dak-lak"),
        ("quê Nghệ An, em học ở Hà Nội", "ha-noi"),
    ],
)
def test_where_somebody_studies_goes_before_where_they_come_from(places: Gazetteer, text: str, office: str) -> None:
    found = place_in(places, text)
    assert found is not None
    assert found.office == office


@pytest.mark.parametrize(
    "text",
    [
        "bao hiem y te la gi",
        "vay ha dong o dau",
        "viec nay lien quan 3 hoc sinh lop em",
        "nộp tiền q1 được chưa",
        "con nha be hoc lop 5",
        "the cu con mot thang nua",
        "hai chau nha em hoc lop 1",
        "tien thu do di dau",
        "mang gi den benh vien",
        "phai dong ha ban",
        "dong trieu may mot nam",
        "vi sao thanh toan cham",
        "chi linh oi cho em hoi",
        "nam can dong bao nhieu",
        "an uong binh thuong duoc khong",
        "mong cai the moi",
        "dang ky anh oi",
        "hue hong the bhyt",
        "con hoa dong binh thuong o truong",
        "con em hoc hanh binh an",
        "nam dinh ky kham suc khoe",
        "ha giong xuong noi chuyen",
        "lam sao dong tien",
        "bac si noi giang bai",
        "phai tra vien phi truoc a",
        "kham benh duong huyet",
        "chau bi viem rang ham",
        "can tho may lanh",
        "quen mat khau roi",
        "the bi mat lam lai o dau",
        "khi nao co the",
        "tai kham lai chau phai mang gi",
        "son la thu gi",
        "muc dong thap nhat la bao nhieu",
        "ca mau xet nghiem",
        "con toi an gi cung bi di ung",
    ],
)
def test_ordinary_words_without_diacritics_are_no_province(places: Gazetteer, text: str) -> None:
    assert place_in(places, text) is None


@given(st.text(max_size=200))
def test_no_text_raises_and_what_is_found_is_a_province(text: str) -> None:
    found = Gazetteer(real_base()).find(real_search().read(text))
    assert found is None or found.office in real_base().offices
