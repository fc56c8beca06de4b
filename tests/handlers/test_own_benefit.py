"""An answer on the benefit level leads with what the family gets."""

from __future__ import annotations

import pytest

from knowledge.base import KnowledgeBase
from knowledge.facts import Unit
from knowledge.rendering import format_value
from tests.handlers.talking import Talk, text_of
from tests.knowledge.real import TODAY


@pytest.mark.parametrize(
    ("told", "fact"),
    [
        ("nhà tôi hộ nghèo, con học lớp 7", "benefit_full"),
        ("nhà tôi cận nghèo, con học lớp 7", "benefit_near_poor"),
    ],
)
def test_a_family_hears_its_own_level_first(talk: Talk, base: KnowledgeBase, told: str, fact: str) -> None:
    talk.say(told)
    outcome = talk.press("entry:muc-huong-hssv")
    share = format_value(base.facts.number(fact, TODAY), Unit.PERCENT)
    assert share in text_of(outcome).split(".")[0]
    assert base.sources[base.facts.sources(fact, TODAY)[0]].number in outcome.replies[0].sources


@pytest.mark.parametrize("told", ["con tôi học lớp 7", "nhà tôi thoát nghèo rồi, con học lớp 7"])
def test_others_hear_the_general_level(talk: Talk, base: KnowledgeBase, told: str) -> None:
    talk.say(told)
    assert talk.press("entry:muc-huong-hssv").replies[0].text == base.render("muc-huong-hssv", TODAY).text


def test_a_small_child_gets_all_whoever_its_family_is(talk: Talk, base: KnowledgeBase) -> None:
    talk.say("nhà tôi cận nghèo, bé 3 tuổi")
    general = base.render("duoi-6-tuoi-huong-100", TODAY).text
    assert talk.press("entry:duoi-6-tuoi-huong-100").replies[0].text == general
