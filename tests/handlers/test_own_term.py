"""Whoever names the month and year of birth of a small child hears the last day of its card."""

from __future__ import annotations

import pytest

from tests.handlers.talking import Talk, text_of

ASKED = "thẻ bhyt của bé dùng đến khi nào"


@pytest.mark.parametrize(
    ("born", "last_day"),
    [
        ("sinh tháng 4/2021", "30/9/2027"),
        ("sinh tháng 4 năm 2021", "30/9/2027"),
        ("sinh ngày 15/4/2021", "30/9/2027"),
        ("sinh ngày 29 tháng 9 năm 2022", "30/9/2028"),
        ("sinh 05.10.2022", "31/10/2028"),
        ("sinh tháng 2/2022", "30/9/2028"),
        ("sinh tháng 11 năm 2020", "30/11/2026"),
    ],
)
def test_the_last_day_is_told_first(talk: Talk, born: str, last_day: str) -> None:
    outcome = talk.say(f"{ASKED}, bé {born}")
    assert f"hết ngày {last_day}" in text_of(outcome).split("\n\n")[0]


def test_what_is_told_afterwards_counts_too(talk: Talk) -> None:
    talk.say(f"{ASKED}, bé 5 tuổi")
    assert "30/9/2027" in text_of(talk.say("bé sinh tháng 4/2021")).split("\n\n")[0]


@pytest.mark.parametrize("born", ["sinh ngày 30/9/2022", "sinh tháng 9/2022", "sinh năm 2022", "4 tuổi"])
def test_where_the_day_decides_or_the_month_is_open_the_rule_stands_alone(talk: Talk, born: str) -> None:
    outcome = talk.say(f"{ASKED}, bé {born}")
    assert outcome.entry == "tre-duoi-6-the-den-khi-nao"
    assert text_of(outcome).startswith("Tùy ngày sinh của bé:")


def test_other_answers_stay_as_they_are(talk: Talk) -> None:
    assert "30/9/2027" not in text_of(talk.say("bé sinh tháng 4/2021 làm thẻ bhyt ở đâu"))


def test_in_english_too(talk: Talk) -> None:
    talk.say("Until when is my small child's card valid?")
    outcome = talk.say("until when is the card valid, born in 4/2021")
    assert "30/9/2027" in text_of(outcome)
