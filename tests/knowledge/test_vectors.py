"""Weighted bags of words: a text is most like itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.engine import Search
from knowledge.search.spelling import Spelled
from knowledge.search.vectors import Postings, Space, Vector, accented_terms, letter_terms, word_terms


def spelled(text: str, *, accented: bool = False) -> Spelled:
    words = tuple(text.split())
    return Spelled(words, words, accented, english=False)


TEXTS = ["mat the bhyt", "mat the", "dong bao nhieu tien", "dong tien o dau", ""]
WORDS = sorted({word for text in TEXTS for word in text.split()})
SPACES = {extract.__name__: Space.build(extract, [spelled(text) for text in TEXTS]) for extract in (word_terms, letter_terms)}


def test_terms_are_words_and_pairs() -> None:
    assert word_terms(spelled("mat the bhyt")) == ["mat", "the", "bhyt", "mat the", "the bhyt"]


def test_letter_terms_are_groups_of_three_to_five() -> None:
    assert letter_terms(spelled("an")) == [" an", "an ", " an "]


def test_accented_terms_are_only_those_of_a_text_with_marks() -> None:
    assert accented_terms(spelled("mất thẻ", accented=True)) == ["mất", "thẻ", "mất thẻ"]
    assert accented_terms(spelled("mat the")) == []


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("row", range(len(TEXTS) - 1))
def test_a_text_is_most_like_itself(name: str, row: int) -> None:
    space = SPACES[name]
    cosines = space.cosines(space.vector(spelled(TEXTS[row])))
    assert cosines[row] == pytest.approx(1, abs=1e-5)
    assert int(np.argmax(cosines)) == row


@pytest.mark.parametrize("name", SPACES)
@given(words=st.lists(st.sampled_from([*WORDS, "la", "x", "🙂"]), max_size=12))
def test_a_cosine_lies_between_zero_and_one(name: str, words: list[str]) -> None:
    space = SPACES[name]
    cosines = space.cosines(space.vector(spelled(" ".join(words))))
    assert cosines.shape == (len(TEXTS),)
    assert cosines.min() >= 0
    assert cosines.max() <= 1 + 1e-5


def test_an_unknown_word_makes_a_text_less_alike() -> None:
    space = SPACES["word_terms"]
    alone, more = (space.cosines(space.vector(spelled(text)))[1] for text in ("mat the", "mat the ngan hang"))
    assert 0 < more < alone


def test_a_text_of_unknown_words_is_like_nothing() -> None:
    space = SPACES["word_terms"]
    assert not space.cosines(space.vector(spelled("xyz qwe"))).any()


def test_postings_of_nothing_give_nothing() -> None:
    empty = Postings.build([Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))], 3)
    assert empty.products(Vector(np.array([1], np.int32), np.array([1], np.float32))).tolist() == [0]


def test_postings_are_the_products_with_every_row() -> None:
    rows = [Vector(np.array([0, 2], np.int32), np.array([0.6, 0.8], np.float32)), Vector(np.array([2], np.int32), np.ones(1, np.float32))]
    products = Postings.build(rows, 3).products(Vector(np.array([2], np.int32), np.array([0.5], np.float32)))
    assert products.tolist() == pytest.approx([0.4, 0.5])


@pytest.mark.parametrize("name", ["words", "letters"])
def test_every_phrasing_of_the_knowledge_base_is_most_like_itself(search: Search, name: str) -> None:
    space, corpus = search.index.spaces[name], search.index.corpus
    for row in range(0, len(corpus.phrasings), 97):
        cosines = space.cosines(space.vector(search.read(corpus.phrasings[row])))
        assert cosines[row] == pytest.approx(1, abs=1e-3)
        assert cosines.max() <= 1 + 1e-3
