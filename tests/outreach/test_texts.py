"""What one person reads on one day, and what is found wrong before anybody does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.campaign import Content
from bot.outreach.checking import check
from bot.outreach.fields import FIELDS, fitted
from bot.outreach.texts import render, wanted
from handlers.turn import Button
from knowledge.errors import FactError
from tests.knowledge.real import real_base

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase

DAY = date(2026, 11, 22)


def content(text: str = "Chào", season: str = "", **variants: Any) -> Content:
    return Content.model_validate({"variants": {"vi": {"text": text}, **variants}, "season": season})


def findings(base: KnowledgeBase, of: Content, first: date = DAY, last: date = DAY) -> list[str]:
    return [str(finding) for finding in check(base, of, first, last)]


def test_facts_are_those_of_the_day_with_their_period_and_source(base: KnowledgeBase) -> None:
    reply = render(base, content("Mỗi tháng {student_month}."), "vi", {}, DAY)
    value = base.facts.dong("student_month", DAY)
    assert reply.text == f"Mỗi tháng {value:,} đồng.".replace(",", ".")
    assert reply.note.startswith("Áp dụng từ 01/7/2026\nNguồn: ")
    earlier = render(base, content("Mỗi tháng {student_month}."), "vi", {}, date(2023, 9, 5))
    assert earlier.text != reply.text


def test_a_text_without_figures_has_no_note(base: KnowledgeBase) -> None:
    assert render(base, content("Gọi {hotline}."), "vi", {}, DAY).note == ""


def test_what_is_known_of_a_person_is_written_and_else_the_default(base: KnowledgeBase) -> None:
    of = content("Chào {ten|quý vị}, {truong|nhà trường} báo: {lien_ket}")
    known = {"ten": "chị Lan", "lien_ket": "https://t.me/x?start=c-kg26"}
    assert render(base, of, "vi", known, DAY).text == "Chào chị Lan, nhà trường báo: https://t.me/x?start=c-kg26"
    assert render(base, of, "vi", {}, DAY).text == "Chào quý vị, nhà trường báo:"
    assert wanted(of) == {"ten", "truong", "lien_ket"}


def test_buttons_and_language(base: KnowledgeBase) -> None:
    buttons = [{"label": "Pay", "action": "entry:dong-o-dau"}, {"label": "Site", "link": "https://a.vn/x"}]
    reply = render(base, content(en={"text": "{student_month}", "buttons": buttons}), "en", {}, DAY)
    assert reply.buttons == (Button("Pay", "entry:dong-o-dau"), Button("Site", link="https://a.vn/x"))
    assert reply.text.endswith("VND")
    assert reply.note.startswith("Valid since")


@given(value=st.text(max_size=200))
def test_a_value_stays_a_value(value: str) -> None:
    """Nothing that stands in an office's list can become markup, a fact or a second line."""
    text = render(real_base(), content("Chào {ten|quý vị}."), "vi", {"ten": value}, DAY).text
    shown = text.removeprefix("Chào ").removesuffix(".")
    assert len(shown) <= FIELDS["ten"].longest
    assert "\n" not in text
    assert "**" not in shown
    assert not set(shown) & set("{}")


def test_a_value_is_never_read_as_a_fact(base: KnowledgeBase) -> None:
    assert "{student_month}" not in render(base, content("{ten|a}"), "vi", {"ten": "{student_month}"}, DAY).text
    assert fitted("lop", "10A1") == "1…"


def test_a_fact_without_value_on_the_day_is_an_error(base: KnowledgeBase) -> None:
    with pytest.raises(FactError):
        render(base, content("{wait_days}"), "vi", {}, date(2023, 9, 5))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Chào {ten}", "lời thay thế"),
        ("Chào {tuoi}", "{tuoi}: không có trường"),
        ("Mức {student_month.xyz} {student-month}", "{student-month}: không có"),
        ("Một } lẻ", "lẻ"),
        ("Một {ten|{lop|7}}", "lẻ"),
        ("{student_month.xyz}", "xyz"),
        ("Chào " + "á" * 2001, "Zalo nhận tối đa 2000"),
    ],
)
def test_what_has_to_be_mended(base: KnowledgeBase, text: str, says: str) -> None:
    found = [finding for finding in check(base, content(text), DAY, DAY) if finding.blocks]
    assert any(says in str(finding) for finding in found), found


def test_the_longest_values_count(base: KnowledgeBase) -> None:
    room = 2000 - len("{}.".format("x" * FIELDS["ten"].longest))
    assert findings(base, content("a" * room + "{ten|b}.")) == []
    assert "2001" in findings(base, content("a" * (room + 1) + "{ten|b}."))[0]


def test_a_text_for_one_channel_has_its_limit_only(base: KnowledgeBase) -> None:
    long = content("a" * 3000, **{"vi-zalo": {"text": "ngắn"}})
    assert findings(base, long) == []
    assert "1024" in findings(base, content("ngắn", **{"vi-telegram": {"text": "a" * 1500, "image": "0" * 64}}))[0]


@pytest.mark.parametrize("action", ["entry:khong-co", "guide:nope", "xoa-het", "entry"])
def test_a_button_that_leads_nowhere(base: KnowledgeBase, action: str) -> None:
    found = findings(base, content(vi={"text": "a", "buttons": [{"label": "Bấm", "action": action}]}))
    assert found == [f"[vi] nút “Bấm”: không có thao tác “{action}”. " + found[0].split("”. ")[1]]


@pytest.mark.parametrize("typed", ["đóng 683.100 đồng", "hỗ trợ 50%", "giảm 30 phần trăm", "50 nghìn"])
def test_typed_figures_are_told_but_do_not_block(base: KnowledgeBase, typed: str) -> None:
    found = check(base, content(typed), DAY, DAY)
    assert [finding.blocks for finding in found] == [False]


def test_harmless_numbers_are_not_told(base: KnowledgeBase) -> None:
    assert findings(base, content("Từ lớp 1 đến lớp 12, năm học 2026-2027, trước 30/11/2026.")) == []


def test_figures_that_change_while_it_is_sent(base: KnowledgeBase) -> None:
    (found,) = check(base, content("{student_month}"), date(2026, 6, 30), date(2026, 7, 1))
    assert not found.blocks
    assert "30/06/2026" in found.what


def test_an_old_season_is_told(base: KnowledgeBase) -> None:
    (found,) = check(base, content("Chào", season="2023-2024"), DAY, DAY)
    assert "2023-2024" in found.what
    assert not found.blocks


@pytest.mark.parametrize("bad", [{"vi-fax": {"text": "a"}}, {"fr": {"text": "a"}}, {"en": {"text": ""}}])
def test_wordings_that_nobody_would_read(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        content("a", **bad)


def test_the_wording_for_somebody() -> None:
    of = content("a", **{"vi-zalo": {"text": "b"}, "en": {"text": "c"}})
    keys = [of.key_for(language, channel) for language in ("vi", "en") for channel in ("telegram", "zalo")]
    assert keys == ["vi", "vi-zalo", "en", "en"]
    assert content("a", **{"vi-zalo": {"text": "b"}}).key_for("en", "zalo") == "vi-zalo"
