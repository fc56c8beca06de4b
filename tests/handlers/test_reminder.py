"""An answer on card dates offers a reminder; taking it is a consent to reminders, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.effects import ScheduleReminder, Subscribe, Topic
from handlers.turn import Outcome
from tests.handlers.talking import Talk, text_of

OFFER = "Nhắc tôi trước khi thẻ hết hạn"


def asked_for(outcome: Outcome) -> list[date]:
    return [effect.due for effect in outcome.effects if isinstance(effect, ScheduleReminder)]


@pytest.mark.parametrize("level", ["pupil", "student", "year1"])
def test_the_end_that_the_dialogue_knows_is_taken(talk: Talk, level: str) -> None:
    talk.press("guide:card_dates")
    talk.press(f"g:card_dates:level:{level}")
    outcome = talk.press_label(OFFER)
    assert asked_for(outcome) == [date(2026, 12, 31)]
    assert Subscribe(OFFER, Topic.REMINDERS) in outcome.effects
    assert "31/12/2026" in text_of(outcome)
    assert "Tôi đồng ý" in text_of(outcome)


def test_an_answer_on_card_dates_alone_schedules_nothing(talk: Talk) -> None:
    talk.press("guide:card_dates")
    assert asked_for(talk.press("g:card_dates:level:pupil")) == []


def test_the_first_number_picks_the_offer(talk: Talk) -> None:
    talk.press("guide:card_dates")
    talk.press("g:card_dates:level:pupil")
    assert asked_for(talk.say("1")) == [date(2026, 12, 31)]


@pytest.mark.parametrize("level", ["grade12", "final-year"])
def test_an_end_that_nobody_knows_is_asked_for(talk: Talk, level: str) -> None:
    talk.press("guide:card_dates")
    talk.press(f"g:card_dates:level:{level}")
    asked = talk.press_label(OFFER)
    assert [button.label for button in asked.buttons][:2] == ["31/12/2026", "30/9/2027"]
    assert asked_for(talk.press_label("30/9/2027")) == [date(2027, 9, 30)]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("31/12", date(2026, 12, 31)),
        ("ngày 31 tháng 12", date(2026, 12, 31)),
        ("30/9", date(2027, 9, 30)),
        ("15-07-2027", date(2027, 7, 15)),
        ("hết hạn 1/3/2027", date(2027, 3, 1)),
        ("21/11/2026", None),
        ("30/2/2027", None),
        ("31/12/2036", None),
    ],
)
def test_a_day_that_somebody_types(talk: Talk, text: str, end: date | None) -> None:
    talk.press("guide:reminder")
    assert asked_for(talk.say(text)) == ([end] if end else [])


def test_a_button_for_a_day_that_is_over_does_nothing(talk: Talk) -> None:
    talk.today = date(2027, 2, 1)
    assert asked_for(talk.press("g:reminder:end:2026-12-31")) == []


def test_a_second_card_can_follow(talk: Talk) -> None:
    talk.press("guide:reminder")
    talk.press("g:reminder:end:2026-12-31")
    talk.press_label("Nhắc thêm thẻ khác")
    assert asked_for(talk.press("g:reminder:end:2027-09-30")) == [date(2027, 9, 30)]
