"""Learning what the turns of phrase of an incident weigh, from the reviewed phrasings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge.base import KnowledgeBase
from knowledge.entries import Kind
from knowledge.search.incident import (
    WEIGHTS,
    Weights,
    length_of,
    pattern_names,
    patterns_in,
    sum_of,
    tells_incident,
    word_odds,
)
from knowledge.search.index import PhrasingIndex
from knowledge.search.vectors import Floats

FOLDS = 5
"""Parts into which the entries are divided: the words of a part are weighed by those of the others."""
RIDGE = 3.0
"""How far small weights are preferred."""
STEPS = 25


def fit(base: KnowledgeBase, index: PhrasingIndex) -> Weights:
    """Weights of the turns of phrase, so that both kinds of phrasings count alike and no entry speaks for itself."""
    told = {
        entry.id: tells_incident(entry) for entry in base.entries.values() if entry.kind in {Kind.ANSWER, Kind.HANDOFF}
    }
    names = pattern_names()
    rows: list[list[float]] = []
    tells: list[bool] = []
    for part in range(FOLDS):
        held = {entry_id for number, entry_id in enumerate(told) if number % FOLDS == part}
        odds = word_odds({entry_id: value for entry_id, value in told.items() if entry_id not in held}, index.usage)
        for phrasing, owner in zip(index.corpus.phrasings, index.corpus.owners.tolist(), strict=True):
            entry_id = index.corpus.entries[owner]
            if entry_id in held:
                folded = index.read(phrasing).folded
                said = patterns_in(folded)
                rows.append([1.0, sum_of(odds, folded), length_of(folded), *(float(name in said) for name in names)])
                tells.append(told[entry_id])
    weights = regress(np.asarray(rows), np.asarray(tells, dtype=np.float64))
    bias, words, length, *rest = (round(float(weight), 3) for weight in weights)
    return Weights(bias, words, length, dict(zip(names, rest, strict=True)))


def save(weights: Weights, path: Path = WEIGHTS) -> None:
    lines = [
        "# Learned by `knowledge fit`; see incident.toml.",
        *(f"{name} = {getattr(weights, name)}" for name in ("bias", "words", "length")),
        "",
        "[patterns]",
        *(f"{name} = {weight}" for name, weight in weights.patterns.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def regress(rows: Floats, tells: Floats) -> Floats:
    """Logistic regression by Newton's method, shape (columns,); the two sides weigh the same in all."""
    sizes = {side: max(1.0, float((tells == side).sum())) for side in (0.0, 1.0)}
    counts = np.where(tells == 1.0, len(tells) / 2 / sizes[1.0], len(tells) / 2 / sizes[0.0])
    ridge = np.diag([0.0, *([RIDGE] * (rows.shape[1] - 1))])
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (counts * (chances - tells)) + ridge @ weights
        bend = (rows * (counts * chances * (1 - chances))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(bend, slope)
    return np.asarray(weights)
