"""The short code of a poster, typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.arrival import readable, spoken, typed
from handlers.effects import RecordArrival
from handlers.turn import Decision
from tests.handlers.talking import Talk


@pytest.mark.parametrize(
    "text",
    ["MA KG26", "mã kg26", "Mã: KG26.", "ma kg-26", "MÃ  KG 26", " ma\nkg26 !", "code KG26", "ma#kg26", "Ma KG26"],
)
def test_a_typed_code_is_read(text: str) -> None:
    assert typed(text) == "c-kg26"


@pytest.mark.parametrize("text", ["ma kg26 thcs-01", "MA KG26 THCS-01", "mã kg26/thcs-01", "ma kg 26 Thcs-01"])
def test_with_a_school(text: str) -> None:
    assert typed(text) == "s-thcs-01_c-kg26"


@pytest.mark.parametrize(
    "text",
    [
        "", "ma", "kg26", "mã thẻ", "mã số bhxh", "mã lớp 12", "mã otp 1234", "mã hs 40", "mã hs401", "ma so 26",
        "mã kg26 là gì", "mã kg26 thcs 01 nhé", "em gửi mã kg26", "mã 123456", "mã kg123456", "ma sv 26",
        "ma kg26 0912345678", "mã thẻ HS4010112345678",
    ],
)  # fmt: skip
def test_other_messages_are_not(text: str) -> None:
    assert typed(text) is None


@given(
    campaign=st.from_regex(r"[a-z]{2,10}[0-9]{2,4}", fullmatch=True),
    school=st.none() | st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True),
)
def test_what_is_printed_reads_back(campaign: str, school: str | None) -> None:
    code = f"s-{school}_c-{campaign}" if school else f"c-{campaign}"
    printed = spoken(code)
    if printed is not None:
        assert typed(printed) == code
        assert readable(code) == code


def test_the_province_is_not_printed() -> None:
    assert spoken("p-ha-noi_s-thcs-01_c-kg26") == "MA KG26 THCS-01"
    assert spoken("c-khai-giang") is None
    assert spoken("s-thcs-01") is None


def test_typing_it_counts_the_arrival_and_welcomes(talk: Talk) -> None:
    outcome = talk.say("mã KG26 thcs-01")
    assert RecordArrival("s-thcs-01_c-kg26") in outcome.effects
    assert outcome.decision is Decision.SMALLTALK
    assert outcome.replies[0].buttons
