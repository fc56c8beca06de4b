"""All phrasings of the knowledge base, read and indexed, row by row in the order of their entries."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from knowledge.base import KnowledgeBase
from knowledge.search.compounds import load as load_compounds
from knowledge.search.spelling import TABLES, Spelled, Speller
from knowledge.search.vectors import (
    COMMON,
    COMMON_IN_BODIES,
    Floats,
    Postings,
    Space,
    Vector,
    accented_codes,
    letter_codes,
    word_codes,
)

FORM = 7
"""Raised when the form of the index changes, so that an older cache is not read."""

_EXTRACTS = {"words": word_codes, "letters": letter_codes, "accents": accented_codes}
SPACES = tuple(_EXTRACTS)
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

    @property
    def digest(self) -> str:
        """Changes whenever a phrasing, an answer or the spelling tables change."""
        state = hashlib.sha256(f"{FORM}\n".encode() + TABLES.read_bytes())
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
        spaces: dict[str, Space],
        bodies: dict[str, Postings],
        usage: Usage | None = None,
    ) -> None:
        self.corpus = corpus
        self.usage = usage or {}
        self.speller = speller
        self.spaces = spaces
        self.bodies = bodies
        self.starts = np.searchsorted(corpus.owners, np.arange(len(corpus.entries)))

    @classmethod
    def build(cls, corpus: Corpus) -> PhrasingIndex:
        """Read and index everything; some seconds."""
        speller = Speller((*corpus.phrasings, *corpus.bodies))
        read = [speller.read(text) for text in corpus.phrasings]
        bodies = [speller.read(text) for text in corpus.bodies]
        spaces = {name: Space.build(extract, read, COMMON[name]) for name, extract in _EXTRACTS.items()}
        of_bodies = {name: space.rows_of(bodies, COMMON_IN_BODIES) for name, space in spaces.items()}
        return cls(corpus, speller, spaces, of_bodies, _usage(corpus, read))

    def read(self, text: str) -> Spelled:
        return self.speller.read(text)

    def vectors(self, spelled: Spelled) -> dict[str, Vector]:
        """The question in each space."""
        return {name: space.vector(spelled) for name, space in self.spaces.items()}

    def mixed(self, spelled: Spelled) -> Floats:
        """Cosines of all spaces added up, as the classifier uses them, shape (phrasings,)."""
        return mix({name: space.cosines(space.vector(spelled)) for name, space in self.spaces.items()})

    def best_of_entries(self, by_phrasing: Floats) -> Floats:
        """The greatest value among the phrasings of each entry, shape (entries,)."""
        return np.maximum.reduceat(by_phrasing, self.starts)

    def save(self, path: Path) -> None:
        """Write the index; read back by `load` as long as the digest is the same."""
        arrays: dict[str, npt.NDArray[np.generic]] = {"digest": np.array(self.corpus.digest)}
        arrays["counts_words"] = _joined(list(self.speller.counts))
        arrays["counts"] = np.fromiter(self.speller.counts.values(), dtype=np.int32)
        for name, space in self.spaces.items():
            arrays[f"{name}_terms"] = space.vocabulary
            arrays[f"{name}_idf"] = space.idf
            for kind, postings in (("rows", space.postings), ("bodies", self.bodies[name])):
                arrays[f"{name}_{kind}_starts"] = postings.starts.astype(np.int32)
                arrays[f"{name}_{kind}_rows"] = postings.rows.astype(np.uint16 if postings.size < 65536 else np.int32)
                arrays[f"{name}_{kind}_weights"] = postings.weights.astype(np.float16)
        arrays["usage"] = np.frombuffer(json.dumps(self.usage).encode(), dtype=np.uint8)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(".part.npz")
        np.savez(written, **arrays)  # type: ignore[arg-type]
        written.replace(path)

    @classmethod
    def load(cls, path: Path, corpus: Corpus) -> PhrasingIndex | None:
        """The saved index, or None when there is none for this corpus, or only a damaged one."""
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                if str(arrays["digest"]) != corpus.digest:
                    return None
                words = _split(arrays["counts_words"])
                speller = Speller.of_counts(dict(zip(words, arrays["counts"].tolist(), strict=True)))
                spaces: dict[str, Space] = {}
                bodies: dict[str, Postings] = {}
                for name, extract in _EXTRACTS.items():
                    rows = _postings(arrays, f"{name}_rows", len(corpus.phrasings))
                    spaces[name] = Space(extract, arrays[f"{name}_terms"], arrays[f"{name}_idf"], rows)
                    bodies[name] = _postings(arrays, f"{name}_bodies", len(corpus.entries))
                usage: Usage = json.loads(arrays["usage"].tobytes())
        except (OSError, EOFError, BadZipFile, KeyError, ValueError):
            return None
        return cls(corpus, speller, spaces, bodies, usage)


def _usage(corpus: Corpus, read: Sequence[Spelled]) -> Usage:
    usage: dict[str, Counter[str]] = {entry: Counter() for entry in corpus.entries}
    for owner, spelled in zip(corpus.owners.tolist(), read, strict=True):
        usage[corpus.entries[owner]].update(set(spelled.folded))
    return {entry: dict(counts) for entry, counts in usage.items()}


def mix(cosines: dict[str, Floats]) -> Floats:
    """The kernel of the classifier: words and letters count fully, marks half."""
    return np.asarray(cosines["words"] + cosines["letters"] + 0.5 * cosines["accents"], dtype=np.float32)


def _joined(words: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _split(raw: npt.NDArray[np.uint8]) -> list[str]:
    return raw.tobytes().decode().split("\n")


def _postings(arrays: object, prefix: str, size: int) -> Postings:
    def part(name: str) -> npt.NDArray[np.generic]:
        found: npt.NDArray[np.generic] = arrays[f"{prefix}_{name}"]  # type: ignore[index]
        return found

    return Postings(
        size, part("starts").astype(np.int64), part("rows").astype(np.int32), part("weights").astype(np.float32)
    )
