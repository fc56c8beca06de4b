"""`knowledge fit`: learn the classifier, the networks and the weights of all evidence from phrasings and messages.

Every phrasing is asked as a question while it is left out of the index, and every message as it is, about a third
without diacritics; the weights are those that give the right entry the highest probability (conditional logistic
regression).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from zlib import crc32

import numpy as np
import numpy.typing as npt

from knowledge.base import KnowledgeBase
from knowledge.search.embedding import Embedder
from knowledge.search.engine import centre
from knowledge.search.folding import fold
from knowledge.search.index import Corpus, PhrasingIndex, mix
from knowledge.search.model import EVIDENCE, EVIDENCE_EMBEDDED, RIDGE, Embeddings, Model, hashes
from knowledge.search.network_fit import FOLDS, OVER_SENTENCES, OVER_TERMS, Owners, Size, Step, inputs, learn
from knowledge.search.spelling import Spelled
from knowledge.search.vectors import Floats

PENALTY = 0.5
CHUNK = 1024
LEARNED_PER_ENTRY = 600
LARGEST = 16_000
"""Rows of a matrix that is inverted at once: the OpenBLAS of scipy 1.17 ends the process with 26,000."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class FitReport:
    """What the fit reached on what was left out: share with the right entry first, and among the first three."""

    phrasings: int
    messages: int
    entries: int
    first: float
    among_three: float
    first_embedded: float | None
    weights: dict[str, float]


