"""The small network: what it learns, and how it stands to entries that it never learned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from knowledge.search.network import INPUTS, Network, shared_out
from knowledge.search.network_fit import FOLDS, OVER_SENTENCES, learn
from knowledge.search.vectors import Floats


@pytest.fixture(scope="module")
def groups() -> tuple[Floats, np.ndarray]:
    """Three entries, each with phrasings around a direction of its own."""
    random = np.random.default_rng(7)
    owners = np.repeat(np.arange(3), 20)
    directions = random.standard_normal((3, 16))
    rows = directions[owners] + 0.3 * random.standard_normal((60, 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), owners


def test_it_learns_groups_and_names_those_that_were_left_out(groups: tuple[Floats, np.ndarray]) -> None:
    steps: list[int] = []
    network, left_out = learn(*groups, 3, OVER_SENTENCES, lambda: steps.append(1))
    named = np.stack([network.log_chances(row) for row in groups[0]])
    assert (named.argmax(axis=1) == groups[1]).all()
    assert (left_out.argmax(axis=1) == groups[1]).mean() > 0.9
    np.testing.assert_allclose(np.exp(named).sum(axis=1), 1, atol=1e-3)
    assert len(steps) == OVER_SENTENCES.epochs * (FOLDS + 1)


def test_learning_the_same_gives_the_same(groups: tuple[Floats, np.ndarray]) -> None:
    first, second = (learn(*groups, 3, OVER_SENTENCES, lambda: None)[0] for _ in range(2))
    np.testing.assert_array_equal(first.out, second.out)


def test_entries_keep_their_outputs_and_of_a_new_one_nothing_is_said(groups: tuple[Floats, np.ndarray]) -> None:
    network, _ = learn(*groups, 3, OVER_SENTENCES, lambda: None)
    before = network.log_chances(groups[0][0])
    after = network.moved(np.array([2, -1, 0])).log_chances(groups[0][0])
    assert (after[0], after[2]) == (before[2], before[0])
    assert np.exp(after[1]) == pytest.approx(1 / 3)


def test_an_entry_without_a_phrasing_is_one_that_was_never_learned(groups: tuple[Floats, np.ndarray]) -> None:
    network, left_out = learn(groups[0], groups[1] * 2, 5, OVER_SENTENCES, lambda: None)
    assert network.places.tolist() == [0, -1, 1, -1, 2]
    assert left_out.shape == (60, 5)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50))
def test_terms_are_shared_out_the_same_way_in_any_order(terms: list[int]) -> None:
    codes = np.array(terms, dtype=np.int64)
    weights = np.linspace(0.5, 1, len(terms), dtype=np.float32)
    there, back = shared_out(codes, weights), shared_out(codes[::-1], weights[::-1])
    assert there.shape == (1, INPUTS)
    np.testing.assert_allclose(there.toarray(), back.toarray(), atol=1e-5)
    assert np.abs(there.toarray()).sum() <= weights.sum() + 1e-4


def test_neighbouring_codes_are_spread() -> None:
    spread = shared_out(np.arange(200), np.ones(200, np.float32))
    assert len(set(spread.indices.tolist())) > 190


def test_a_message_without_known_terms_says_the_same_of_nothing() -> None:
    ones = np.ones((INPUTS, 4), np.float32)
    network = Network(ones, np.zeros(4, np.float32), np.eye(4, dtype=np.float32), np.zeros(4, np.float32), np.arange(4))
    nothing = shared_out(np.zeros(0, np.int64), np.zeros(0, np.float32))
    assert len(set(network.log_chances(nothing).ravel().tolist())) == 1


def test_many_texts_at_once_say_what_each_says_alone(groups: tuple[Floats, np.ndarray]) -> None:
    network, _ = learn(*groups, 3, OVER_SENTENCES, lambda: None)
    together, sparse = network.log_chances(groups[0]), network.log_chances(csr_array(groups[0]))
    np.testing.assert_allclose(together, [network.log_chances(row) for row in groups[0]], atol=1e-5)
    np.testing.assert_allclose(together, sparse, atol=1e-5)
