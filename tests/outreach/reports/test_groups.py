"""Totals add up, and no group under the minimum can be worked out from what is shown."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.reports.groups import Groups, safe_groups, safe_places
from bot.outreach.reports.tallies import Tally, total
from bot.store.models import RecipientState

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTS = st.integers(0, 12)


@st.composite
def some_tallies(draw: st.DrawFn) -> Tally:
    sent, rest = draw(COUNTS), draw(COUNTS)
    deeds = {deed: draw(st.integers(0, sent)) for deed in ("replied", "tapped", "opted_out")}
    return Tally.of("sent", sent, **deeds) + Tally.of("skipped", rest)


CELLS = st.dictionaries(
    st.tuples(st.sampled_from([None, "hue", "ha-noi", "son-la"]), st.sampled_from([None, 1, 2, 3, 4])),
    some_tallies().filter(lambda tally: tally.people > 0),
    max_size=12,
)
LEAST = st.integers(1, 10)


def blocks(groups: Groups[Any]) -> list[Tally]:
    return [*groups.shown.values(), *([groups.others] if groups.others else [])]


def worked_out(whole: Tally, parts: list[Tally]) -> Iterator[tuple[int, int]]:
    """People, and people reached, of each sum of parts that are shown and of what is missing to the total."""
    for size in range(len(parts) + 1):
        for some in combinations(parts, size):
            known = total(some)
            yield known.people, known.sent
            yield whole.people - known.people, whole.sent - known.sent


@given(CELLS, LEAST)
def test_nothing_small_can_be_worked_out(cells: dict[Any, Tally], least: int) -> None:
    places, whole = safe_places(cells, least), total(cells.values())
    if 0 < whole.people < least or 0 < whole.sent < least:
        assert blocks(places.provinces) == [whole]
        return
    found = list(worked_out(whole, blocks(places.provinces)))
    for province, schools in places.schools.items():
        found += worked_out(places.provinces.shown[province], blocks(schools))
    assert all(people == 0 or people >= least for people, _ in found)
    assert all(sent == 0 or sent >= least for _, sent in found)


@given(CELLS, LEAST)
def test_everything_adds_up(cells: dict[Any, Tally], least: int) -> None:
    places = safe_places(cells, least)
    assert total(blocks(places.provinces)) == total(cells.values())
    for province, tally in places.provinces.shown.items():
        assert total(blocks(places.schools[province])) == tally
        assert tally == total(each for (where, _), each in cells.items() if where == province)


@given(CELLS)
def test_with_a_minimum_of_one_everything_is_shown(cells: dict[Any, Tally]) -> None:
    places = safe_places(cells, 1)
    assert places.provinces.others is None
    assert sum(len(groups.shown) for groups in places.schools.values()) == len(cells)


def test_a_single_small_group_takes_the_next_smallest_with_it() -> None:
    sent = {"a": Tally.of("sent", 3), "b": Tally.of("sent", 8), "c": Tally.of("sent", 100)}
    groups = safe_groups(sent, 5)
    assert list(groups.shown) == ["c"]
    assert groups.others == Tally.of("sent", 11)


def test_two_small_groups_that_are_enough_together_take_no_other() -> None:
    sent = {"a": Tally.of("sent", 3), "b": Tally.of("sent", 4), "c": Tally.of("sent", 100)}
    assert safe_groups(sent, 5) == Groups({"c": sent["c"]}, Tally.of("sent", 7))


def test_few_reached_among_many_are_a_small_group() -> None:
    groups = safe_groups({"a": Tally.of("sent", 1) + Tally.of("failed", 50), "b": Tally.of("sent", 60)}, 5)
    assert groups.shown == {}


@pytest.mark.parametrize("state", RecipientState)
def test_every_state_of_the_ledger_is_counted(state: RecipientState) -> None:
    tally = Tally.of(state.value, 3)
    assert tally.people == 3
    assert tally.sent + tally.failed + tally.unknown + tally.skipped + tally.waiting + tally.left == 3
