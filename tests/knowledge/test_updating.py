"""An index that took in a few changes finds what a new one finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from handlers.conversation import Conversation
from handlers.memory import Memory
from handlers.turn import Turn
from knowledge.search.engine import Search, build_search
from knowledge.search.index import Corpus, PhrasingIndex
from knowledge.search.updating import updated
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from tests.knowledge.tiny import Tiny

LOST, PAY = "faq/the/mat-the.md", "faq/tien/tien-dong.md"
QUESTIONS = ["mất thẻ", "mat the roi lam sao", "đóng mấy tiền", "học phí zzyzx", "chữ nhòe", "xyz", ""]


def changed(base: KnowledgeBase, file: str, old: str, new: str) -> KnowledgeBase:
    text = base.text(file)
    assert old in text
    return base.having({file: text.replace(old, new)})


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (LOST, '"mất thẻ"', '"mất thẻ", "thẻ nhòe chữ zzyzx"'),
        (LOST, '"thất lạc thẻ", ', ""),
        (PAY, '"đóng mấy tiền"', '"học phí zzyzx"'),
        (PAY, "Lớp 1 đóng", "Học phí của lớp 1 là"),
        (PAY, '"Đóng bao nhiêu?"', '"Học phí bao nhiêu?"'),
    ],
)
def test_it_finds_what_a_new_index_finds(tiny: Tiny, file: str, old: str, new: str) -> None:
    base = tiny.load()
    corpus = Corpus.of(changed(base, file, old, new))
    first = PhrasingIndex.build(Corpus.of(base))
    quick, anew = updated(first, corpus), PhrasingIndex.build(corpus)
    assert quick.usage == anew.usage
    assert quick.starts.tolist() == anew.starts.tolist()
    for question in QUESTIONS:
        spelled = anew.read(question)
        assert quick.read(question) == spelled
        assert np.argmax(quick.mixed(spelled)) == np.argmax(anew.mixed(spelled))


def test_a_new_answer_comes_last_and_is_found(tiny: Tiny) -> None:
    base = tiny.load()
    text = base.text(LOST).replace('"mat-the"', '"rach-the"').replace("thẻ", "thẻ rách").replace("rơi", "xé")
    search = build_search(base, "off")
    more = search.updated(base.having({"faq/the/rach-the.md": text}))
    assert more.index.corpus.entries == (*base.entries, "rach-the")
    assert more.find("thẻ rách bị xé")[0].entry_id == "rach-the"
    assert search.index.corpus.entries == tuple(base.entries)


def test_the_same_changes_give_the_same_index(tiny: Tiny) -> None:
    base = tiny.load()
    first, corpus = PhrasingIndex.build(Corpus.of(base)), Corpus.of(changed(base, LOST, "xin", "tự xin"))
    one, two = updated(first, corpus), updated(first, corpus)
    for part in ("starts", "rows", "weights"):
        np.testing.assert_array_equal(getattr(one.phrasings, part), getattr(two.phrasings, part))
        np.testing.assert_array_equal(getattr(one.bodies, part), getattr(two.bodies, part))


def test_one_more_phrasing_of_the_real_answers(base: KnowledgeBase, search: Search) -> None:
    asked = "cún nhai nát tấm bảo hiểm của em"
    more = search.updated(changed(base, "faq/the-bhyt/mat-the.md", "phrasings = [", f'phrasings = [\n  "{asked}",'))
    assert more.find(asked)[0].probability > max(0.9, search.find(asked)[0].probability)
    assert more.find(asked)[0].entry_id == "mat-the"
    for question in (
        "hoc sinh dong bao nhieu",
        "sinh viên năm cuối hết hạn thẻ khi nào",
        "khám trái tuyến được mấy phần trăm",
    ):
        was, now = search.find(question), more.find(question)
        assert [found.entry_id for found in now][:1] == [found.entry_id for found in was][:1]
        assert now[0].probability == pytest.approx(was[0].probability, abs=0.01)


@pytest.mark.parametrize(
    ("file", "asked"),
    [
        ("noi-kham/doi-noi-kham-ban-dau", "sang tên bằng cách nào"),
        ("dong-tien/dong-o-dau", "quét mã nào để trả"),
    ],
)
def test_a_phrasing_that_staff_adds_wins_over_all_that_was_learned(
    base: KnowledgeBase, search: Search, file: str, asked: str
) -> None:
    more = search.updated(changed(base, f"faq/{file}.md", "phrasings = [", f'phrasings = [\n  "{asked}",'))
    entry_id = file.split("/")[1]
    assert search.find(asked)[0].entry_id != entry_id
    assert more.find(asked)[0].entry_id == entry_id
    assert more.find(asked)[0].probability > 0.8


def test_a_second_change_leaves_what_the_first_one_brought(base: KnowledgeBase, search: Search) -> None:
    """A change that goes live is laid over answers that are themselves newer than the networks."""
    first, second = "sang tên bằng cách nào", "quét mã nào để trả"
    once = changed(base, "faq/noi-kham/doi-noi-kham-ban-dau.md", "phrasings = [", f'phrasings = [\n  "{first}",')
    twice = changed(once, "faq/dong-tien/dong-o-dau.md", "phrasings = [", f'phrasings = [\n  "{second}",')
    stepwise, at_once = search.updated(once).updated(twice), search.updated(twice)
    for asked, entry_id in ((first, "doi-noi-kham-ban-dau"), (second, "dong-o-dau")):
        found = stepwise.find(asked)[0]
        assert found.entry_id == entry_id
        assert found.probability == pytest.approx(at_once.find(asked)[0].probability, abs=0.02)


@pytest.mark.parametrize("bare", ["bảo hiểm y tế thẻ", "zzyzx", "…"])
def test_a_phrasing_that_says_nothing_leaves_the_others_as_they_are(
    base: KnowledgeBase, search: Search, bare: str
) -> None:
    more = search.updated(changed(base, "faq/the-bhyt/mat-the.md", "phrasings = [", f'phrasings = [\n  "{bare}",'))
    for question in ("hoc sinh dong bao nhieu", "thẻ bhyt có giá trị đến khi nào"):
        was, now = search.find(question), more.find(question)
        assert now[0].entry_id == was[0].entry_id
        assert now[0].probability == pytest.approx(was[0].probability, abs=0.02)


DIALOGUES = Path(__file__).parents[1] / "evaluation" / "dialogues.jsonl"


def test_an_answer_that_no_network_learned_is_found_and_draws_no_talk_to_itself(
    base: KnowledgeBase, search: Search
) -> None:
    """An office that adds an answer learns the search anew much later, or never."""
    phrasings = [
        "gửi xe ở bệnh viện có mất tiền không",
        "tiền gửi xe máy khi đi khám",
        "bãi gửi xe bệnh viện thu mấy nghìn",
    ]
    lost = base.text("faq/the-bhyt/mat-the.md")
    head, _, rest = lost.partition("phrasings = [")
    text = f"{head}phrasings = {json.dumps(phrasings, ensure_ascii=False)}{rest[rest.index(']') + 1 :]}"
    text = text.replace('id = "mat-the"', 'id = "gui-xe"').replace('title = "', 'title = "Gửi xe: ')
    more = base.having({"faq/the-bhyt/gui-xe.md": text})
    extended = search.updated(more)
    for asked in ("đi khám gửi xe máy mất mấy nghìn", "tien gui xe o benh vien"):
        assert extended.find(asked)[0].entry_id == "gui-xe"
    assert told(Conversation(more, extended)) == told(Conversation(base, search))


def told(conversation: Conversation) -> list[str | None]:
    """The answers to each message of the evaluation's own dialogues."""
    entries = []
    for line in DIALOGUES.read_text("utf-8").splitlines():
        memory = Memory()
        for turn in json.loads(line)["turns"]:
            outcome = conversation.respond(Turn(memory, TODAY, turn["user"], case_number="HS-1"))
            memory = outcome.memory
            entries.append(outcome.entry)
    return entries
