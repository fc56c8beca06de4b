"""The wrong sentences of the fact sheet (table 0.2): no answer of today may say one of them.

Every pattern is first tried on a wrong sentence, which it must catch, and on the right one, which it must let pass.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from knowledge.dates import Period
from knowledge.entries import Kind, Role
from tests.knowledge.real import TODAY, real_base

TABLE = tomllib.loads(Path(__file__).with_name("traps.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Trap:
    """A claim that is wrong today, when nothing in the same sentence (`unless`) says that it was, or denies it."""

    number: int
    claim: str
    wrong: str
    right: str
    unless: str = "{past}"

    def caught(self, sentence: str) -> bool:
        excuse = f"{self.unless.replace('{past}', TABLE['past'])}|{TABLE['denied']}"
        found = re.search(self.claim, sentence, re.IGNORECASE)
        return found is not None and re.search(excuse, sentence, re.IGNORECASE) is None


TRAPS = [Trap(**row) for row in TABLE["trap"]]
NUMBERS = [trap.number for trap in TRAPS]


@cache
def told_today() -> tuple[tuple[str, str], ...]:
    """Every sentence of every answer and hand-off of today, in both languages and for every reader."""
    base = real_base()
    sentences: dict[tuple[str, str], None] = {}
    for entry in base.entries.values():
        if entry.kind in {Kind.ANSWER, Kind.HANDOFF}:
            for language in ("vi", "en"):
                for role in (None, *Role):
                    text = base.render(entry.id, TODAY, language, role).text
                    sentences.update(((entry.id, part), None) for part in re.split(r"(?<=[.!?])\s+|\n+", text))
    return tuple(sentences)


def test_all_26_traps_are_here() -> None:
    assert list(range(1, 27)) == NUMBERS


@pytest.mark.parametrize("trap", TRAPS, ids=NUMBERS)
def test_a_trap_is_caught_and_the_right_sentence_is_not(trap: Trap) -> None:
    assert trap.caught(trap.wrong)
    assert not trap.caught(trap.right)


@pytest.mark.parametrize("trap", TRAPS, ids=NUMBERS)
def test_no_answer_of_today_steps_into_a_trap(trap: Trap) -> None:
    assert [told for told in told_today() if trap.caught(told[1])] == []


def test_no_answer_rests_on_a_document_that_was_replaced() -> None:
    base = real_base()
    replaced = {
        "nd-146-2018",
        "nd-75-2023",
        "nd-02-2025",
        "nd-13-2023",
        "qd-861-qd-ttg",
        "nd-73-2024",
    } & base.sources.keys()
    assert "nd-146-2018" in replaced
    assert all(TODAY not in Period(base.sources[old].valid_from, base.sources[old].valid_to) for old in replaced)
    cited = {(entry, source) for entry in base.entries for source in base.render(entry, TODAY).source_ids}
    assert [(entry, source) for entry, source in cited if source in replaced] == []


@pytest.mark.parametrize(
    ("entry", "must_say"),
    [
        ("muc-dong-hien-nay", "683.100 đồng"),
        ("nha-nuoc-ho-tro-bao-nhieu", "50%"),
        ("kham-chi-phi-thap", "379.500 đồng"),
        ("ho-can-ngheo", "100%"),
        ("lop-12-the-den-khi-nao", "30/9"),
        ("phieu-chuyen-bao-lau", "10 ngày làm việc"),
        ("trai-tuyen-benh-vien-tinh", "40% chi phí"),
        ("bhxh-quan-huyen-con-khong", "Bộ Tài chính"),
        ("bhxh-quan-huyen-con-khong", "BHXH cơ sở"),
        ("xa-vua-ra-khoi-vung-kho-khan", "272/2025/NĐ-CP"),
        ("luat-du-lieu-ca-nhan", "91/2025/QH15"),
        ("chua-can-thi-lac-mat", "ưới 18 tuổi"),
        ("con-cap-the-giay-khong", "khi người tham gia đề nghị"),
    ],
)
def test_the_right_fact_is_told(entry: str, must_say: str) -> None:
    assert must_say in real_base().render(entry, TODAY).text
