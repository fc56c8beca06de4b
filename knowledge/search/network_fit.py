"""How `knowledge fit` learns the networks (`network.py`), with scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

from knowledge.search.index import PhrasingIndex
from knowledge.search.network import Inputs, Network, shared_out
from knowledge.search.spelling import Spelled
from knowledge.search.vectors import Floats


class Size(NamedTuple):
    """How many units the hidden layer has, and how often the network sees every phrasing."""

    units: int
    epochs: int


OVER_TERMS, OVER_SENTENCES = Size(256, 8), Size(512, 20)
FOLDS = 4
"""A network that has learned a phrasing says nothing of strangers: each is asked of one that learned the others."""
SCALE = 6.0
"""Inputs are unit vectors of many small numbers; at this length the network learns quickly."""
BATCH, PENALTY, RATE = 256, 1e-2, 2e-3

Owners = npt.NDArray[np.signedinteger]
Step = Callable[[], None]
"""Told after each of epochs × (FOLDS + 1) parts of the work."""


def inputs(index: PhrasingIndex, questions: Sequence[Spelled]) -> csr_array:
    """What a network over terms reads of each question, shape (questions, `network.INPUTS`)."""
    vectors = [index.vector(question) for question in questions]
    codes = index.vocabulary.codes
    return vstack([shared_out(codes[vector.terms], vector.weights) for vector in vectors], format="csr")


def learn(inputs: Inputs, owners: Owners, entries: int, size: Size, step: Step) -> tuple[Network, Floats]:
    """A network, and what others that had not learned them say of the inputs, shape (inputs, entries).

    `inputs` has a row for each phrasing, `owners` the number of its entry; the same for the same inputs.
    """
    folds = _folds(owners)
    left_out = np.empty((len(owners), entries), dtype=np.float32)
    for fold in range(FOLDS):
        others, own = folds != fold, folds == fold
        network = _trained(inputs[others], owners[others], entries, size, step)
        left_out[own] = network.log_chances(inputs[own])
    return _trained(inputs, owners, entries, size, step), left_out


def _folds(owners: Owners) -> npt.NDArray[np.int64]:
    """The fold of each phrasing; those of one entry take turns."""
    folds = np.zeros(len(owners), dtype=np.int64)
    for entry in np.unique(owners):
        own = np.flatnonzero(owners == entry)
        folds[own] = np.arange(len(own)) % FOLDS
    return folds


def _trained(inputs: Inputs, owners: Owners, entries: int, size: Size, step: Step) -> Network:
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415  only the fit needs it

    learner = MLPClassifier(
        (size.units,), alpha=PENALTY, batch_size=min(BATCH, len(owners)), learning_rate_init=RATE, random_state=0
    )
    classes, scaled = np.unique(owners), inputs * SCALE
    for _ in range(size.epochs):
        learner.partial_fit(scaled, owners, classes=classes)
        step()
    (hidden, out), (hidden_bias, out_bias) = learner.coefs_, learner.intercepts_
    if len(classes) == 2:  # of which scikit-learn learns the second only
        out, out_bias = np.hstack([-out / 2, out / 2]), np.concatenate([-out_bias / 2, out_bias / 2])
    places = np.full(entries, -1, dtype=np.int64)
    places[classes] = np.arange(len(classes))
    hidden, hidden_bias, out, out_bias = (
        np.asarray(part, dtype=np.float32) for part in (hidden * SCALE, hidden_bias, out, out_bias)
    )
    return Network(hidden, hidden_bias, out, out_bias, places)
