"""How surely a message asks for no more messages: learned from a few, kept, and shipped."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from bot.evaluation.optouts import OWN, load
from knowledge.check import phrasing_key
from knowledge.search.engine import build_search
from knowledge.search.network import INPUTS
from knowledge.search.network_fit import inputs
from knowledge.search.stopping import STOPS, StopReader
from knowledge.search.stopping_fit import NEITHER, fit
from knowledge.search.stopping_fit import SAID as SAID_BY_PEOPLE
from tests.knowledge.real import real_base, real_search

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.search.index import PhrasingIndex
    from tests.knowledge.tiny import Tiny

SETS = sorted(OWN.parent.glob("optout*.jsonl"))
SAID = ("quên mức đóng", "quên tiền", "quên giá", "quên phí", "quên nộp")


@pytest.fixture
def index(tiny: Tiny) -> PhrasingIndex:
    return build_search(tiny.load(), "off").index


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """What says it, and what only sounds like it."""
    path = tmp_path / "stopping.toml"
    path.write_text('stop = ["quên mất"]\nnear = ["để quên mất thẻ"]\n', encoding="utf-8")
    return path


def chance(reader: StopReader, index: PhrasingIndex, text: str) -> float:
    return reader.chance(inputs(index, [index.read(text)]))


def test_it_learns_how_a_thing_is_said(index: PhrasingIndex, more: Path) -> None:
    reader = fit(index, {STOPS: SAID}, more)
    assert all(chance(reader, index, text) > 0.5 for text in (*SAID, "quên tiền đóng", "quên mất"))
    assert all(chance(reader, index, text) < 0.5 for text in (*index.corpus.phrasings, "để quên mất thẻ"))


def test_nothing_is_learned_from_what_may_be_either(index: PhrasingIndex, more: Path) -> None:
    (either,) = NEITHER
    learned = fit(index, {STOPS: SAID}, more)
    same = fit(index, {STOPS: SAID, either: ("quên thẻ", "quên phí thẻ")}, more)
    assert same.weights.tolist() == learned.weights.tolist()


def test_what_was_learned_is_kept(index: PhrasingIndex, more: Path, tmp_path: Path) -> None:
    reader = fit(index, {STOPS: SAID}, more)
    reader.save(tmp_path / "stopping.npz")
    kept = StopReader.load(tmp_path / "stopping.npz")
    assert kept.weights.shape == (INPUTS,)
    assert chance(kept, index, SAID[0]) == pytest.approx(chance(reader, index, SAID[0]), abs=0.01)


def test_a_message_without_known_words_does_not_ask_to_stop() -> None:
    search = real_search()
    assert search.asks_to_stop(search.read("")) < 0.01
    assert search.asks_to_stop(search.read("xyzzy qwfp")) < 0.1


def test_what_is_shipped_was_learned_from_the_answers_of_today() -> None:
    search = real_search()
    for entry in real_base().entries.values():
        if entry.id not in NEITHER:
            for phrasing in entry.phrasings[::5]:
                sure = search.asks_to_stop(search.read(phrasing))
                assert (sure > 0.5) == (entry.id == STOPS), (entry.id, phrasing, sure)


def test_it_learned_nothing_that_it_is_measured_with() -> None:
    measured = {phrasing_key(message.text) for path in SETS for message in load(path)}
    listed = tomllib.loads(SAID_BY_PEOPLE.read_text(encoding="utf-8"))
    assert not [text for texts in listed.values() for text in texts if phrasing_key(text) in measured]
