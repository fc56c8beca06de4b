"""From ranked entries to what the bot may do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Kind, Reason
from knowledge.search.decision import (
    MAX_OPTIONS,
    Answer,
    Clarify,
    Decided,
    HandOff,
    NotUnderstood,
    OutOfScope,
    SmallTalk,
    Thresholds,
    decide,
)
from knowledge.search.engine import Candidate

KINDS = {
    "a": Kind.ANSWER,
    "h": Kind.HANDOFF,
    "u": Kind.HANDOFF,
    "r": Kind.REFUSE,
    "s": Kind.SMALLTALK,
    "c": Kind.CLARIFY,
}
REASONS = {"h": Reason.LEGAL, "u": Reason.EMERGENCY}


def entry(entry_id: str) -> SimpleNamespace:
    kind = entry_id[0]
    return SimpleNamespace(kind=KINDS[kind], next=("a8", "a9"), reason=REASONS.get(kind))


BASE: Any = SimpleNamespace(entry=entry)
LIMITS = Thresholds(answer=0.4, lead=2.0, lead_floor=0.2, offer=0.05, kind=0.5)


def ranked(**chances: float) -> list[Candidate]:
    return [Candidate(entry, chance) for entry, chance in sorted(chances.items(), key=lambda item: -item[1])]


@pytest.mark.parametrize(
    ("chances", "decided"),
    [
        ({}, NotUnderstood(0.0)),
        ({"a1": 0.9}, Answer("a1", 0.9)),
        ({"a1": 0.4, "a2": 0.39}, Answer("a1", 0.4)),
        ({"a1": 0.3, "a2": 0.15}, Answer("a1", 0.3)),
        ({"a1": 0.3, "a2": 0.16}, Clarify(("a1", "a2"), 0.3)),
        ({"a1": 0.19, "a2": 0.01}, Clarify(("a1",), 0.19)),
        ({"h1": 0.6}, HandOff("h1", 0.6)),
        ({"h1": 0.2, "a1": 0.15}, Clarify(("h1", "a1"), 0.2)),
        ({"u1": 0.3, "u2": 0.25, "a1": 0.35}, HandOff("u1", 0.55)),
        ({"h1": 0.3, "h2": 0.25, "a1": 0.35}, Clarify(("a1", "h1", "h2"), 0.35)),
        ({"r1": 0.6}, OutOfScope("r1", 0.6)),
        ({"r1": 0.3, "r2": 0.25, "a1": 0.35}, OutOfScope("r1", 0.55)),
        ({"s1": 0.3, "s2": 0.3, "a1": 0.38}, SmallTalk("s1", 0.6)),
        ({"c1": 0.6}, Clarify(("a8", "a9"), 0.6, "c1")),
        ({"c1": 0.3, "c2": 0.25, "a1": 0.4}, Clarify(("a8", "a9"), 0.55, "c1")),
        ({"r1": 0.3, "a1": 0.2, "a2": 0.16}, Clarify(("a1", "a2"), 0.3)),
        ({"r1": 0.19, "s1": 0.18}, NotUnderstood(0.19)),
        ({"a1": 0.04, "a2": 0.03}, NotUnderstood(0.04)),
        ({"a1": 0.15, "a2": 0.14, "a3": 0.13, "a4": 0.12}, Clarify(("a1", "a2", "a3"), 0.15)),
    ],
)
def test_candidates_become_a_decision(chances: dict[str, float], decided: Decided) -> None:
    found = decide(ranked(**chances), BASE, LIMITS)
    assert type(found) is type(decided)
    assert found.confidence == pytest.approx(decided.confidence)
    for name in ("entry_id", "options"):
        assert getattr(found, name, None) == getattr(decided, name, None)


@given(
    st.dictionaries(st.sampled_from([f"{kind}{number}" for kind in "ahursc" for number in range(3)]), st.floats(0, 1))
)
def test_any_candidates_give_a_decision_that_only_names_them(chances: dict[str, float]) -> None:
    decided = decide(ranked(**chances), BASE, LIMITS)
    match decided:
        case Clarify(options, _, None):
            assert 1 <= len(options) <= MAX_OPTIONS
            assert set(options) <= chances.keys()
            assert all(option[0] in "ahu" for option in options)
        case Answer(entry_id) | HandOff(entry_id) | SmallTalk(entry_id) | OutOfScope(str(entry_id)):
            assert entry_id in chances
        case NotUnderstood(confidence):
            assert confidence <= LIMITS.answer


@given(st.floats(0.4, 1), st.floats(0, 0.2))
def test_a_surer_best_is_never_answered_less(best: float, other: float) -> None:
    assert decide(ranked(a1=best, a2=other), BASE, LIMITS) == Answer("a1", best)
