"""How surely a message asks for no more messages, learned by `knowledge fit`.

The search asks which of hundreds of answers is meant. Who tells why ("con tôi ra trường rồi, đừng gửi nữa") is then
near to the answers on that, too, and the wish itself gets lost. So this one question is asked on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from knowledge.search.vectors import Floats

STOPS = "dung-nhan-tin"
"""The answer to those who want no more messages."""
PATH = Path(__file__).with_name("stopping.npz")


@dataclass(frozen=True)
class StopReader:
    """A logistic regression over the terms of a message, shared out as for a network: `weights` has shape (INPUTS,)."""

    weights: Floats
    bias: float

    def chance(self, inputs: csr_array) -> float:
        """The probability that a message asks for no more messages; `inputs` has shape (1, INPUTS)."""
        (strength,) = (inputs @ self.weights).tolist()
        return float(1 / (1 + np.exp(-strength - self.bias)))

    def save(self, path: Path = PATH) -> None:
        np.savez_compressed(path, weights=self.weights.astype(np.float16), bias=np.float32(self.bias))

    @classmethod
    def load(cls, path: Path = PATH) -> StopReader:
        with np.load(path) as arrays:
            return cls(arrays["weights"].astype(np.float32), float(arrays["bias"]))
