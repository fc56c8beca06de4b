"""A small neural network that names entries: one hidden layer, learned by `knowledge fit`, applied here.

It reads a message as the terms of all spaces shared out among INPUTS numbers, or as a sentence embedding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.search.vectors import Codes, Floats, Places

INPUTS = 1024
"""Numbers that all terms share: at this size two terms of one message seldom meet."""
LEAST = -15.0
"""No entry is held less probable than this, in logarithms."""
_SPREADING = np.uint64(0x9E3779B97F4A7C15)
"""An odd number by which codes that differ little end far from each other (Knuth's multiplicative hashing)."""


def shared_out(codes: Codes, weights: Floats, inputs: int = INPUTS) -> Floats:
    """The terms of a text, given by their codes, as a few numbers: each is added to one of them, or taken from it.

    `inputs` is how many, a power of two; shape (inputs,).
    """
    bits = inputs.bit_length() - 1
    spread = codes.astype(np.uint64) * _SPREADING
    places = (spread >> np.uint64(64 - bits)).astype(np.int64)
    signs = ((spread >> np.uint64(63 - bits)) & np.uint64(1)).astype(np.float32) * 2 - 1
    return np.bincount(places, weights=weights * signs, minlength=inputs).astype(np.float32)


@dataclass(frozen=True)
class Network:
    """`hidden` has shape (inputs, units), `out` (units, outputs); `places` is the output of each entry, -1 for none."""

    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats
    places: Places

    def log_chances(self, inputs: Floats) -> Floats:
        """The logarithm of the probability of every entry, shape (entries,).

        One that the network never learned is taken to be as probable as the best: the rest of the evidence decides.
        """
        used = np.flatnonzero(inputs)  # few of them, for a short message
        raised = np.maximum(inputs[used] @ self.hidden[used] + self.hidden_bias, 0) @ self.out + self.out_bias
        raised -= raised.max()
        logs = np.maximum(raised - np.log(np.exp(raised).sum()), LEAST)
        chances: Floats = np.where(self.places < 0, logs.max(), logs[self.places])
        return chances

    def moved(self, places: npt.NDArray[np.int64]) -> Network:
        """The same for other entries: `places` names for each the entry that it was, -1 for a new one."""
        outputs = np.where(places < 0, -1, self.places[places])
        return Network(self.hidden, self.hidden_bias, self.out, self.out_bias, outputs)
