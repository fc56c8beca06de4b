"""What holds for citizens only is not told to who speaks of a person of another nationality."""

from __future__ import annotations

import pytest

from handlers.nationality import FOREIGNERS
from handlers.turn import Decision
from tests.handlers.talking import Talk


@pytest.mark.parametrize(
    "texts",
    [
        ["my visa is student, im from laos, do i need to buy bhyt"],
        ["I am an exchange student from Japan", "how much do I pay for bhyt"],
        ["em là sinh viên Lào, đóng bhyt bao nhiêu"],
        ["She is a Korean citizen, how much do we pay for bhyt at school"],
        ["con tôi quốc tịch Mỹ, có bắt buộc mua bhyt không"],
        ["con tôi có hai quốc tịch Việt Nam và Mỹ, đóng bhyt bao nhiêu"],
    ],
)
def test_a_person_decides_for_foreigners(talk: Talk, texts: list[str]) -> None:
    for text in texts:
        outcome = talk.say(text)
    assert (outcome.decision, outcome.entry) == (Decision.HANDOFF, FOREIGNERS)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("nhà trường có người lao động, học sinh đóng bhyt bao nhiêu", "muc-dong-hien-nay"),
        ("my daughter is vietnamese, how much does a pupil pay for bhyt", "muc-dong-hien-nay"),
    ],
)
def test_others_hear_the_rule(talk: Talk, text: str, entry: str) -> None:
    assert talk.say(text).entry == entry


@pytest.mark.parametrize(
    "told", ["my son is 7, just moved to Vietnam, he is Vietnamese", "con tôi là người Việt, mới ở nước ngoài về"]
)
def test_of_a_citizen_no_rule_for_foreigners_is_told(talk: Talk, told: str) -> None:
    assert talk.say(told).entry != FOREIGNERS
    outcome = talk.say("how much do we pay for bhyt" if "son" in told else "đóng bhyt bao nhiêu")
    assert outcome.entry == "muc-dong-hien-nay"
