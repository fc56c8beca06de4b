"""An index after some answers changed: only what is new is read.

The terms and weights of what stays are kept, so a weight differs in its third digit from the one that a new index would
have. Updating the same index to the same answers always gives the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from knowledge.search.index import Corpus, PhrasingIndex, Usage
from knowledge.search.spelling import Speller
from knowledge.search.vectors import Codes, Places, Postings, Vector, Vocabulary, codes

Row = tuple[str, str]
"""An entry and one of its texts."""


def updated(index: PhrasingIndex, corpus: Corpus) -> PhrasingIndex:
    """The index of a corpus that differs little from that of `index`."""
    old_rows, rows = _phrasing_rows(index.corpus), _phrasing_rows(corpus)
    old_bodies, bodies = _body_rows(index.corpus), _body_rows(corpus)
    new, new_bodies = _new(rows, old_rows), _new(bodies, old_bodies)
    speller = index.speller.knowing(text for _, text in (*new, *new_bodies))
    read = {number: speller.read(row[1]) for number, row in enumerate(rows) if row in new}
    vocabulary = _extended(index.vocabulary, [codes(spelled) for spelled in read.values()], len(rows))
    moved = np.searchsorted(vocabulary.codes, index.vocabulary.codes)
    added = {number: vocabulary.vector(spelled) for number, spelled in read.items()}
    added_bodies = {
        number: vocabulary.vector(speller.read(row[1])) for number, row in enumerate(bodies) if row in new_bodies
    }
    return PhrasingIndex(
        corpus,
        speller,
        vocabulary,
        _changed(index.phrasings, _places(old_rows, rows), added, len(rows), vocabulary, moved),
        _changed(index.bodies, _places(old_bodies, bodies), added_bodies, len(bodies), vocabulary, moved),
        _usage(index, corpus, {entry for entry, _ in set(old_rows) ^ set(rows)}, speller),
    )


def _phrasing_rows(corpus: Corpus) -> list[Row]:
    owners = corpus.owners.tolist()
    return [(corpus.entries[owner], text) for owner, text in zip(owners, corpus.phrasings, strict=True)]


def _body_rows(corpus: Corpus) -> list[Row]:
    return list(zip(corpus.entries, corpus.bodies, strict=True))


def _new(rows: list[Row], old: list[Row]) -> dict[Row, None]:
    """Those that were not there before, in order."""
    known = set(old)
    return dict.fromkeys(row for row in rows if row not in known)


def _places(old: list[Row], rows: list[Row]) -> Places:
    """Where each old row stands now; -1 when nowhere."""
    now = {row: number for number, row in enumerate(rows)}
    return np.array([now.get(row, -1) for row in old], dtype=np.int64)


def _extended(vocabulary: Vocabulary, texts: list[Codes], rows: int) -> Vocabulary:
    once = [np.unique(of_text) for of_text in texts]
    found, counts = np.unique(np.concatenate([np.empty(0, np.int64), *once]), return_counts=True)
    unknown = ~np.isin(found, vocabulary.codes)
    idf = np.log((1 + rows) / (1 + counts[unknown])) + 1
    together = np.concatenate([vocabulary.codes, found[unknown]])
    order = np.argsort(together, kind="stable")
    weights = np.concatenate([vocabulary.idf, idf.astype(np.float32)])
    return Vocabulary(together[order], weights[order], rows)


def _changed(
    postings: Postings,
    places: Places,
    added: Mapping[int, Vector],
    texts: int,
    vocabulary: Vocabulary,
    moved: Places,
) -> Postings:
    """The postings with rows at other places and new rows; `moved` says which number each old term has now."""
    spaces = postings.size // max(1, len(places))
    of_spaces = np.concatenate([np.where(places < 0, -1, places + space * texts) for space in range(spaces)])
    rows = of_spaces[postings.rows]
    kept = rows >= 0
    terms = np.repeat(moved, np.diff(postings.starts))
    all_rows, all_terms, all_weights = [rows[kept]], [terms[kept]], [postings.weights[kept]]
    for row, vector in added.items():
        own = vocabulary.spaces(vector.terms)
        held = own < spaces
        all_rows.append(row + own[held] * texts)
        all_terms.append(vector.terms[held].astype(np.int64))
        all_weights.append(vector.weights[held])
    common = np.zeros(len(vocabulary.codes), dtype=np.bool_)
    common[moved] = postings.common
    whole = (np.concatenate(all_rows), np.concatenate(all_terms), np.concatenate(all_weights))
    return Postings.build(spaces * texts, *whole, common)


def _usage(index: PhrasingIndex, corpus: Corpus, changed: set[str], speller: Speller) -> Usage:
    usage = {entry: index.usage.get(entry, {}) for entry in corpus.entries}
    starts = np.searchsorted(corpus.owners, np.arange(len(corpus.entries) + 1)).tolist()
    for number, entry in enumerate(corpus.entries):
        if entry in changed:
            counts: Counter[str] = Counter()
            for text in corpus.phrasings[starts[number] : starts[number + 1]]:
                counts.update(set(speller.read(text).folded))
            usage[entry] = dict(counts)
    return usage
