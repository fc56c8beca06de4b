"""What `knowledge fit` learns and the search applies: `model.npz`.

A linear classifier over phrasings (kernel ridge regression), a small neural network over their terms, another over
sentence embeddings, and the weights that turn all evidence into a probability for each entry. The file is keyed by
phrasing and by entry, so a phrasing that is added after the fit counts at once, with a plain weight for its own entry,
until the next fit.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from knowledge.search.index import Corpus, PhrasingIndex
from knowledge.search.network import Network
from knowledge.search.vectors import Floats, Places

PATH = Path(__file__).with_name("model.npz")
EVIDENCE = ("ridge", "network", "words", "letters", "accents", "body_words", "body_letters")
EVIDENCE_EMBEDDED = (*EVIDENCE, "embedding_network", "embedding_body")
PLAIN_WEIGHTS = np.array([4.0, 0.0, 3.0, 3.0, 1.0, 2.0, 2.0], dtype=np.float32)
"""Before any fit: enough for a usable ranking."""
NEW_PHRASING = 0.2
"""The weight that a phrasing gives to its own entry when nothing was fitted around it."""
SELF_KERNEL = 2.5
"""The most that the kernel of a phrasing with itself can be: one for words, one for letters, half for marks. It is
less, because common terms are not looked up."""
LEAST_KERNEL = 1.0
"""A phrasing of little but common terms ("bhyt") has hardly any; it must not be near to everything."""
RIDGE = 2.0
"""How far the classifier prefers small weights to fitting every phrasing."""
MANY_NEW = 1500
"""With more new phrasings than this a fit is due; each then gets the plain weight."""

_LEARNED = ("hidden", "hidden_bias", "out", "out_bias")
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Embeddings:
    """What was learned of sentence embeddings: their centre, a network over them, the entries' own vectors."""

    centre: Floats
    network: Network
    bodies: Floats


