"""Guided dialogues: from start to result, left and resumed, corrected by an older button."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from handlers.dialogues import GUIDES
from handlers.dialogues.premium import MONTHS_BY_LEVEL, USUAL_MONTHS
from handlers.effects import OpenCase
from handlers.turn import Decision
from knowledge.base import KnowledgeBase
from knowledge.dates import SchoolYear
from knowledge.facts import Unit
from knowledge.rendering import format_value
from tests.handlers.talking import Talk, buttons_to, text_of
from tests.knowledge.real import TODAY

PAYING = ("grade1", "pupil", "grade12", "student", "final-year")
PAID = {  # đồng a month, fact sheet table 1.11
    "2022": 46_935,
    "2023": 56_700,
    "2024": 73_710,
    "2025": 52_650,
    "2026": 56_925,
}
CASES = [
    (level, months, year) for level, year in product(PAYING, PAID) for months in MONTHS_BY_LEVEL.get(level, USUAL_MONTHS)
]


def dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def answer_premium(talk: Talk, level: str, months: str, year: str, group: str = "none", province: str = "other") -> str:
    talk.press("guide:premium")
    for question, value in (("level", level), ("group", group), ("months", months), ("year", year)):
        outcome = talk.press(f"g:premium:{question}:{value}")
        assert outcome.decision is Decision.CLARIFY
    outcome = talk.press("g:premium:province:other") if province == "other" else talk.say(province)
    assert outcome.decision is Decision.ANSWER
    assert talk.memory.dialogue is None
    return text_of(outcome)


@pytest.mark.parametrize(("level", "months", "year"), CASES)
def test_the_calculator_gives_the_amount_of_the_facts(level: str, months: str, year: str) -> None:
    text = answer_premium(Talk(), level, months, year)
    assert f"Phần tự đóng: {dong(PAID[year] * int(months))}." in text
    assert f"{year}-{int(year) + 1}" in text
    assert ("30%" in text) is (int(year) < 2025)
    assert ("50%" in text) is (int(year) >= 2025)
    assert "Nguồn: " in text


def test_the_calculator_cites_the_documents_of_the_year(talk: Talk) -> None:
    answer_premium(talk, "pupil", "12", "2024")
    assert talk.last is not None
    assert any("73/2024" in source for source in talk.last.sources)
    assert not any("188/2025" in source for source in talk.last.sources)


def test_the_calculator_takes_the_share_of_near_poor_households(talk: Talk, base: KnowledgeBase) -> None:
    amount = format_value(base.facts.number("near_poor_month", TODAY) * 12, Unit.DONG)
    assert f"Phần tự đóng: {amount}." in answer_premium(talk, "pupil", "12", "2026", group="near-poor")


@pytest.mark.parametrize("province", ["TP.HCM", "tphcm", "sài gòn", "Bình Dương", "binh duong"])
def test_the_calculator_counts_the_support_of_the_city_for_pupils(talk: Talk, province: str) -> None:
    text = answer_premium(talk, "pupil", "12", "2026", province=province)
    assert "hỗ trợ thêm 50%" in text
    assert "còn đóng khoảng 0 đồng" in text


@pytest.mark.parametrize("province", ["TP.HCM", "Cà Mau", "ca mau", "hue", "dak lak", "long an", "Hà Nội"])
def test_a_province_typed_alone_answers_the_question(talk: Talk, province: str) -> None:
    text = answer_premium(talk, "student", "12", "2026", province=province)
    assert "Phần tự đóng: 683.100 đồng." in text
    assert talk.memory.dialogue is None


@pytest.mark.parametrize(("group", "level"), list(product(["poor", "minority", "allowance"], PAYING)))
def test_who_is_paid_for_by_the_budget_pays_nothing(talk: Talk, group: str, level: str) -> None:
    talk.press("guide:premium")
    talk.press(f"g:premium:level:{level}")
    outcome = talk.press(f"g:premium:group:{group}")
    assert outcome.decision in {Decision.ANSWER, Decision.HANDOFF}
    assert "không phải đóng" in text_of(outcome)


def test_the_calculator_can_be_talked_to(talk: Talk) -> None:
    for text in ("tính tiền giúp em", "con lop 3", "khong", "12 thang", "nam nay"):
        assert talk.say(text).decision is Decision.CLARIFY, text
    assert "683.100" in text_of(talk.say("bỏ qua"))


@pytest.mark.parametrize("text", ["tính tiền đóng cho con lớp 3", "con em lớp 3, tính giúp em tiền đóng"])
def test_what_the_first_message_says_is_not_asked_again(talk: Talk, text: str) -> None:
    talk.say(text)
    assert talk.memory.dialogue is not None
    assert talk.memory.dialogue.answers.get("level") == "pupil"
    assert talk.memory.dialogue.asking == "group"


def test_what_is_remembered_is_not_asked(talk: Talk) -> None:
    talk.say("con tôi học lớp 12")
    talk.press("guide:premium")
    assert talk.memory.dialogue is not None
    assert talk.memory.dialogue.answers == {"level": "grade12"}


@pytest.mark.parametrize(
    ("name", "values", "entry"),
    [
        ("which_app", ["age:under6", "idcard:no"], "vssid-dang-ky-cho-con"),
        ("which_app", ["age:6to13", "idcard:yes"], "vneid-cho-con-theo-tuoi"),
        ("which_app", ["age:14up", "idcard:yes"], "vneid-tich-hop-the"),
        ("which_app", ["age:14up", "idcard:no"], "vneid-lam-muc-2"),
        ("card_dates", ["level:under6", "born:before"], "tre-duoi-6-the-den-khi-nao"),
        ("card_dates", ["level:grade1", "born:after"], "lop-1-the-tu-khi-nao"),
        ("card_dates", ["level:pupil"], "the-co-gia-tri-den-khi-nao"),
        ("card_dates", ["level:grade12"], "lop-12-the-den-khi-nao"),
        ("card_dates", ["level:year1"], "nam-nhat-the-tu-khi-nao"),
        ("card_dates", ["level:final-year"], "nam-cuoi-the-den-khi-nao"),
        ("which_group", ["level:under6"], "tre-duoi-6-the-mien-phi"),
        ("which_group", ["level:pupil", "family:none"], "thuoc-nhom-nao"),
        ("which_group", ["level:pupil", "family:near-poor"], "ho-can-ngheo"),
        ("which_group", ["level:pupil", "family:soldier"], "con-quan-nhan-duoi-18"),
        ("which_group", ["level:student", "family:soldier"], "con-quan-nhan-vao-dai-hoc"),
        ("which_group", ["level:student", "family:none", "working:yes"], "sinh-vien-co-hop-dong-lao-dong"),
    ],
)
def test_a_dialogue_ends_with_its_answer(talk: Talk, name: str, values: list[str], entry: str) -> None:
    talk.press(f"guide:{name}")
    for value in values:
        assert talk.memory.dialogue is not None
        talk.press(f"g:{name}:{value}")
    assert talk.last is not None
    assert (talk.last.entry, talk.memory.dialogue) == (entry, None)


@pytest.mark.parametrize("name", GUIDES)
def test_every_choice_of_every_question_can_be_pressed(name: str) -> None:
    """Walks the whole tree of buttons: each path ends with an answer, never with an error or an old button."""
    open_paths, ends = [[f"guide:{name}"]], 0
    while open_paths:
        path = open_paths.pop()
        talk = Talk()
        for action in path:
            outcome = talk.press(action)
        if talk.memory.dialogue is None:
            assert outcome.decision in {Decision.ANSWER, Decision.HANDOFF}, path
            ends += 1
            continue
        question = f"g:{name}:{talk.memory.dialogue.asking}:"
        actions = [button.action for button in buttons_to(outcome, question)]
        assert actions, path
        open_paths += [[*path, action] for action in (actions if len(path) < 4 else actions[:1])]
    assert ends > 5


def test_a_dialogue_left_for_a_question_can_be_resumed(talk: Talk) -> None:
    talk.press("guide:premium")
    talk.press("g:premium:level:pupil")
    between = talk.say("đi khám bảo hiểm y tế cần mang giấy tờ gì?")
    assert between.decision is Decision.ANSWER
    assert talk.memory.dialogue is not None
    assert buttons_to(between, "resume")
    resumed = talk.press("resume")
    assert buttons_to(resumed, "g:premium:group:")
    assert talk.memory.dialogue.answers == {"level": "pupil"}


@pytest.mark.parametrize("word", ["tiếp tục", "tiep tuc", "tính tiếp"])
def test_a_dialogue_is_resumed_by_a_word(talk: Talk, word: str) -> None:
    talk.press("guide:premium")
    talk.press("g:premium:level:pupil")
    talk.say("đi khám bảo hiểm y tế cần mang giấy tờ gì?")
    assert buttons_to(talk.say(word), "g:premium:group:")


@pytest.mark.parametrize("word", ["thoát", "thoat", "thôi không tính nữa", "dừng lại"])
def test_a_dialogue_is_left_by_a_word(talk: Talk, word: str) -> None:
    talk.press("guide:premium")
    outcome = talk.say(word)
    assert talk.memory.dialogue is None
    assert not any(isinstance(effect, OpenCase) for effect in outcome.effects)


def test_an_older_button_corrects_the_answer(talk: Talk) -> None:
    talk.press("guide:premium")
    for action in ("level:pupil", "group:none", "months:12"):
        talk.press(f"g:premium:{action}")
    talk.press("g:premium:months:6")
    assert talk.memory.dialogue is not None
    assert talk.memory.dialogue.answers == {"level": "pupil", "group": "none", "months": "6"}
    assert talk.press("g:premium:level:under6").entry == "tre-duoi-6-the-mien-phi"


def test_an_older_button_of_a_choice_that_no_longer_exists_is_answered_kindly(talk: Talk) -> None:
    talk.press("guide:premium")
    talk.press("g:premium:level:pupil")
    for action in ("g:premium:months:15", "g:premium:colour:red", "g:lottery:level:pupil", "g:premium", "g:premium:level:"):
        assert "Nút này đã cũ" in text_of(talk.press(action))


def test_the_school_year_of_the_day_is_always_offered() -> None:
    for today in (TODAY, date(2027, 9, 5)):
        talk = Talk(today=today)
        for action in ("guide:premium", "g:premium:level:pupil", "g:premium:group:none", "g:premium:months:12"):
            outcome = talk.press(action)
        assert buttons_to(outcome, f"g:premium:year:{SchoolYear.of(today).start}")
