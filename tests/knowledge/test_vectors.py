"""Weighted bags of words: a text is most like itself."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.spelling import Spelled
from knowledge.search.vectors import (
    SPACES,
    Postings,
    Vector,
    accented_codes,
    codes,
    index,
    letter_codes,
    rows_of,
    word_codes,
)

if TYPE_CHECKING:
    from knowledge.search.engine import Search


def spelled(text: str, *, accented: bool = False) -> Spelled:
    words = tuple(text.split())
    return Spelled(words, words, accented, english=False)


TEXTS = ["mat the bhyt", "mat the", "dong bao nhieu tien", "dong tien o dau", ""]
WORDS = sorted({word for text in TEXTS for word in text.split()})
READ = [spelled(text) for text in TEXTS]
VOCABULARY, POSTINGS = index(READ, common=(1, 1, 1))
ALIKE = ("words", "letters")


def cosines(text: str, space: str) -> npt.NDArray[np.float32]:
    products = POSTINGS.products(VOCABULARY.vector(spelled(text)))
    return products.reshape(len(SPACES), len(TEXTS))[SPACES.index(space)]


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


def test_no_two_spaces_share_a_term() -> None:
    """Only words with marks are held twice: folded, and as they were typed."""
    text = Spelled(("mất", "thẻ"), ("mat", "the"), accented=True, english=False)
    same = Spelled(("mat", "the"), ("mat", "the"), accented=True, english=False)
    for read in (text, same):
        assert len(set(codes(read).tolist())) == len(codes(read)) == 3 + 18 + 3


@pytest.mark.parametrize("space", ALIKE)
@pytest.mark.parametrize("row", range(len(TEXTS) - 1))
def test_a_text_is_most_like_itself(space: str, row: int) -> None:
    found = cosines(TEXTS[row], space)
    assert found[row] == pytest.approx(1, abs=1e-3)
    assert int(np.argmax(found)) == row


@pytest.mark.parametrize("space", ALIKE)
@given(words=st.lists(st.sampled_from([*WORDS, "la", "x", "🙂"]), max_size=12))
def test_a_cosine_lies_between_zero_and_one(space: str, words: list[str]) -> None:
    found = cosines(" ".join(words), space)
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-3


def test_an_unknown_word_makes_a_text_less_alike() -> None:
    assert 0 < cosines("mat the ngan hang", "words")[1] < cosines("mat the", "words")[1]


def test_a_text_of_unknown_words_is_like_nothing() -> None:
    assert not cosines("xyz qwe", "words").any()
    assert VOCABULARY.weight_known(VOCABULARY.vector(spelled("xyz qwe")), "words") == 0


def test_the_weight_of_what_is_known_is_told() -> None:
    half, whole = (VOCABULARY.weight_known(VOCABULARY.vector(spelled(text)), "words") for text in ("mat xyz", "mat"))
    assert 0 < half < whole == pytest.approx(1)


def test_a_common_term_is_weighed_but_not_looked_up() -> None:
    vocabulary, postings = index(READ, common=(0.2, 1, 1))
    words, letters, _ = postings.products(vocabulary.vector(spelled("the"))).reshape(len(SPACES), len(TEXTS))
    assert not words.any()
    assert letters[1] > 0
    assert vocabulary.weight_known(vocabulary.vector(spelled("the")), "words") == pytest.approx(1)


def test_other_texts_can_be_compared_in_the_same_terms() -> None:
    bodies = rows_of([spelled("mat the roi"), spelled("xyz")], VOCABULARY)
    words, letters = bodies.products(VOCABULARY.vector(spelled("mat the"))).reshape(2, 2)
    assert words[0] > 0.5
    assert words[1] == 0
    assert letters[0] > letters[1] == 0


def test_postings_are_the_products_with_every_row() -> None:
    rows, terms = np.array([0, 0, 1], np.int32), np.array([0, 2, 2], np.int32)
    postings = Postings.build(2, rows, terms, np.array([0.6, 0.75, 1.0], np.float32), np.zeros(3, np.bool_))
    assert postings.products(Vector(np.array([2], np.int32), np.array([0.5], np.float32))).tolist() == pytest.approx(
        [0.375, 0.5]
    )
    assert postings.products(Vector(np.array([1], np.int32), np.array([1], np.float32))).tolist() == [0, 0]
    assert postings.products(Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))).tolist() == [0, 0]


def test_no_cosine_over_the_knowledge_base_exceeds_one(search: Search) -> None:
    corpus = search.index.corpus
    for row in range(0, len(corpus.phrasings), 197):
        found = search.index.cosines(search.index.vector(search.read(corpus.phrasings[row])))
        assert found.shape == (len(SPACES), len(corpus.phrasings))
        assert found.min() >= 0
        assert found.max() <= 1 + 1e-3