@dataclass(frozen=True)
class Model:
    """All that was learned; `dual` has shape (phrasings, entries), `weights` one number per kind of evidence."""

    entries: tuple[str, ...]
    phrasings: Hashes
    dual: Floats
    network: Network | None
    weights: Floats
    weights_embedded: Floats
    embeddings: Embeddings | None
    digest: str = ""
    unlearned: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Phrasings that came after the fit, of which the networks know nothing."""
    kernels: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    """The kernel of each of them with itself, to which a question comes near at most."""

    @classmethod
    def plain(cls, corpus: Corpus) -> Model:
        """The model before any fit: each phrasing speaks for its own entry."""
        dual = np.zeros((len(corpus.phrasings), len(corpus.entries)), dtype=np.float32)
        dual[np.arange(len(corpus.phrasings)), corpus.owners] = NEW_PHRASING
        weights = np.concatenate([PLAIN_WEIGHTS, np.zeros(2, np.float32)])
        return cls(corpus.entries, hashes(corpus.phrasings), dual, None, PLAIN_WEIGHTS, weights, None)

    def aligned(self, index: PhrasingIndex) -> Model:
        """This model for a knowledge base that may have changed since the fit.

        A new phrasing gets the weights that one step of the same regression gives it, so it neither drowns nor
        outweighs what was fitted.
        """
        corpus = index.corpus
        if self.digest == corpus.digest:
            return self
        columns = {entry: number for number, entry in enumerate(self.entries)}
        kept = [(number, columns[entry]) for number, entry in enumerate(corpus.entries) if entry in columns]
        new_columns = np.array([new for new, _ in kept], dtype=np.int64)
        old_columns = np.array([old for _, old in kept], dtype=np.int64)
        rows = {int(key): number for number, key in enumerate(self.phrasings)}
        plain = Model.plain(corpus)
        dual = np.zeros_like(plain.dual)
        added: list[int] = []
        # What an earlier change brought the networks have not learned since.
        before = dict(zip(self.unlearned.tolist(), self.kernels.tolist(), strict=True))
        kernels: dict[int, float] = {}
        for number, key in enumerate(plain.phrasings):
            old = rows.get(int(key))
            if old is None or corpus.entries[corpus.owners[number]] not in columns:
                added.append(number)
                kernels[number] = SELF_KERNEL
                continue
            dual[number, new_columns] = self.dual[old, old_columns]
            if old in before:
                kernels[number] = before[old]
        if len(added) > MANY_NEW:
            dual[added] = plain.dual[added]
        else:
            for number in added:
                near = index.mixed(index.read(corpus.phrasings[number]))
                wanted = (np.arange(len(corpus.entries)) == corpus.owners[number]).astype(np.float32)
                kernels[number] = max(float(near[number]), LEAST_KERNEL)
                dual[number] = (wanted - near @ dual) / (near[number] + RIDGE)
        was = np.array([columns.get(entry, -1) for entry in corpus.entries], dtype=np.int64)
        network = self.network and self.network.moved(was)
        embeddings = self.embeddings
        if embeddings is not None:
            bodies = _spread(embeddings.bodies, len(corpus.entries), new_columns, old_columns)
            embeddings = Embeddings(embeddings.centre, embeddings.network.moved(was), bodies)
        return replace(
            self,
            entries=corpus.entries,
            phrasings=plain.phrasings,
            dual=dual,
            network=network,
            embeddings=embeddings,
            digest="",
            unlearned=np.array(list(kernels), dtype=np.int64),
            kernels=np.array(list(kernels.values()), dtype=np.float32),
        )

    def save(self, path: Path = PATH) -> None:
        """Write the model, small: the classifier in eight bits per weight, the rest in sixteen."""
        scale = np.abs(self.dual).max(axis=1) / 127 + 1e-9
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "digest": np.array(self.digest),
            "entries": np.array("\n".join(self.entries)),
            "phrasings": self.phrasings,
            "dual": np.round(self.dual / scale[:, None]).astype(np.int8),
            "scale": scale.astype(np.float32),
            "weights": self.weights,
            "weights_embedded": self.weights_embedded,
        }
        if self.network is not None:
            arrays |= _arrays(self.network, "network")
        if self.embeddings is not None:
            arrays |= _arrays(self.embeddings.network, "embedding_network")
            arrays["centre"] = self.embeddings.centre.astype(np.float16)
            arrays["embedding_bodies"] = self.embeddings.bodies.astype(np.float16)
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path = PATH) -> Model:
        """Read the model; raises OSError when there is none or it was not written to its end."""
        try:
            return cls._load(path)
        except (EOFError, BadZipFile, zlib.error) as error:
            raise OSError(f"{path} is damaged: {error}") from error

    @classmethod
    def _load(cls, path: Path) -> Model:
        with path.open("rb") as file, np.load(file) as arrays:
            embeddings = None
            if "centre" in arrays:
                embeddings = Embeddings(
                    arrays["centre"].astype(np.float32),
                    _network(arrays, "embedding_network"),
                    arrays["embedding_bodies"].astype(np.float32),
                )
            return cls(
                entries=tuple(str(arrays["entries"]).split("\n")),
                phrasings=arrays["phrasings"],
                dual=arrays["dual"].astype(np.float32) * arrays["scale"][:, None],
                network=_network(arrays, "network") if "network_out" in arrays else None,
                weights=arrays["weights"],
                weights_embedded=arrays["weights_embedded"],
                embeddings=embeddings,
                digest=str(arrays["digest"]),
            )


def hashes(texts: tuple[str, ...]) -> Hashes:
    """A key for each text that stays the same from one start to the next."""
    return np.array(
        [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") for text in texts],
        dtype=np.uint64,
    )


def _arrays(network: Network, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
    learned = {name: getattr(network, name).astype(np.float16) for name in _LEARNED}
    return {f"{prefix}_{name}": array for name, array in {**learned, "places": network.places}.items()}


def _network(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> Network:
    learned = {name: arrays[f"{prefix}_{name}"].astype(np.float32) for name in _LEARNED}
    return Network(**learned, places=arrays[f"{prefix}_places"])


def _spread(old: Floats, size: int, new_rows: npt.NDArray[np.int64], old_rows: npt.NDArray[np.int64]) -> Floats:
    spread = np.zeros((size, old.shape[1]), dtype=np.float32)
    spread[new_rows] = old[old_rows]
    return spread