def fit(
    base: KnowledgeBase,
    embedder: Embedder | None,
    progress: Progress = lambda _what, _share: None,
    *,
    per_entry: int = LEARNED_PER_ENTRY,
    messages: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[Model, FitReport]:
    """Learn a model; minutes, and some gigabytes of memory for the classifier's matrix of all pairs of phrasings.

    At most `per_entry` phrasings of an entry take part in the learning; all of them are searched in any case. The
    networks and the weights learn from `messages` too, given by entry.
    """
    corpus = Corpus.of(base)
    progress("index", 0.0)
    index = PhrasingIndex.build(corpus)
    sample = spread(corpus, per_entry)
    owners = corpus.owners[sample]
    targets = np.zeros((len(sample), len(corpus.entries)), dtype=np.float32)
    targets[np.arange(len(sample)), owners] = 1
    progress("classifier", 0.05)
    inverse = _inverse(np.stack([index.mixed(index.read(corpus.phrasings[number]))[sample] for number in sample]))
    learned = inverse @ targets
    dual = np.zeros((len(corpus.phrasings), len(corpus.entries)), dtype=np.float32)
    dual[sample] = learned
    progress("evidence", 0.15)
    asked = as_asked(corpus.phrasings)
    told = [(number, text) for number, entry in enumerate(corpus.entries) for text in messages.get(entry, ())]
    questions = [index.read(asked[number]) for number in sample]
    evidence = _evidence(index, questions, sample, inverse, learned)
    del inverse
    strange = [index.read(text) for text in as_asked(tuple(text for _, text in told))]
    evidence = np.concatenate([evidence, _evidence_of_strangers(index, strange, sample, learned)])
    questions += strange
    owners = np.concatenate([owners, np.array([number for number, _ in told], dtype=owners.dtype)])
    network, named = learn(
        inputs(index, questions),
        owners,
        len(corpus.entries),
        OVER_TERMS,
        _steps(progress, OVER_TERMS, "network", 0.2, 0.4),
    )
    evidence = np.insert(evidence, EVIDENCE.index("network"), named, axis=1)
    progress("weights", 0.4)
    weights = _conditional_logit(evidence, owners)
    first, among_three = _hits(weights, evidence, owners)
    embeddings, weights_embedded, first_embedded = None, np.zeros(len(EVIDENCE_EMBEDDED), np.float32), None
    if embedder is not None:
        embeddings, rows = _fit_embeddings(corpus, questions, embedder, owners, progress)
        evidence = np.concatenate([evidence, rows], axis=1)
        weights_embedded = _conditional_logit(evidence, owners)
        first_embedded = _hits(weights_embedded, evidence, owners)[0]
    report = FitReport(
        phrasings=len(sample),
        messages=len(told),
        entries=len(corpus.entries),
        first=first,
        among_three=among_three,
        first_embedded=first_embedded,
        weights=dict(
            zip(EVIDENCE_EMBEDDED, (weights if embedder is None else weights_embedded).tolist(), strict=False)
        ),
    )
    model = Model(
        corpus.entries, hashes(corpus.phrasings), dual, network, weights, weights_embedded, embeddings, corpus.digest
    )
    return model, report


def as_asked(phrasings: tuple[str, ...]) -> list[str]:
    """The phrasings as the fit asks them: about a third, always the same, without diacritics as on many phones."""
    return [fold(text) if crc32(text.encode()) % 3 == 0 else text for text in phrasings]


def spread(corpus: Corpus, per_entry: int) -> npt.NDArray[np.int64]:
    """Row numbers of at most `per_entry` phrasings of each entry, evenly spread over those it has."""
    rows = [np.flatnonzero(corpus.owners == number) for number in range(len(corpus.entries))]
    return np.concatenate([own[np.unique(np.linspace(0, len(own) - 1, per_entry).astype(int))] for own in rows])


def _inverse(kernel: Floats) -> Floats:
    """The inverse of the regularised kernel, computed in its own memory."""
    kernel[np.diag_indices_from(kernel)] += RIDGE
    return _inverted(kernel)


def _inverted(matrix: Floats) -> Floats:
    """The inverse of a positive definite matrix, in its own memory; of a large one by halves (Schur's complement)."""
    if len(matrix) <= LARGEST:
        return _inverted_at_once(matrix)
    half = len(matrix) // 2
    first = _inverted(matrix[:half, :half].copy())
    across = first @ matrix[:half, half:]
    second = _inverted(matrix[half:, half:] - matrix[half:, :half] @ across)
    between = across @ second
    matrix[:half, :half] = first + between @ across.T
    matrix[half:, half:] = second
    matrix[:half, half:] = -between
    matrix[half:, :half] = -between.T
    return matrix


def _inverted_at_once(matrix: Floats) -> Floats:
    from scipy.linalg.lapack import spotrf, spotri  # noqa: PLC0415  only the fit needs it

    factor, failed = spotrf(matrix.T, lower=True, overwrite_a=True)
    if failed:
        raise ValueError("the kernel is not positive definite")
    inverse, failed = spotri(factor, lower=True, overwrite_c=True)
    if failed:
        raise ValueError("the kernel cannot be inverted")
    for start in range(0, len(inverse), CHUNK):
        rows = slice(start, start + CHUNK)
        inverse[rows, start:] = np.triu(inverse[start:, rows].T, 1) + np.tril(inverse[rows, start:])
    return np.asarray(inverse, dtype=np.float32)


def _evidence(
    index: PhrasingIndex, questions: list[Spelled], sample: npt.NDArray[np.int64], inverse: Floats, learned: Floats
) -> Floats:
    """Shape (questions, kinds of evidence, entries), without the network's; the phrasing of a question is left out.

    For the classifier that has a closed form (no refitting): its answer less what the phrasing itself contributed.
    """
    rows = np.empty((len(questions), len(EVIDENCE) - 1, learned.shape[1]), dtype=np.float32)
    for start in range(0, len(questions), CHUNK):
        numbers = np.arange(start, min(start + CHUNK, len(questions)))
        kernel = np.empty((len(numbers), len(sample)), dtype=np.float32)
        for position, number in enumerate(numbers):
            vector = index.vector(questions[number])
            cosines = index.cosines(vector)
            kernel[position] = mix(cosines)[sample]
            cosines[:, sample[number]] = 0
            rows[number, 1:] = np.vstack([index.best_of_entries(cosines), index.body_cosines(vector)])
        influence = np.einsum("ij,ij->i", kernel, inverse[numbers]) / inverse[numbers, numbers]
        rows[numbers, 0] = kernel @ learned - influence[:, None] * learned[numbers]
    return rows


def _evidence_of_strangers(
    index: PhrasingIndex, questions: list[Spelled], sample: npt.NDArray[np.int64], learned: Floats
) -> Floats:
    """The same for questions that are not in the index."""
    rows = np.empty((len(questions), len(EVIDENCE) - 1, learned.shape[1]), dtype=np.float32)
    for number, question in enumerate(questions):
        vector = index.vector(question)
        cosines = index.cosines(vector)
        rows[number, 0] = mix(cosines)[sample] @ learned
        rows[number, 1:] = np.vstack([index.best_of_entries(cosines), index.body_cosines(vector)])
    return rows


def _fit_embeddings(
    corpus: Corpus, questions: list[Spelled], embedder: Embedder, owners: Owners, progress: Progress
) -> tuple[Embeddings, Floats]:
    """The network over sentence embeddings, and its evidence with each question left out."""
    vectors = []
    for number, question in enumerate(questions):
        progress("embeddings", 0.45 + 0.4 * number / len(questions))
        vectors.append(embedder.query(" ".join(question.words)))
    mean = np.mean(vectors, axis=0)
    features = np.stack([centre(vector, mean) for vector in vectors])
    passages = np.stack([embedder.passage(body) for body in corpus.bodies])
    passages = np.stack([centre(vector, passages.mean(axis=0)) for vector in passages])
    steps = _steps(progress, OVER_SENTENCES, "network", 0.85, 1.0)
    network, named = learn(features, owners, len(corpus.entries), OVER_SENTENCES, steps)
    rows = np.stack([named, features @ passages.T], axis=1).astype(np.float32)
    return Embeddings(mean, network, passages), rows


def _steps(progress: Progress, size: Size, what: str, start: float, end: float) -> Step:
    """Tells the progress of learning a network, which is a part of the whole."""
    parts = iter(np.linspace(start, end, size.epochs * (FOLDS + 1)).tolist())
    return lambda: progress(what, next(parts, end))


def _conditional_logit(evidence: Floats, owners: npt.NDArray[np.int32], steps: int = 40) -> Floats:
    """Weights that maximise the probability of the right entry: Newton's method, with steps halved until they help."""
    weights = np.ones(evidence.shape[1], dtype=np.float64)
    right = evidence[np.arange(len(owners)), :, owners].astype(np.float64)

    def chances_and_loss(candidate: npt.NDArray[np.float64]) -> tuple[Floats, float]:
        logits = np.einsum("f,nfe->ne", candidate.astype(np.float32), evidence)
        highest = logits.max(axis=1, keepdims=True)
        exponents = np.exp(logits - highest)
        totals = exponents.sum(axis=1, keepdims=True)
        loss = float((np.log(totals) + highest).sum() - right.sum(axis=0) @ candidate + PENALTY * candidate @ candidate)
        return (exponents / totals).astype(np.float32), loss

    chances, loss = chances_and_loss(weights)
    for _ in range(steps):
        mean = np.einsum("nfe,ne->nf", evidence, chances).astype(np.float64)
        gradient = (right - mean).sum(axis=0) - 2 * PENALTY * weights
        second = np.stack(
            [np.einsum("ne,nfe->f", evidence[:, row, :] * chances, evidence) for row in range(len(weights))]
        )
        step = np.linalg.solve(second - mean.T @ mean + 2 * PENALTY * np.eye(len(weights)), gradient)
        size = 1.0
        while size > 1e-3:
            chances, new_loss = chances_and_loss(weights + size * step)
            if new_loss < loss:
                break
            size /= 2
        if size <= 1e-3 or loss - new_loss < 1e-5 * abs(loss):
            break
        weights, loss = weights + size * step, new_loss
    return weights.astype(np.float32)


def _hits(weights: Floats, evidence: Floats, owners: npt.NDArray[np.int32]) -> tuple[float, float]:
    """Share of questions with the right entry first, and among the first three."""
    logits = np.einsum("f,nfe->ne", weights, evidence)
    order = np.argsort(-logits, axis=1)[:, :3]
    hits = order == owners[:, None]
    return float(hits[:, 0].mean()), float(hits.any(axis=1).mean())
