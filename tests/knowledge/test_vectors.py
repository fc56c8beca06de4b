"""Weighted bags of words: a text is most like itself."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.spelling import Spelled
from knowledge.search.vectors import Postings, Space, Vector, accented_codes, letter_codes, word_codes

if TYPE_CHECKING:
    from knowledge.search.engine import Search


def spelled(text: str, *, accented: bool = False) -> Spelled:
    words = tuple(text.split())
    return Spelled(words, words, accented, english=False)


TEXTS = ["mat the bhyt", "mat the", "dong bao nhieu tien", "dong tien o dau", ""]
WORDS = sorted({word for text in TEXTS for word in text.split()})
READ = [spelled(text) for text in TEXTS]
SPACES = {extract.__name__: Space.build(extract, READ) for extract in (word_codes, letter_codes)}


def test_terms_are_words_and_pairs() -> None:
    words, alone = word_codes(spelled("mat the bhyt")), word_codes(spelled("the"))
    assert len(words) == len(set(words.tolist())) == 5
    assert set(alone.tolist()) <= set(words.tolist())
    assert word_codes(spelled("mat the")).tolist() != word_codes(spelled("the mat")).tolist()


def test_letter_terms_are_groups_of_three_to_five() -> None:
    assert len(letter_codes(spelled("an"))) == 3
    assert len(letter_codes(spelled("mat the"))) == 7 + 6 + 5
    assert set(letter_codes(spelled("mat")).tolist()) & set(letter_codes(spelled("mat the")).tolist())


@pytest.mark.parametrize(("one", "other"), [("lop 1", "lop 2"), ("lop 1", "lop q"), ("muc 2", "muc r"), ("mat", "tam")])
def test_other_letters_and_digits_are_other_terms(one: str, other: str) -> None:
    assert sorted(letter_codes(spelled(one)).tolist()) != sorted(letter_codes(spelled(other)).tolist())


def test_accented_terms_are_only_those_of_a_text_with_marks() -> None:
    assert len(accented_codes(spelled("mất thẻ", accented=True))) == 3
    assert len(accented_codes(spelled("mat the"))) == 0


def test_codes_are_the_same_in_every_process() -> None:
    """Python's own hash differs from one start to the next; the index is kept on disk."""
    digest = hashlib.blake2b(b"mat", digest_size=8).digest()
    assert word_codes(spelled("mat")).tolist() == [int.from_bytes(digest, "little", signed=True)]


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
    space = SPACES["word_codes"]
    alone, more = (space.cosines(space.vector(spelled(text)))[1] for text in ("mat the", "mat the ngan hang"))
    assert 0 < more < alone


def test_a_text_of_unknown_words_is_like_nothing() -> None:
    space = SPACES["word_codes"]
    assert not space.cosines(space.vector(spelled("xyz qwe"))).any()


def test_a_common_term_is_weighed_but_not_looked_up() -> None:
    space = Space.build(word_codes, READ, common=0.2)
    assert not space.cosines(space.vector(spelled("the"))).any()
    assert space.cosines(space.vector(spelled("bhyt")))[0] > 0


def test_other_texts_can_be_compared_in_the_same_terms() -> None:
    space = SPACES["word_codes"]
    bodies = space.rows_of([spelled("mat the roi"), spelled("xyz")])
    assert bodies.products(space.vector(spelled("mat the")))[0] > 0.5
    assert bodies.products(space.vector(spelled("mat the")))[1] == 0


def test_postings_are_the_products_with_every_row() -> None:
    rows, terms = np.array([0, 0, 1], np.int32), np.array([0, 2, 2], np.int32)
    postings = Postings.build(2, rows, terms, np.array([0.6, 0.8, 1.0], np.float32), 3)
    assert postings.products(Vector(np.array([2], np.int32), np.array([0.5], np.float32))).tolist() == pytest.approx(
        [0.4, 0.5]
    )
    assert postings.products(Vector(np.array([1], np.int32), np.array([1], np.float32))).tolist() == [0, 0]
    assert postings.products(Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))).tolist() == [0, 0]


@pytest.mark.parametrize("name", ["words", "letters", "accents"])
def test_no_cosine_over_the_knowledge_base_exceeds_one(search: Search, name: str) -> None:
    space, corpus = search.index.spaces[name], search.index.corpus
    for row in range(0, len(corpus.phrasings), 197):
        cosines = space.cosines(space.vector(search.read(corpus.phrasings[row])))
        assert cosines.shape == (len(corpus.phrasings),)
        assert cosines.min() >= 0
        assert cosines.max() <= 1 + 1e-3
