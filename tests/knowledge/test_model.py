"""What was learned: saved and read back, and applied to a knowledge base that has changed since."""

from __future__ import annotations

import dataclasses
import gc
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import pytest

from knowledge.search import fitting
from knowledge.search.embedding import DIMENSIONS
from knowledge.search.engine import Search, build_search
from knowledge.search.fitting import as_asked, fit
from knowledge.search.folding import fold
from knowledge.search.index import Corpus, PhrasingIndex
from knowledge.search.model import EVIDENCE, Embeddings, Model, hashes
from tests.knowledge.tiny import Tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.base import KnowledgeBase
    from knowledge.search.vectors import Floats

PAY = "faq/tien/tien-dong.md"
NEW_ENTRY = """\
+++
id = "gap-nguoi"
title = "Gặp người thật"
topic = "the"
kind = "answer"
phrasings = ["gặp cán bộ", "nói với người", "cho gặp nhân viên", "cần người thật", "gọi ai", "hỏi ai", "ai giúp", "tìm"]
sources = ["nd-188"]
reviewed = 2026-11-21
review_by = 2027-01-01
next = ["tien-dong"]
+++
Bạn gọi tổng đài.
"""


@pytest.fixture(scope="module", autouse=True)
def _every_file_is_closed() -> Iterator[None]:
    """A file that was left open is told before other tests begin."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """What the tiny knowledge base teaches."""
    return fit(Tiny.write(tmp_path_factory.mktemp("tiny")).load(), None)[0]


def found(base: KnowledgeBase, model: Model, text: str) -> list[str]:
    index = PhrasingIndex.build(Corpus.of(base))
    return [candidate.entry_id for candidate in Search(index, model.aligned(index)).find(text)]


def test_the_fit_finds_what_it_learned_from(tiny: Tiny, model: Model) -> None:
    for entry in tiny.load().entries.values():
        for phrasing in entry.phrasings:
            assert found(tiny.load(), model, phrasing)[0] == entry.id


def test_the_fit_reports_what_it_reached(tiny: Tiny) -> None:
    told: list[float] = []
    _, report = fit(tiny.load(), None, lambda _what, share: told.append(share))
    assert (report.entries, report.phrasings) == (2, 18)
    assert 0.5 <= report.first <= report.among_three <= 1
    assert report.first_embedded is None
    assert told == sorted(told)


def test_a_large_kernel_is_inverted_by_halves(tiny: Tiny, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "LARGEST", 5)
    by_halves, _ = fit(tiny.load(), None)
    np.testing.assert_allclose(by_halves.dual, model.dual, atol=1e-5)


def test_messages_teach_the_network_and_are_not_searched(tiny: Tiny) -> None:
    base = tiny.load()
    messages = {"mat-the": ("bị thu mấy hôm nay chưa trả", "mấy bữa rồi còn bị thu")}
    taught, report = fit(base, None, messages=messages)
    plain, _ = fit(base, None)
    index = PhrasingIndex.build(Corpus.of(base))
    asked = index.read("bị thu mấy bữa")
    assert report.messages == 2
    assert taught.phrasings.tolist() == plain.phrasings.tolist()
    place = taught.entries.index("mat-the")
    said = [Search(index, model).evidence(asked)[EVIDENCE.index("network"), place] for model in (taught, plain)]
    assert said[0] > said[1]


class ByLetters:
    """An embedder that knows a text by its letters, unaccented, at their places among DIMENSIONS."""

    def query(self, text: str) -> Floats:
        vector = np.full(DIMENSIONS, 0.01, np.float32)
        for group in (fold(text)[place : place + 3] for place in range(len(text))):
            vector[crc32(group.encode()) % DIMENSIONS] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    passage = query


def test_with_embeddings_an_unsure_message_is_ranked_by_them_too(tiny: Tiny, tmp_path: Path) -> None:
    base, told = tiny.load(), []
    model, report = fit(base, ByLetters(), lambda _what, share: told.append(share))
    assert report.first_embedded is not None
    assert told == sorted(told)
    model.save(tmp_path / "model.npz")
    loaded = Model.load(tmp_path / "model.npz")
    index = PhrasingIndex.build(Corpus.of(base))
    words, both = Search(index, loaded), Search(index, loaded, ByLetters())
    assert (words.embedded, both.embedded) == (False, True)
    unsure = both.read("làm mất bảng giá")
    assert both.rank(unsure) != words.rank(unsure)
    assert both.rank(unsure, by_words=True) == words.rank(unsure)
    assert both.find("mất thẻ")[0].entry_id == "mat-the"


def test_about_a_third_of_the_phrasings_is_asked_without_marks_always_the_same(base: KnowledgeBase) -> None:
    phrasings = tuple(phrasing for entry in base.entries.values() for phrasing in entry.phrasings)
    asked = as_asked(phrasings)
    changed = sum(one != other for one, other in zip(asked, phrasings, strict=True))
    assert 0.28 * len(phrasings) < changed < 0.38 * len(phrasings)
    assert as_asked(phrasings[::-1]) == asked[::-1]


def test_a_saved_model_says_the_same(model: Model, tmp_path: Path) -> None:
    ones = np.ones((2, 4), np.float32)
    assert model.network is not None
    for written in (
        model,
        dataclasses.replace(model, embeddings=Embeddings(ones[0], model.network, ones)),
        dataclasses.replace(model, network=None),
    ):
        written.save(tmp_path / "model.npz")
        loaded = Model.load(tmp_path / "model.npz")
        assert (loaded.entries, loaded.digest) == (written.entries, written.digest)
        np.testing.assert_array_equal(loaded.phrasings, written.phrasings)
        np.testing.assert_allclose(loaded.dual, written.dual, atol=float(np.abs(written.dual).max()) / 100)
        np.testing.assert_allclose(loaded.weights, written.weights)
        assert (loaded.embeddings is None) == (written.embeddings is None)
        assert (loaded.network is None) == (written.network is None)
        if loaded.network is not None and written.network is not None:
            asked = np.ones(len(written.network.hidden), np.float32)
            np.testing.assert_allclose(loaded.network.log_chances(asked), written.network.log_chances(asked), atol=0.1)


def test_a_model_of_this_knowledge_base_is_taken_as_it_is(tiny: Tiny, model: Model) -> None:
    assert model.aligned(PhrasingIndex.build(Corpus.of(tiny.load()))) is model


def test_a_phrasing_added_after_the_fit_is_found_first(tiny: Tiny, model: Model) -> None:
    added = tiny.swap(PAY, '"thu mấy"', '"thu mấy", "xin bảng giá năm nay"').load()
    assert found(added, model, "xin bảng giá năm nay")[0] == "tien-dong"
    assert found(added, model, "mất thẻ")[0] == "mat-the"


def test_an_entry_added_after_the_fit_is_found_first(tiny: Tiny, model: Model) -> None:
    (tiny.root / "faq/the/gap-nguoi.md").write_text(NEW_ENTRY, encoding="utf-8")
    for text in ("gặp cán bộ", "can nguoi that"):
        assert found(tiny.load(), model, text)[0] == "gap-nguoi"
    assert found(tiny.load(), model, "mất thẻ")[0] == "mat-the"


def test_an_entry_removed_after_the_fit_is_never_found(tiny: Tiny) -> None:
    path = tiny.root / "faq/the/gap-nguoi.md"
    path.write_text(NEW_ENTRY, encoding="utf-8")
    model, _ = fit(tiny.load(), None)
    path.unlink()
    for text in ("gặp cán bộ", "cần người thật", "mất thẻ"):
        assert set(found(tiny.load(), model, text)) == {"mat-the", "tien-dong"}


def test_without_a_model_the_search_still_ranks(tiny: Tiny, tmp_path: Path) -> None:
    search = build_search(tiny.load(), "off", model_path=tmp_path / "none.npz")
    assert not search.fitted
    assert search.find("mất thẻ")[0].entry_id == "mat-the"
    assert search.find("nộp bao nhiêu")[0].entry_id == "tien-dong"


@pytest.mark.parametrize("raw", [b"", b"not an archive", b"PK\x03\x04broken"])
def test_a_damaged_model_is_as_none(tiny: Tiny, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "model.npz").write_bytes(raw)
    search = build_search(tiny.load(), "off", model_path=tmp_path / "model.npz")
    assert search.find("mất thẻ")[0].entry_id == "mat-the"


def test_a_half_written_model_is_as_none(tiny: Tiny, model: Model, tmp_path: Path) -> None:
    file = tmp_path / "model.npz"
    model.save(file)
    file.write_bytes(file.read_bytes()[:-40])
    assert build_search(tiny.load(), "off", model_path=file).find("mất thẻ")[0].entry_id == "mat-the"


def test_probabilities_add_up_and_are_ordered(search: Search) -> None:
    candidates = search.find("học sinh đóng bao nhiêu tiền", limit=len(search.index.corpus.entries))
    chances = [candidate.probability for candidate in candidates]
    assert sum(chances) == pytest.approx(1, abs=1e-3)
    assert chances == sorted(chances, reverse=True)


def test_a_text_without_words_finds_nothing(search: Search) -> None:
    assert search.find("🙂 …") == []


def test_the_nearest_phrasing_belongs_to_the_entry(search: Search, base: KnowledgeBase) -> None:
    text = "mat the bhyt thi lam sao"
    for candidate in search.find(text, 5):
        entry = base.entry(candidate.entry_id)
        nearest = search.nearest(text, entry.id)
        assert nearest in {entry.title, entry.title_en, *entry.phrasings, *entry.phrasings_en}
        assert search.nearest(nearest, entry.id) == nearest


def test_most_phrasings_find_their_own_entry(search: Search) -> None:
    corpus = search.index.corpus
    rows = range(0, len(corpus.phrasings), 97)
    found = ((search.find(corpus.phrasings[row], 1), corpus.entries[corpus.owners[row]]) for row in rows)
    hits = sum(bool(candidates) and candidates[0].entry_id == owner for candidates, owner in found)
    assert hits >= 0.85 * len(rows)  # how well it reads new words is measured by `bhyt-bot eval`


def test_keys_of_phrasings_stay_the_same() -> None:
    assert hashes(("mất thẻ",)).tolist() == hashes(("mất thẻ",)).tolist()
    assert len(set(hashes(("a", "b", "ab")).tolist())) == 3
