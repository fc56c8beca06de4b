"""Whether a message tells what happened to somebody, or asks for the rule."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge.entries import Kind
from knowledge.search.folding import fold
from knowledge.search.incident import (
    PATTERNS,
    IncidentReader,
    Weights,
    pattern_names,
    patterns_in,
    tells_incident,
    word_odds,
)
from knowledge.search.incident_fit import fit, regress, save
from knowledge.search.index import Corpus, PhrasingIndex
from tests.knowledge.real import real_base, real_search

if TYPE_CHECKING:
    from pathlib import Path

TOLD_AND_ASKED = [
    ("Tôi nộp cho cô giáo hồi đầu năm rồi mà tuần này ra viện họ bảo chưa có thẻ", "Nộp xong thì mấy ngày có thẻ?"),
    ("Trường lỡ thu của con tôi hai lần, giờ họ không chịu trả lại", "Có phải đóng ở hai nơi không?"),
    ("Thẻ em bị ghi sai năm sinh, sửa giúp em", "Năm sinh trên thẻ để làm gì?"),
    ("Hôm qua tôi lỡ đưa mã cho người lạ, họ rút mất tiền của tôi", "Mã xác nhận là gì?"),
    ("Bệnh viện bắt tôi đóng đủ tiền dù đã đưa thẻ, tôi muốn khiếu nại", "Mức đóng là bao nhiêu?"),
]


def reader() -> IncidentReader:
    return IncidentReader(real_base(), real_search().index.usage)


def strength(text: str) -> float:
    return reader().strength(real_search().read(text).folded)


@pytest.mark.parametrize(("told", "asked"), TOLD_AND_ASKED)
def test_what_happened_reads_stronger_than_a_question_about_it(told: str, asked: str) -> None:
    assert strength(told) > 1.5
    assert strength(asked) < 0


@pytest.mark.parametrize(("told", "asked"), TOLD_AND_ASKED)
def test_diacritics_do_not_matter_much(told: str, asked: str) -> None:
    assert strength(fold(told)) > 1.0
    assert strength(fold(asked)) < 0.5


def test_entries_for_incidents_are_asked_in_the_words_of_incidents() -> None:
    incidents, read = reader(), real_search().read
    sides: dict[bool, list[float]] = {True: [], False: []}
    for entry in list(real_base().entries.values())[::3]:
        if entry.kind in {Kind.ANSWER, Kind.HANDOFF}:
            sides[tells_incident(entry)].append(incidents.usual(entry.id, read))
    assert fmean(sides[True]) > fmean(sides[False]) + 2


def test_every_group_has_a_weight_and_no_other() -> None:
    assert set(Weights.load().patterns) == set(pattern_names())


def test_every_pattern_can_stand_in_canonical_text() -> None:
    groups = tomllib.loads(PATTERNS.read_text(encoding="utf-8"))["patterns"]
    for spoken in ("lam sao", "gia han", "het han", "so the", "benh vien", "khi nao"):
        assert not [name for name, group in groups.items() if any(f"{spoken}|" in pattern for pattern in group)]


def test_a_group_counts_once() -> None:
    assert patterns_in(("toi", "khieu", "nai", "vi", "bi", "ep", "mua")) >= {"self", "quarrel", "befell"}
    assert patterns_in(()) == frozenset()


def test_a_word_of_one_kind_speaks_for_it_and_a_common_one_says_nothing() -> None:
    told = {f"t{n}": True for n in range(30)} | {f"a{n}": False for n in range(30)}
    usage = {entry: {"the": 5, ("kien" if tells else "muc"): 5} for entry, tells in told.items()}
    odds = word_odds(told, usage)
    assert odds["kien"] > 0.5
    assert odds["muc"] < -0.5
    assert odds["the"] == pytest.approx(0.0, abs=1e-9)


def test_an_entry_with_more_phrasings_says_no_more() -> None:
    told = {"t": True, "a": False}
    few = word_odds(told, {"t": {"kien": 2}, "a": {"muc": 2}})
    many = word_odds(told, {"t": {"kien": 200}, "a": {"muc": 2}})
    assert few == many


def test_the_regression_finds_the_side_of_each_column_however_rare_one_side_is() -> None:
    generator = np.random.default_rng(1)
    tells = (generator.random(20000) < 0.1).astype(np.float64)
    for_it = (generator.random(20000) < np.where(tells == 1, 0.8, 0.2)).astype(np.float64)
    nothing = (generator.random(20000) < 0.5).astype(np.float64)
    bias, first, second = regress(np.column_stack([np.ones(20000), for_it, nothing]), tells)
    assert first == pytest.approx(2 * np.log(4), abs=0.5)
    assert abs(second) < 0.3
    assert bias < 0


def test_the_fit_learns_from_a_part_what_the_whole_says() -> None:
    base = real_base()
    told = [entry for entry in base.entries.values() if tells_incident(entry)][:15]
    asked = [entry for entry in base.entries.values() if entry.kind is Kind.ANSWER][:40]
    part = replace(base, entries={entry.id: entry for entry in (*told, *asked)})
    weights = fit(part, PhrasingIndex.build(Corpus.of(part)))
    assert weights.words > 0
    assert weights.patterns["claim"] > 0
    assert weights.patterns["quarrel"] > 0
    assert weights.patterns["may"] < 0


def test_weights_are_kept_as_they_were(tmp_path: Path) -> None:
    weights = Weights(-0.5, 0.25, -1.0, {name: number / 8 for number, name in enumerate(pattern_names())})
    save(weights, tmp_path / "weights.toml")
    assert Weights.load(tmp_path / "weights.toml") == weights
