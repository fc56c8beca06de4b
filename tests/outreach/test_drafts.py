"""The drafts that come with the program can be sent as they are, and hold no figure of their own."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.outreach.checking import check
from bot.outreach.drafts import FILE, draft, drafts
from bot.outreach.errors import CampaignError
from bot.outreach.manuscript import Manuscript
from bot.outreach.texts import render
from handlers.effects import Topic

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase

DAY = date(2026, 11, 22)
SEASONS = {"mua-2023-2024": "2023-2024", "mua-2024-2025": "2024-2025"}


def manuscript(name: str, base: KnowledgeBase, day: date = DAY, slogan: str = "") -> Manuscript:
    values = draft(name).values(base, day, slogan)
    return Manuscript.of({**values, "code": "kg26", "segment": "province = ha-noi"})


@pytest.mark.parametrize("name", drafts())
def test_a_draft_can_be_sent_as_it_is(name: str, base: KnowledgeBase) -> None:
    written = manuscript(name, base)
    assert not [finding for finding in check(base, written.content(), DAY, DAY) if finding.blocks]
    for key in written.texts:
        text = render(base, written.content(), key, {}, DAY).plain
        assert "DỪNG" in text or "STOP" in text
        assert not re.search(r"[{}]", text)


@pytest.mark.parametrize("name", drafts())
def test_no_figure_is_typed_into_a_draft(name: str) -> None:
    for variant in draft(name).texts.values():
        assert not re.search(r"\d", re.sub(r"\{[^{}]*\}", "", variant.text))


@pytest.mark.parametrize(("name", "season"), SEASONS.items())
def test_the_official_seasons_have_all_their_slogans_verbatim(name: str, season: str, base: KnowledgeBase) -> None:
    official = [slogan for slogan in base.slogans.slogans if slogan.school_year == season]
    assert draft(name).slogans == tuple(slogan.id for slogan in official)
    for slogan in official:
        text = manuscript(name, base, slogan=slogan.id).texts["vi"].text
        assert slogan.text in text
        assert base.sources[slogan.letter].number in text


@pytest.mark.parametrize(("name", "season"), SEASONS.items())
def test_an_old_season_says_so_and_names_no_amount(name: str, season: str, base: KnowledgeBase) -> None:
    written = manuscript(name, base)
    assert written.season == season
    text = render(base, written.content(), "vi", {}, DAY).plain
    assert season in text
    assert not re.search(r"\d[\d.]*\s*(?:đồng|%)", text)


def test_this_years_draft_has_the_figures_of_the_day(base: KnowledgeBase) -> None:
    written = manuscript("mua-nay", base)
    text = render(base, written.content(), "vi", {}, DAY).plain
    assert "Năm học 2026-2027" in text
    assert f"{base.facts.dong('student_month', DAY):,}".replace(",", ".") in text
    assert "Năm học 2025-2026" in manuscript("mua-nay", base, date(2026, 6, 1)).texts["vi"].text


def test_what_is_sent_again_and_again_says_when(base: KnowledgeBase) -> None:
    repeats = {name: manuscript(name, base).terms.repeats for name in drafts()}
    assert {name: when for name, when in repeats.items() if when} == {
        "nhac-han-the": "card_end", "nhac-han-nop": "deadline", "do-vui": "quiz_round"
    }  # fmt: skip
    assert manuscript("do-vui", base).topic is Topic.QUIZ


def test_every_slogan_named_in_the_file_exists(base: KnowledgeBase) -> None:
    known = {slogan.id for slogan in base.slogans.slogans}
    assert {slogan for each in drafts().values() for slogan in each.slogans} <= known
    assert FILE.read_text(encoding="utf-8").count("{khau_hieu}") >= 4


def test_unknown_names_are_told_with_those_there_are(base: KnowledgeBase) -> None:
    with pytest.raises(CampaignError, match="mua-nay"):
        draft("mua-moi")
    with pytest.raises(CampaignError, match="2023-1, 2023-2"):
        draft("mua-2023-2024").values(base, DAY, "2024-1")
