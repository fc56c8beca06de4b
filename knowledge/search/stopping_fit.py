"""Learning how people ask for no more messages: from what leads to that answer, against all that leads to others."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.messages import Messages
from knowledge.search.index import PhrasingIndex
from knowledge.search.network_fit import inputs
from knowledge.search.stopping import STOPS, StopReader

SAID = Path(__file__).with_name("stopping.toml")
NEITHER = frozenset({"rut-dong-y"})
"""Answers that are given to some who want no more messages and to some who mean something else: nothing is learned."""
FREEDOM = 30.0
"""How large weights may become: the inverse of scikit-learn's penalty."""
RARITY = 3.0
"""What one who asks for no more messages counts beside one who does not, being so much rarer here."""


def fit(index: PhrasingIndex, messages: Messages, more: Path = SAID) -> StopReader:
    """Learn from the phrasings of the index, the messages, and more that say it or sound like it (`stopping.toml`)."""
    corpus = index.corpus
    owners = [corpus.entries[owner] for owner in corpus.owners.tolist()]
    said = [*zip(corpus.phrasings, owners, strict=True)]
    said += [(text, entry_id) for entry_id, texts in messages.items() for text in texts]
    listed = tomllib.loads(more.read_text(encoding="utf-8"))
    said += [(text, STOPS) for text in listed["stop"]] + [(text, "") for text in listed["near"]]
    said = [(text, entry_id) for text, entry_id in said if entry_id not in NEITHER]
    rows = inputs(index, [index.read(text) for text, _ in said])
    stops = np.array([entry_id == STOPS for _, entry_id in said])
    learned = LogisticRegression(C=FREEDOM, class_weight={True: RARITY, False: 1.0}, max_iter=300).fit(rows, stops)
    return StopReader(learned.coef_[0].astype(np.float32), float(learned.intercept_[0]))
