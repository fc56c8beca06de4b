"""How `knowledge fit` learns the networks (`network.py`), with scikit-learn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from knowledge.search.network import Network
from knowledge.search.vectors import Floats

UNITS = 512
EPOCHS = 20
"""How often the network sees every phrasing."""
FOLDS = 4
"""A network that has learned a phrasing says nothing of strangers: each is asked of one that learned the others."""
SCALE = 6.0
"""Inputs are unit vectors of many small numbers; at this length the network learns quickly."""
BATCH, PENALTY, RATE = 256, 1e-2, 2e-3

Owners = npt.NDArray[np.signedinteger]
Step = Callable[[], None]
"""Told after each of EPOCHS × (FOLDS + 1) parts of the work."""


def learn(inputs: Floats, owners: Owners, entries: int, step: Step) -> tuple[Network, Floats]:
    """A network, and what others that had not learned them say of the inputs, shape (inputs, entries).

    `inputs` has a row for each phrasing, `owners` the number of its entry; the same for the same inputs.
    """
    folds = _folds(owners)
    left_out = np.empty((len(inputs), entries), dtype=np.float32)
    for fold in range(FOLDS):
        others, own = folds != fold, folds == fold
        network = _trained(inputs[others], owners[others], entries, step)
        left_out[own] = np.stack([network.log_chances(row) for row in inputs[own]])
    return _trained(inputs, owners, entries, step), left_out


def _folds(owners: Owners) -> npt.NDArray[np.int64]:
    """The fold of each phrasing; those of one entry take turns."""
    folds = np.zeros(len(owners), dtype=np.int64)
    for entry in np.unique(owners):
        own = np.flatnonzero(owners == entry)
        folds[own] = np.arange(len(own)) % FOLDS
    return folds


def _trained(inputs: Floats, owners: Owners, entries: int, step: Step) -> Network:
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415  only the fit needs it

    learner = MLPClassifier(
        (UNITS,), alpha=PENALTY, batch_size=min(BATCH, len(inputs)), learning_rate_init=RATE, random_state=0
    )
    classes, scaled = np.unique(owners), inputs * SCALE
    for _ in range(EPOCHS):
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
