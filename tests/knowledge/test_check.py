"""`knowledge check`: the real knowledge base passes, and one broken thing is named with file, line and mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.check import check, phrasing_key
from knowledge.errors import KnowledgeError
from knowledge.messages import load_messages
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from tests.knowledge.tiny import Tiny

PAY, LOST = "faq/tien/tien-dong.md", "faq/the/mat-the.md"


def test_the_knowledge_base_has_no_problem(base: KnowledgeBase) -> None:
    assert [str(problem) for problem in check(base, TODAY)] == []


def test_the_tiny_knowledge_base_has_no_problem(tiny: Tiny) -> None:
    assert tiny.problems() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "needle", "what"),
    [
        (PAY, "một tháng,", "một tháng, cả năm 683.100 đồng,", "683.100", "683.100"),
        (PAY, "một tháng,", "một tháng, hỗ trợ 50%,", "50%", "50%"),
        (PAY, "Lớp 1 đóng", "Trẻ 6 tuổi đóng", "6 tuổi", "6"),
        (PAY, "review_by = 2027-01-01", "review_by = 2026-11-20", "review_by", "review was due"),
        (PAY, "review_by", "to = 2026-11-20\nreview_by", "to = ", "no longer holds"),
        (PAY, '["nd-188: khoản 4 Điều 6"]', '["nd-999"]', "nd-999", "unknown source nd-999"),
        (PAY, 'sources = ["nd-188: khoản 4 Điều 6"]\n', "", "topic", "no source"),
        (PAY, '["mat-the"]', '["mat-the-roi"]', "mat-the-roi", "follow-up mat-the-roi does not exist"),
        (PAY, '["mat-the"]', '["tien-dong"]', "next", "offers itself"),
        (PAY, '"thu mấy"', '"Mất thẻ?"', "Mất thẻ?", "also leads to"),
        (PAY, ', "thu mấy"', "", "phrasings", "7 phrasings"),
        (PAY, "review_by", 'only_with = ["dong"]\nreview_by', '"thu mấy"', "has no word of only_with"),
        (PAY, 'topic = "tien"', 'topic = "muc-dong"', "id", "file is tien/tien-dong.md"),
        (PAY, 'id = "tien-dong"', 'id = "tien-phai-dong"', "id", "file is tien/tien-dong.md"),
        (PAY, "{rate}", "{rates}", "{rates}", "rates"),
        (PAY, "{rate}", "{Rate}", "{Rate}", "a brace that names no fact"),
        (PAY, "{rate}", "{rate", "{rate", "a brace that names no fact"),
        (PAY, "{rate}", "{rate.tomorrow}", "{rate.tomorrow}", "tomorrow"),
        (PAY, "{rate}", "{rate@2026-02-30}", "{rate@", "2026-02-30"),
        (PAY, "{rate}", "{rumour}", "{rumour}", "rumour is too uncertain"),
        (PAY, "Lớp 1 đóng", "Có. Lớp 1 đóng", "Lớp 1 đóng", "begins with “Có.”"),
        (PAY, '"Đóng bao nhiêu?"', f'"{"Đóng bao nhiêu? " * 4}"', "title", "title has"),
        (LOST, 'reason = "personal-record"\n', "", "kind", "handoff needs one"),
        (LOST, 'kind = "handoff"', 'kind = "answer"', "kind", "handoff needs one"),
        ("facts.toml", 'source = "nd-161"', 'source = "nd-1"', "[salary]", "unknown source nd-1"),
        ("facts.toml", "to = 2026-06-30", "to = 2026-07-31", "[salary]", "two values hold on the same day"),
        ("stages.toml", 'student = "tien-dong"', 'student = "khong-co"', 'student = "khong-co"', "no entry khong-co"),
    ],
)  # fmt: skip
def test_one_broken_thing_is_named_with_file_line_and_mend(
    tiny: Tiny, file: str, old: str, new: str, needle: str, what: str
) -> None:
    problems = tiny.swap(file, old, new).problems()
    about = [problem for problem in problems if what in problem.what]
    assert about, [str(problem) for problem in problems]
    if about[0].file != file:  # a phrasing of two entries may be told at either
        assert "leads to tien-dong" in about[0].what
        file = about[0].file
        needle = "mất thẻ"
    assert (about[0].file, about[0].line) == (file, tiny.line(file, needle))
    assert about[0].mend


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        (PAY, "+++\nid", "id", "the head between two lines +++ is missing"),
        (PAY, 'topic = "tien"', "topic = tien", "not valid TOML"),
        (PAY, 'title = "Đóng bao nhiêu?"\n', "", "lacks title"),
        (PAY, "review_by", 'author = "?"\nreview_by', "unknown field author"),
        (PAY, 'kind = "answer"', 'kind = "faq"', "faq"),
        (PAY, "reviewed = 2026-11-21", 'reviewed = "2026-11-21"', "reviewed"),
        (PAY, "review_by = 2027-01-01", 'review_by = "2027-01-01"', "review_by"),
        (PAY, 'sources = ["nd-188: khoản 4 Điều 6"]', 'sources = "nd-188"', "sources"),
        (PAY, 'next = ["mat-the"]', 'next = "mat-the"', "next"),
        (LOST, 'id = "mat-the"', 'id = "tien-dong"', "id tien-dong stands in"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named(tiny: Tiny, file: str, old: str, new: str, what: str) -> None:
    tiny.swap(file, old, new)
    with pytest.raises(KnowledgeError, match=what.replace("+", r"\+")) as caught:
        tiny.load()
    assert {problem.file for problem in caught.value.problems} <= {PAY, LOST}


def test_all_entries_that_cannot_be_read_are_named_at_once(tiny: Tiny) -> None:
    for file in (PAY, LOST):
        tiny.swap(file, "kind", "sort")
    with pytest.raises(KnowledgeError) as caught:
        tiny.load()
    assert [problem.file for problem in caught.value.problems] == [LOST, PAY]


def test_a_document_that_cannot_be_read_is_named_with_its_line(tiny: Tiny) -> None:
    tiny.swap("sources.toml", 'status = "ended"', 'author = "?"')
    with pytest.raises(KnowledgeError) as caught:
        tiny.load()
    line = tiny.line("sources.toml", "[nd-73]")
    assert [(problem.file, problem.line, problem.what) for problem in caught.value.problems] == [
        ("sources.toml", line, "unknown field author"),
        ("sources.toml", line, "nd-73 lacks status"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Học sinh lớp 1 và lớp 12.",
        "1. Mở ứng dụng.",
        "Định danh mức 2.",
        "Theo khoản 4 Điều 6 Nghị định 188/2025/NĐ-CP, Quyết định 861/QĐ-TTg.",
        "Nộp Mẫu số 2 hoặc tờ khai TK1-TS.",
        "Một tháng {month@2025-09-05}.",
    ],
)
def test_numbers_that_name_something_may_be_typed(tiny: Tiny, text: str) -> None:
    assert tiny.swap(LOST, "Bạn xin cấp lại thẻ.", text).problems() == []


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Mất thẻ?", "mất thẻ", True),
        ("mất  thẻ !!", "Mất-thẻ", True),
        ("mất thẻ", "mat the", False),
        ("lớp 1", "lớp 12", False),
    ],
)
def test_phrasings_are_the_same_question_whatever_the_capitals_and_signs(first: str, second: str, same: bool) -> None:
    assert (phrasing_key(first) == phrasing_key(second)) is same


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('khong-co = [\n  "Con tôi mất thẻ ở bến xe",\n]', "messages/the.toml:1", "there is no answer khong-co"),
        ('mat-the = [\n  "x",\n  "Thu mấy?",\n]', "messages/the.toml:3", "also leads to tien-dong"),
        ('mat-the = ["Mất rồi"]\ntien-dong = ["mất rồi!"]', "messages/the.toml:2", "also leads to mat-the"),
        ("mat-the = 1", "messages/the.toml:1", "`mat-the` must be a list of texts"),
        ("mat-the = [", "messages/the.toml:1", "is not valid TOML"),
    ],
)
def test_a_message_belongs_to_one_answer_that_is_there(tiny: Tiny, text: str, where: str, what: str) -> None:
    (tiny.root / "messages").mkdir()
    (tiny.root / "messages/the.toml").write_text(text, encoding="utf-8")
    (problem,) = tiny.problems()
    assert str(problem).startswith(where)
    assert what in problem.what


def test_messages_of_an_answer_may_stand_in_several_files(tiny: Tiny) -> None:
    (tiny.root / "messages").mkdir()
    for name, text in (("a", "Con tôi mất thẻ ở bến xe"), ("b", "Rơi ví, trong đó có thẻ của con")):
        (tiny.root / f"messages/{name}.toml").write_text(f'mat-the = ["{text}"]', encoding="utf-8")
    assert tiny.problems() == []
    assert load_messages(tiny.root) == {"mat-the": ("Con tôi mất thẻ ở bến xe", "Rơi ví, trong đó có thẻ của con")}
