"""Messages recognised by their words: hits and near misses in `signals.jsonl`, with and without diacritics."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.signals import Signal, signals
from knowledge.search.folding import fold
from tests.knowledge.real import real_base, real_search

if TYPE_CHECKING:
    from collections.abc import Callable

GUARDED = {
    Signal(name)
    for name in ("emergency distress injection erase_data show_data about_bot need person english vietnamese").split()
}


@dataclass(frozen=True)
class Row:
    """A message and its signal; without one, the signal that it nearly is."""

    text: str
    signal: Signal | None
    near: str | None


ROWS = [
    Row(row["text"], Signal(row["signal"]) if row["signal"] else None, row["near"])
    for row in map(json.loads, Path(__file__).with_name("signals.jsonl").read_text(encoding="utf-8").splitlines())
]
SPELLINGS: dict[str, Callable[[str], str]] = {"as it is": str, "no diacritics": fold, "capitals": str.upper}


@cache
def heard(text: str) -> Signal | None:
    found = [signal for signal in signals(real_search().read(text).text) if signal in GUARDED]
    return found[0] if found else None


def test_there_are_enough_rows_and_many_near_misses() -> None:
    misses = sum(row.signal is None for row in ROWS)
    assert len(ROWS) >= 130
    assert misses >= 0.4 * len(ROWS)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("signal", sorted(GUARDED))
def test_a_signal_is_heard(signal: Signal, spelling: str) -> None:
    wanted = [row.text for row in ROWS if row.signal is signal]
    missed = [text for text in wanted if heard(SPELLINGS[spelling](text)) is not signal]
    assert len(missed) <= 0.1 * len(wanted), missed


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_near_miss_is_left_to_the_search(spelling: str) -> None:
    misses = [row.text for row in ROWS if row.signal is None]
    false = [
        (text, heard(SPELLINGS[spelling](text))) for text in misses if heard(SPELLINGS[spelling](text)) is not None
    ]
    assert len(false) <= 0.02 * len(misses), false


def test_no_phrasing_of_an_answer_erases() -> None:
    meant = {"rut-dong-y", "xoa-du-lieu"}
    entries = [entry for entry in real_base().entries.values() if entry.id not in meant]
    phrasings = [phrasing for entry in entries for phrasing in entry.phrasings[::3]]
    false = [phrasing for phrasing in phrasings if heard(phrasing) is Signal.ERASE_DATA]
    assert len(false) <= 0.002 * len(phrasings), false


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("/start", Signal.START),
        ("/help", Signal.HELP),
        ("trợ giúp", Signal.HELP),
        ("menu", Signal.MENU),
        ("thoát", Signal.LEAVE),
        ("tiếp tục", Signal.RESUME),
        ("đồng ý", Signal.YES),
        ("có", Signal.YES),
        ("không", Signal.NO),
        ("thôi", Signal.NO),
        ("tính tiền đóng giúp em", Signal.PREMIUM),
    ],
)
def test_a_command_is_heard(text: str, signal: Signal) -> None:
    assert signal in signals(real_search().read(text).text)
    assert signal in signals(real_search().read(fold(text)).text)


@pytest.mark.parametrize(
    "text", ["cách tính mức đóng thế nào", "tính từ ngày nào", "có tính liên tục không", "tháng này đóng bao nhiêu"]
)
def test_a_question_about_reckoning_is_no_calculator(text: str) -> None:
    assert Signal.PREMIUM not in signals(real_search().read(text).text)


@given(st.text(max_size=200))
def test_signals_come_in_the_order_of_precedence(text: str) -> None:
    found = signals(real_search().read(text).text)
    assert found == sorted(found, key=list(Signal).index)
