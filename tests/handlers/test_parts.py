"""The part of an answer that a message asks about: pointed out at first, told alone when it is asked on."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.effects import OpenCase
from handlers.parts import POINTER, Parts, first_paragraph, telling, wanted
from handlers.texts import say
from handlers.turn import Decision
from knowledge.search.content import Content
from tests.handlers.talking import Talk, text_of
from tests.knowledge.real import real_base, real_search

PART = say("vi", "answer", "part")
AGAIN = say("vi", "answer", "again")
TEXT = """Thông tin sai phải do cơ quan BHXH sửa.

1. So với căn cước hoặc giấy khai sinh.
2. Nộp tờ khai Mẫu số 2 kèm giấy tờ đúng qua BHXH cơ sở.
3. Thời hạn: 5 ngày làm việc kể từ khi đủ hồ sơ.

Trong lúc chờ vẫn được khám: mang giấy tiếp nhận hồ sơ."""


@cache
def parts() -> Parts:
    search = real_search()
    return Parts(search, Content(real_base(), search.index.usage))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("sửa mất mấy ngày", "3. Thời hạn: 5 ngày làm việc kể từ khi đủ hồ sơ."),
        ("sua o dau vay", "2. Nộp tờ khai Mẫu số 2 kèm giấy tờ đúng qua BHXH cơ sở."),
        ("sua sao vay", TEXT.split("\n\n")[1]),
        ("thủ tục thế nào", TEXT.split("\n\n")[1]),
        ("trong luc cho ma be dau thi sao", "Trong lúc chờ vẫn được khám: mang giấy tiếp nhận hồ sơ."),
    ],
)
def test_the_part_that_tells_what_is_asked_for_is_meant(text: str, part: str) -> None:
    assert parts().meant(real_search().read(text), TEXT) == part


@pytest.mark.parametrize("text", ["niềng răng có được không", "cảm ơn", "", "thế à", "sửa căn cước hết bao nhiêu tiền"])
def test_what_asks_for_no_part_means_none(text: str) -> None:
    assert parts().meant(real_search().read(text), TEXT) is None


def test_a_list_comes_with_its_announcement() -> None:
    assert (
        first_paragraph("**Tùy ngày sinh:**\n\n- Trước.\n- Sau.\n\nHỏi thêm.")
        == "**Tùy ngày sinh:**\n\n- Trước.\n- Sau."
    )
    assert first_paragraph("Tùy:\n\n- Một.\n\nHai.") == "Tùy:\n\n- Một."
    assert first_paragraph("Một.\n\nHai.") == "Một."


def test_a_number_to_search_with_is_not_a_number_to_call() -> None:
    assert wanted(real_search().read("số điện thoại nào để hỏi"))
    assert not wanted(real_search().read("tra cứu bằng số điện thoại được không"))


def test_a_special_case_is_no_school(talk: Talk) -> None:
    talk.say("em muốn đổi nơi khám chữa bệnh ban đầu")
    assert "dichvucong" in text_of(talk.say("đổi ở đâu"))


def test_a_reason_is_the_part_that_says_because() -> None:
    text = "Thẻ cũ dùng được.\n\nĐóng nhiều hơn vì thẻ dùng lâu hơn."
    assert telling(real_search().read("sao lại phải đóng nhiều hơn"), text) == ["Đóng nhiều hơn vì thẻ dùng lâu hơn."]


def test_a_list_of_papers_stays_together() -> None:
    text = "Ai đi cũng được.\n\nMang theo:\n\n- Căn cước.\n- Giấy khai sinh.\n\nHỏi thêm, gọi tổng đài."
    assert telling(real_search().read("cần mang theo giấy tờ gì"), text) == [
        "Mang theo:\n\n- Căn cước.\n- Giấy khai sinh."
    ]


@given(st.text(max_size=80))
def test_pointing_changes_no_word(text: str) -> None:
    pointed = parts().pointed_out(real_search().read(text), TEXT)
    assert pointed.replace(POINTER, "", 1) == TEXT


def test_an_answer_points_at_what_is_asked(talk: Talk) -> None:
    text = text_of(talk.say("Niềng răng có được bảo hiểm y tế trả không?"))
    assert f"{POINTER}Không được trả" in text


@pytest.mark.parametrize(
    "text",
    [
        "học sinh đóng bảo hiểm y tế bao nhiêu tiền một năm",
        "đầu năm mới số tiền cùng chi trả của con có được cộng dồn từ năm cũ sang không",
    ],
)
def test_an_answer_that_begins_with_what_is_asked_points_at_nothing(talk: Talk, text: str) -> None:
    assert POINTER not in text_of(talk.say(text))


@pytest.mark.parametrize(
    "text", ["làm trên mạng được không", "tháng 11 có đổi được không hay phải đợi", "tốn phí không"]
)
def test_what_the_last_answer_tells_is_found_in_it(talk: Talk, text: str) -> None:
    talk.say("em muốn đổi nơi khám chữa bệnh ban đầu")
    outcome = talk.say(text)
    assert outcome.entry == "doi-noi-kham-ban-dau"
    assert text_of(outcome).startswith(PART)


def test_only_the_part_is_told_when_it_is_asked_on(talk: Talk) -> None:
    first = text_of(talk.say("thẻ của con tôi bị sai ngày sinh"))
    again = text_of(talk.say("sửa mất mấy ngày"))
    assert again.startswith(PART)
    assert "ngày làm việc" in again
    assert len(again) < len(first)


def test_the_same_answer_is_sent_once_more_but_not_a_third_time(talk: Talk) -> None:
    """Then it was no answer to what is asked, and a person takes over."""
    talk.say("em muốn đổi nơi khám chữa bệnh ban đầu")
    again = talk.say("em muốn đổi luôn bây giờ")
    assert again.entry == "doi-noi-kham-ban-dau"
    assert text_of(again).startswith(AGAIN)
    third = talk.say("em muốn đổi qua chỗ khác")
    assert third.decision is Decision.HANDOFF
    assert [effect for effect in third.effects if isinstance(effect, OpenCase)]
