"""All phrasings of the knowledge base, read and indexed, row by row in the order of their entries."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from knowledge.base import KnowledgeBase
from knowledge.search.compounds import load as load_compounds
from knowledge.search.spelling import TABLES, Spelled, Speller
from knowledge.search.vectors import BODY_SPACES, SPACES, Floats, Postings, Vector, Vocabulary, index, rows_of

READING = 8
"""Raised when texts are read or weighed in another way, so that a model that learned from the older one is known."""
FORM = 10
"""Raised when the form of the file changes, so that an older cache is not read."""
KERNEL = np.array([1, 1, 0.5], dtype=np.float32)
"""What the cosines of each space count in the classifier: words and letters fully, marks half."""

Usage = dict[str, dict[str, int]]
"""For each entry, in how many of its phrasings each folded word stands."""


@dataclass(frozen=True)
class Corpus:
    """What the index is made of: every phrasing with the number of its entry, and the text of every entry."""

    entries: tuple[str, ...]
    phrasings: tuple[str, ...]
    owners: npt.NDArray[np.int32]
    bodies: tuple[str, ...]

    @classmethod
    def of(cls, base: KnowledgeBase) -> Corpus:
        phrasings: list[str] = []
        owners: list[int] = []
        for number, entry in enumerate(base.entries.values()):
            rows = dict.fromkeys((entry.title, *entry.phrasings, *entry.phrasings_en, entry.title_en))
            rows.pop("", None)
            phrasings.extend(rows)
            owners.extend([number] * len(rows))
        return cls(
            entries=tuple(base.entries),
            phrasings=tuple(phrasings),
            owners=np.asarray(owners, dtype=np.int32),
            bodies=tuple(f"{entry.title}. {entry.body}" for entry in base.entries.values()),
        )

    @cached_property
    def digest(self) -> str:
        """Changes whenever a phrasing, an answer or the spelling tables change."""
        state = hashlib.sha256(f"{READING}\n".encode() + TABLES.read_bytes())
        for text in (
            *sorted(load_compounds()),
            *self.entries,
            *self.phrasings,
            *self.bodies,
            self.owners.tobytes().hex(),
        ):
            state.update(text.encode() + b"\0")
        return state.hexdigest()[:16]


class PhrasingIndex:
    """Cosines of a question with every phrasing and with the text of every entry."""

    def __init__(
        self,
        corpus: Corpus,
        speller: Speller,
        vocabulary: Vocabulary,
        phrasings: Postings,
        bodies: Postings,
        usage: Usage | None = None,
    ) -> None:
        self.corpus = corpus
        self.usage = usage or {}
        self.speller = speller
        self.vocabulary = vocabulary
        self.phrasings = phrasings
        self.bodies = bodies
        self.starts = np.searchsorted(corpus.owners, np.arange(len(corpus.entries)))

    @classmethod
    def build(cls, corpus: Corpus) -> PhrasingIndex:
        """Read and index everything; some seconds."""
        speller = Speller((*corpus.phrasings, *corpus.bodies))
        read = [speller.read(text) for text in corpus.phrasings]
        vocabulary, phrasings = index(read)
        bodies = rows_of([speller.read(text) for text in corpus.bodies], vocabulary)
        return cls(corpus, speller, vocabulary, phrasings, bodies, _usage(corpus, read))

    def read(self, text: str) -> Spelled:
        return self.speller.read(text)

    def vector(self, spelled: Spelled) -> Vector:
        """The question in all spaces."""
        return self.vocabulary.vector(spelled)

    def cosines(self, vector: Vector) -> Floats:
        """The cosine with every phrasing, shape (spaces, phrasings)."""
        return self.phrasings.products(vector).reshape(len(SPACES), -1)

    def body_cosines(self, vector: Vector) -> Floats:
        """The cosine with the text of every entry, shape (spaces of bodies, entries)."""
        return self.bodies.products(vector).reshape(len(BODY_SPACES), -1)

    def mixed(self, spelled: Spelled) -> Floats:
        """Cosines of all spaces added up, as the classifier uses them, shape (phrasings,)."""
        return mix(self.cosines(self.vector(spelled)))

    def best_of_entries(self, by_phrasing: Floats) -> Floats:
        """The greatest value among the phrasings of each entry; shape (…, phrasings) becomes (…, entries)."""
        return np.maximum.reduceat(by_phrasing, self.starts, axis=-1)

    def save(self, path: Path) -> None:
        """Write the index; read back by `load` as long as the digest is the same."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "digest": np.array(self.corpus.digest),
            "form": np.array(FORM),
            "counts_words": _joined(list(self.speller.counts)),
            "counts": np.fromiter(self.speller.counts.values(), dtype=np.int32),
            "codes": self.vocabulary.codes,
            "idf": self.vocabulary.idf,
            "usage": np.frombuffer(json.dumps(self.usage).encode(), dtype=np.uint8),
        }
        for name, postings in (("phrasings", self.phrasings), ("bodies", self.bodies)):
            arrays[f"{name}_starts"] = postings.starts
            arrays[f"{name}_rows"] = postings.rows
            arrays[f"{name}_weights"] = postings.weights.astype(np.float16)
            arrays[f"{name}_common"] = np.packbits(postings.common)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(".part.npz")
        np.savez(written, **arrays)  # type: ignore[arg-type]
        written.replace(path)

    @classmethod
    def load(cls, path: Path, corpus: Corpus) -> PhrasingIndex | None:
        """The saved index, or None when there is none for this corpus, or only a damaged one."""
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                if str(arrays["digest"]) != corpus.digest or int(arrays["form"]) != FORM:
                    return None
                words = _split(arrays["counts_words"])
                speller = Speller.of_counts(dict(zip(words, arrays["counts"].tolist(), strict=True)))
                vocabulary = Vocabulary(arrays["codes"], arrays["idf"], len(corpus.phrasings))
                phrasings = _postings(arrays, "phrasings", len(SPACES) * len(corpus.phrasings))
                bodies = _postings(arrays, "bodies", len(BODY_SPACES) * len(corpus.entries))
                usage: Usage = json.loads(arrays["usage"].tobytes())
        except (OSError, EOFError, BadZipFile, KeyError, ValueError):
            return None
        return cls(corpus, speller, vocabulary, phrasings, bodies, usage)


def _usage(corpus: Corpus, read: Sequence[Spelled]) -> Usage:
    usage: dict[str, Counter[str]] = {entry: Counter() for entry in corpus.entries}
    for owner, spelled in zip(corpus.owners.tolist(), read, strict=True):
        usage[corpus.entries[owner]].update(set(spelled.folded))
    return {entry: dict(counts) for entry, counts in usage.items()}


def mix(cosines: Floats) -> Floats:
    """The kernel of the classifier from the cosines of all spaces: (spaces, phrasings) becomes (phrasings,)."""
    return np.asarray(KERNEL @ cosines, dtype=np.float32)


def _joined(words: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _split(raw: npt.NDArray[np.uint8]) -> list[str]:
    return raw.tobytes().decode().split("\n")


def _postings(arrays: object, prefix: str, size: int) -> Postings:
    def part(name: str) -> npt.NDArray[np.generic]:
        found: npt.NDArray[np.generic] = arrays[f"{prefix}_{name}"]  # type: ignore[index]
        return found

    starts = part("starts").astype(np.int32)
    common = np.unpackbits(part("common").astype(np.uint8), count=len(starts) - 1).astype(np.bool_)
    return Postings(size, starts, part("rows").astype(np.int32), part("weights").astype(np.float32), common)
