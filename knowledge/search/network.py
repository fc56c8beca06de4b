"""A small neural network that names entries: one hidden layer, learned by `knowledge fit`, applied here.

It reads a message as the terms of all spaces shared out among INPUTS numbers, or as a sentence embedding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from knowledge.search.vectors import Codes, Floats, Places

INPUTS = 2**14
"""Numbers that all terms share. Of some hundred thousand terms many do, but seldom two that matter: with 1,024 numbers
a network named the entry of 58 % of what was left out of its learning, with these 73 %."""
_BITS = INPUTS.bit_length() - 1
LEAST = -15.0
"""No entry is held less probable than this, in logarithms."""
_SPREADING = np.uint64(0x9E3779B97F4A7C15)
"""An odd number by which codes that differ little end far from each other (Knuth's multiplicative hashing)."""

Inputs: TypeAlias = "Floats | csr_array"


def shared_out(codes: Codes, weights: Floats) -> csr_array:
    """The terms of a text, given by their codes, as fewer numbers: each is added to one of them, or taken from it.

    Shape (1, INPUTS).
    """
    spread = codes.astype(np.uint64) * _SPREADING
    places = (spread >> np.uint64(64 - _BITS)).astype(np.int32)
    signs = ((spread >> np.uint64(63 - _BITS)) & np.uint64(1)).astype(np.float32) * 2 - 1
    return csr_array((weights * signs, places, np.array([0, len(places)], dtype=np.int32)), shape=(1, INPUTS))


@dataclass(frozen=True)
class Network:
    """`hidden` has shape (inputs, units), `out` (units, outputs); `places` is the output of each entry, -1 for none."""

    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats
    places: Places

    def log_chances(self, inputs: Inputs) -> Floats:
        """The logarithm of the probability of every entry; shape (texts, inputs) becomes (texts, entries).

        Of one that the network never learned it says nothing: it is as probable as if all were alike.
        """
        raised = np.maximum(inputs @ self.hidden + self.hidden_bias, 0) @ self.out + self.out_bias
        raised -= raised.max(axis=-1, keepdims=True)
        logs = np.maximum(raised - np.log(np.exp(raised).sum(axis=-1, keepdims=True)), LEAST)
        unknown = -np.log(np.float32(len(self.places)))
        chances: Floats = np.where(self.places < 0, unknown, logs[..., self.places])
        return chances

    def moved(self, places: npt.NDArray[np.int64]) -> Network:
        """The same for other entries: `places` names for each the entry that it was, -1 for a new one."""
        outputs = np.where(places < 0, -1, self.places[places])
        return Network(self.hidden, self.hidden_bias, self.out, self.out_bias, outputs)
