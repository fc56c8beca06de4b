"""What is measured on one core, each in a process of its own (see `bot.evaluation.measured`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from bot.app import build_core
from bot.clock import now
from bot.config import load_settings
from bot.evaluation import growth, rivals
from bot.evaluation.questions import OWN, load_questions
from bot.evaluation.timing import Contestant, Rounds, contest
from handlers.conversation import Conversation, new_memory
from handlers.turn import Turn
from knowledge.base import KnowledgeBase, load
from knowledge.search.engine import Search
from knowledge.search.index import Corpus, PhrasingIndex
from knowledge.search.spelling import Speller

WARM_UP = 20
MAX_QUESTIONS = 800

Row = dict[str, Any]


def questions(base: KnowledgeBase, path: Path = OWN) -> list[str]:
    """A fixed mix: the evaluation's own questions where they are, else phrasings; shuffled the same way every time."""
    if path.exists():
        texts = [question.text for question in load_questions(path)]
    else:
        texts = [text for entry in base.entries.values() for text in entry.phrasings[:2]]
    Random(1).shuffle(texts)  # noqa: S311 - the same in every run is what is wanted
    return texts[:MAX_QUESTIONS]


def turns(rounds: int, allowance: float) -> Iterator[Row]:
    """Whole turns and the search alone, beside bm25s and rapidfuzz. Embeddings as the settings say."""
    core = build_core(load_settings())
    search, today = core.search, now().date()
    phrasings = search.index.corpus.phrasings
    simple: Mapping[str, Contestant] = (
        {} if search.embedded else {"bm25s": rivals.bm25(phrasings), "rapidfuzz": rivals.fuzzy(phrasings)}
    )

    def prepare() -> Mapping[str, Contestant]:
        conversation = Conversation(core.base, without_caches(search))
        return {
            "turn": lambda text: conversation.respond(Turn(new_memory(), today, text, case_number="HS-000-000")),
            "search": without_caches(search).find,
            **simple,
        }

    asked = questions(core.base)
    contest(prepare, asked[:WARM_UP], 1, allowance)
    yield from rows(contest(prepare, asked, rounds, allowance), "search")


def without_caches(search: Search) -> Search:
    """The same search with nothing remembered of earlier questions."""
    index = search.index
    speller = Speller.of_counts(index.speller.counts)
    fresh = PhrasingIndex(index.corpus, speller, index.vocabulary, index.phrasings, index.bodies, index.usage)
    return Search(fresh, search.model, search._embedder)  # noqa: SLF001


def rows(results: Mapping[str, Rounds], yardstick: str) -> Iterator[Row]:
    """One row for each contestant; `ratio` is how many times as long as the yardstick it takes."""
    for name, result in results.items():
        yield {
            "name": name,
            "questions": result.questions,
            "per_second": result.per_second,
            "p50": result.percentile(50),
            "p99": result.percentile(99),
            "ratio": result.times_as_long_as(results[yardstick]),
        }


def growth_ours(rounds: int, allowance: float) -> Iterator[Row]:
    """The index with 1, 10 and 100 times the phrasings. The last repeats the second: reading more takes minutes."""
    base = load()
    asked, corpus = questions(base), Corpus.of(base)
    index = PhrasingIndex.build(corpus)
    yield _grown_row("ours", 1, lambda: growth.index_part(index), len(index.corpus.owners), asked, rounds, allowance)
    index = PhrasingIndex.build(growth.grown(corpus, 10))
    yield _grown_row("ours", 10, lambda: growth.index_part(index), len(index.corpus.owners), asked, rounds, allowance)
    index = growth.repeated(index, 10)
    yield _grown_row("ours", 100, lambda: growth.index_part(index), len(index.corpus.owners), asked, rounds, allowance)


def growth_rival(name: str, rounds: int, allowance: float, factors: Sequence[int] = (1, 10, 100)) -> Iterator[Row]:
    """bm25s or rapidfuzz with 1, 10 and 100 times the phrasings, all of them varied."""
    base = load()
    asked, corpus = questions(base), Corpus.of(base)
    for factor in factors:
        phrasings = growth.grown(corpus, factor).phrasings
        rival = (rivals.bm25 if name == "bm25s" else rivals.fuzzy)(phrasings)
        yield _grown_row(name, factor, lambda: rival, len(phrasings), asked, rounds, allowance)  # noqa: B023


def _grown_row(
    name: str, factor: int, make: Callable[[], Contestant], size: int, asked: list[str], rounds: int, allowance: float
) -> Row:
    contest(lambda: {name: make()}, asked[:WARM_UP], 1, allowance / 4)
    result = contest(lambda: {name: make()}, asked, rounds, allowance)[name]
    return {
        "name": name,
        "factor": factor,
        "phrasings": size,
        "questions": result.questions,
        "p50": result.percentile(50),
    }
