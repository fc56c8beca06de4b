"""Choosing from what was offered, by number or by words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.choices import chosen
from handlers.memory import Memory, Option
from knowledge.search.folding import fold
from tests.knowledge.real import real_search

LABELS = ("Mất thẻ thì làm sao?", "Đóng ở đâu?", "12 tháng", "Không phải các ý này")
OFFERED = Memory(options=tuple(Option(label=label, action=f"a{number}") for number, label in enumerate(LABELS, 1)))


def picks(text: str, memory: Memory = OFFERED) -> str | None:
    option = chosen(memory, real_search().read(text).text, text)
    return option.action if option else None


@pytest.mark.parametrize("write", [str, fold, str.upper])
@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("1", "a1"),
        ("2.", "a2"),
        (" 3 ", "a3"),
        ("số 2", "a2"),
        ("câu 3", "a3"),
        ("chọn 2", "a2"),
        ("lấy cái 1", "a1"),
        ("cái thứ 2", "a2"),
        ("cái thứ hai", "a2"),
        ("ý thứ nhất", "a1"),
        ("cái đầu tiên", "a1"),
        ("cái đầu", "a1"),
        ("ý ba", "a3"),
        ("phương án 2", "a2"),
        ("cái hai nhé", "a2"),
        ("cái cuối", "a4"),
        ("ý cuối cùng", "a4"),
        ("the second", "a2"),
        ("first", "a1"),
        ("the last one", "a4"),
        ("option 3", "a3"),
        ("Đóng ở đâu?", "a2"),
        ("đóng ở đâu", "a2"),
        ("mất thẻ thì làm sao", "a1"),
        ("12 tháng", "a3"),
        ("không phải các ý này", "a4"),
    ],
)
def test_what_is_offered_can_be_picked(text: str, action: str, write: object) -> None:
    assert picks(write(text)) == action  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "0",
        "99",
        "cái thứ năm",
        "lớp 1",
        "con tôi 2 tuổi",
        "2 con",
        "đóng 3 tháng",
        "mất thẻ",
        "ở đâu",
        "",
        "cái này",
        "một tháng",
    ],
)
def test_what_is_not_offered_picks_nothing(text: str) -> None:
    assert picks(text) is None


def test_nothing_offered_nothing_picked() -> None:
    assert picks("1", Memory()) is None


@given(st.text(max_size=60))
def test_no_text_raises_and_a_choice_is_one_of_those_offered(text: str) -> None:
    assert picks(text) in {None, "a1", "a2", "a3", "a4"}


@given(st.integers(1, 99))
def test_a_number_picks_by_its_place(number: int) -> None:
    assert picks(str(number)) == (f"a{number}" if number <= len(LABELS) else None)
