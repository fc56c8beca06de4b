"""The index of phrasings: saved and read back it finds the same; one that does not fit is built anew."""

from __future__ import annotations

import dataclasses
import gc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge.search.engine import build_search
from knowledge.search.index import Corpus, PhrasingIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.knowledge.tiny import Tiny

QUESTIONS = ["mất thẻ", "mat the roi lam sao", "đóng mấy tiền", "phi the bn", "xyz", ""]


@pytest.fixture(autouse=True)
def _every_file_is_closed() -> Iterator[None]:
    """A file that was left open is told in the test that opened it."""
    yield
    gc.collect()


@pytest.fixture
def corpus(tiny: Tiny) -> Corpus:
    return Corpus.of(tiny.load())


@pytest.fixture
def saved(corpus: Corpus, tmp_path: Path) -> Path:
    file = tmp_path / "cache" / "index.npz"
    PhrasingIndex.build(corpus).save(file)
    return file


def test_a_saved_index_finds_the_same(corpus: Corpus, saved: Path) -> None:
    built, loaded = PhrasingIndex.build(corpus), PhrasingIndex.load(saved, corpus)
    assert loaded is not None
    for question in QUESTIONS:
        assert loaded.read(question) == built.read(question)
        np.testing.assert_array_equal(loaded.mixed(loaded.read(question)), built.mixed(built.read(question)))


def test_saving_leaves_one_file(saved: Path) -> None:
    assert [path.name for path in saved.parent.iterdir()] == ["index.npz"]


def test_an_index_of_other_phrasings_is_not_read(corpus: Corpus, saved: Path) -> None:
    changed = dataclasses.replace(corpus, phrasings=(*corpus.phrasings[:-1], "câu khác"))
    assert changed.digest != corpus.digest
    assert PhrasingIndex.load(saved, changed) is None


@pytest.mark.parametrize("field", ["entries", "phrasings", "bodies"])
def test_the_digest_changes_with_every_text(corpus: Corpus, field: str) -> None:
    changed = dataclasses.replace(corpus, **{field: (*getattr(corpus, field)[:-1], "khác")})
    assert changed.digest != corpus.digest


def test_the_digest_changes_when_a_phrasing_moves_to_another_entry(corpus: Corpus) -> None:
    owners = corpus.owners.copy()
    owners[0], owners[-1] = owners[-1], owners[0]
    assert dataclasses.replace(corpus, owners=owners).digest != corpus.digest


def test_there_may_be_no_index_yet(corpus: Corpus, tmp_path: Path) -> None:
    assert PhrasingIndex.load(tmp_path / "none.npz", corpus) is None


@pytest.mark.parametrize("damage", ["empty", "text", "half", "end", "other"])
def test_a_damaged_index_is_not_read(corpus: Corpus, saved: Path, damage: str) -> None:
    raw = saved.read_bytes()
    if damage == "other":
        np.savez(saved, digest=np.array(corpus.digest))
    else:
        parts = {"empty": b"", "text": b"not an archive", "half": raw[: len(raw) // 2], "end": raw[:-30]}
        saved.write_bytes(parts[damage])
    assert PhrasingIndex.load(saved, corpus) is None


def test_a_damaged_index_is_replaced_at_the_next_start(tiny: Tiny, tmp_path: Path) -> None:
    base, cache = tiny.load(), tmp_path / "cache"
    build_search(base, "off", cache)
    (file,) = cache.iterdir()
    sound = file.read_bytes()
    file.write_bytes(sound[: len(sound) // 2])
    assert build_search(base, "off", cache).find("mất thẻ")[0].entry_id == "mat-the"
    assert PhrasingIndex.load(file, Corpus.of(base)) is not None


def test_the_index_of_other_phrasings_makes_way(tiny: Tiny, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    build_search(tiny.load(), "off", cache)
    (before,) = cache.iterdir()
    being_written = cache / "index-0.part.npz"
    being_written.touch()
    build_search(tiny.swap("faq/the/mat-the.md", '"làm rơi"', '"rơi xuống sông"').load(), "off", cache)
    assert not before.exists()
    assert being_written.exists()
    assert len(list(cache.iterdir())) == 2


def test_every_entry_begins_where_its_first_phrasing_stands(corpus: Corpus) -> None:
    index = PhrasingIndex.build(corpus)
    assert [corpus.owners[start] for start in index.starts] == list(range(len(corpus.entries)))
    best = index.best_of_entries(np.arange(len(corpus.phrasings), dtype=np.float32))
    assert best.tolist() == [index.starts[1] - 1, len(corpus.phrasings) - 1]


def test_the_corpus_holds_every_phrasing_once_with_the_title(corpus: Corpus) -> None:
    assert len(set(corpus.phrasings)) == len(corpus.phrasings)
    assert {"Mất thẻ", "mất thẻ", "Đóng bao nhiêu?"} <= set(corpus.phrasings)
    assert "" not in corpus.phrasings
