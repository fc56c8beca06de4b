"""However it is typed, the same question becomes the same words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.base import KnowledgeBase
from knowledge.entries import Kind
from knowledge.search.engine import Search
from knowledge.search.folding import compose, fold, has_diacritics
from knowledge.search.spelling import MAX_CHARS, Speller
from tests.knowledge.real import real_base, real_search

CLEAN = "Quên mật khẩu VssID thì làm thế nào?"
FORGOTTEN = "quen matkhau vssid thi lam thenao"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (CLEAN, FORGOTTEN),
        (unicodedata.normalize("NFD", CLEAN), FORGOTTEN),
        (CLEAN.upper(), FORGOTTEN),
        ("quen mat khau vssid thi lam the nao", FORGOTTEN),
        ("quen mk vssid thi lam ntn", FORGOTTEN),
        ("queen maatj khaaur vssid thif lamf thees naof", FORGOTTEN),
        ("que6n ma65t kha63u vssid thi2 la2m the61 na2o", FORGOTTEN),
        ("quennn mậttt khẩuuu vssid thì làm thế nàooo", FORGOTTEN),
        ("quên\u200b mật\u00a0khẩu\tvssid\x00thì\nlàm thế nào", FORGOTTEN),
        ("quên mật khẩu vss id thì làm thế nào", FORGOTTEN),
        ("quên mật khảu vssid thì làm thế nào", FORGOTTEN),
        ("hoà bình, hòa bình", "hoa binh hoa binh"),
        ("thuý thúy khoẻ khỏe", "thuy thuy khoe khoe"),
        ("qúy quý quỹ giấy gìn giữ", "quy quy quy giay gin giu"),
        ("baor hieemr y tees", "bhyt"),
        ("ba3o hie63m y te61", "bhyt"),
        ("BẢO HIỂM Y TẾ", "bhyt"),
        ("baohiem yte", "bhyt"),
        ("baohiemyte", "bhyt"),
        ("hocsinh sinhvien", "hssv"),
        ("dangkyvssid", "dang ky vssid"),
        ("hs lop1 dong bn", "hocsinh lop 1 dong baonhieu"),
        ("sv năm nhất đóng bn", "sinhvien namnhat dong baonhieu"),
        ("e k bt dk vssid ntn", "em khong biet dang ky vssid thenao"),
        ("con mk 9t", "con 9 tuoi"),
        ("đóng 12th hết 200k", "dong 12 thang het 200 nghin"),
        ("the bhyt het hạng", "the bhyt het hang"),
        ("benh vien tuyen tinhh", "benhvien tuyen tinh"),
        ("683.100đ, 4,5%, 01/7/2026", "683.100 dong 4,5% 01/7/2026"),
        ("", ""),
        ("🙂🙂 !!! ...", ""),
        ("\x00\x01\x02", ""),
    ],
)
def test_what_is_typed_is_read_as_it_is_meant(search: Search, typed: str, meant: str) -> None:
    assert search.read(typed).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "how do i register for health insurance",
        "my child lost the card what should we do",
        "can a student pay for six months",
        "i lost my card",
        "my card expired",
    ],
)
def test_english_is_left_alone(search: Search, text: str) -> None:
    spelled = search.read(text)
    assert spelled.english
    assert spelled.words == tuple(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "quen mat khau",
        "do con toi",
        "the bhyt cho em",
        "Tôi need help",
        "can cuoc",
        "ok",
        "the in sai ten con e",
        "the cua me het han",
        "app the bhyt",
        "me can the in lai",
        "mua online the fake",
        "level 2 app k log dc",
    ],
)
def test_vietnamese_is_not_taken_for_english(search: Search, text: str) -> None:
    assert not search.read(text).english


def test_the_languages_of_phrasings_are_told_apart(search: Search, base: KnowledgeBase) -> None:
    """Two words ("rabies shots") may be read as either; attacks in English stand among the other kinds of entries."""
    entries = base.entries.values()
    english = [text for entry in entries for text in entry.phrasings_en]
    assert sum(search.read(text).english for text in english) >= 0.88 * len(english)
    vietnamese = [text for entry in entries if entry.kind is Kind.ANSWER for text in entry.phrasings]
    assert not [text for text in vietnamese if search.read(text).english]


@pytest.mark.parametrize(
    ("text", "composed"),
    [
        ("Ho\u0300a", "hòa"),
        ("hoà", "hòa"),
        ("quà", "quà"),
        ("của", "của"),
        ("thúy", "thúy"),
        ("vuiii", "vuiii"),
        ("oaaa", "oa"),
    ],
)
def test_one_form_for_every_way_of_writing(text: str, composed: str) -> None:
    assert compose(text) == composed


@pytest.mark.parametrize(("text", "has"), [("Đi", True), ("di", False), ("DI", False), ("mẹ", True), ("9-3", False)])
def test_marks_are_seen(text: str, has: bool) -> None:
    assert has_diacritics(text) is has


def test_a_message_is_read_up_to_a_limit(search: Search) -> None:
    assert len(search.read("đóng tiền " * 1000).words) <= MAX_CHARS
    assert search.read("a" * 10_000).folded == search.read("a" * MAX_CHARS).folded


def test_a_speller_without_vocabulary_still_knows_its_tables() -> None:
    assert Speller().read("bhyt sv bn").text == "bhyt sinhvien baonhieu"


@given(st.text(max_size=300))
def test_no_text_raises_and_reading_twice_gives_the_same(text: str) -> None:
    spelled = real_search().read(text)
    assert spelled == real_search().read(text)
    assert all(word and " " not in word for word in spelled.folded)
    assert fold(spelled.text) == spelled.text


@given(
    st.lists(
        st.sampled_from(["bhyt", "ko", "z", "9t", "2k12", "mk", "dk", "lop1", "đc", "đđ", "1.2.3", "%", "ả", "\u0301"]),
        max_size=8,
    )
)
def test_any_mixture_of_abbreviations_is_read(words: list[str]) -> None:
    real_search().read(" ".join(words))


def _share_alike(change: object) -> tuple[float, list[tuple[str, str, str]]]:
    """How many phrasings (every fourth) are read alike after a change, and some that are not."""
    search, wrong, total = real_search(), [], 0
    for entry in real_base().entries.values():
        for phrasing in entry.phrasings[::4]:
            total += 1
            meant, read = search.read(phrasing).text, search.read(change(phrasing)).text  # type: ignore[operator]
            if meant != read:
                wrong.append((phrasing, meant, read))
    return 1 - len(wrong) / total, wrong[:: max(1, len(wrong) // 20)]


def test_what_was_read_can_be_read_again() -> None:
    share, wrong = _share_alike(lambda phrasing: real_search().read(phrasing).text)
    assert share >= 0.95, wrong


def test_a_phrasing_without_marks_is_read_as_with_them() -> None:
    share, wrong = _share_alike(fold)
    assert share >= 0.97, wrong


def test_a_phrasing_in_capitals_or_nfd_is_read_alike() -> None:
    for change in (str.upper, lambda text: unicodedata.normalize("NFD", text)):
        share, wrong = _share_alike(change)
        assert share == 1, wrong
