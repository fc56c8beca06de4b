"""Keystrokes that were meant as Vietnamese letters give the syllable without marks."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.folding import compose, fold
from knowledge.search.syllables import from_telex, from_vni, is_syllable
from tests.knowledge.keystrokes import telex, vni
from tests.knowledge.real import real_base, real_search


@cache
def marked_syllables() -> tuple[str, ...]:
    """Every syllable with a mark that a phrasing of the knowledge base holds."""
    words = {
        word
        for entry in real_base().entries.values()
        for phrasing in entry.phrasings
        for word in re.findall(r"[^\W\d]+", compose(phrasing))
    }
    return tuple(sorted(word for word in words if fold(word) != word and is_syllable(fold(word))))


def test_there_are_enough_syllables_to_try() -> None:
    assert len(marked_syllables()) > 800


@pytest.mark.parametrize(
    ("syllable", "keys"),
    [
        ("được", "dduwowcj"),
        ("hiểm", "hieemr"),
        ("tế", "tees"),
        ("trường", "truwowngf"),
        ("đăng", "ddawng"),
        ("mũ", "mux"),
    ],
)
def test_the_encoder_types_as_a_person_does(syllable: str, keys: str) -> None:
    assert telex(syllable) == keys


@pytest.mark.parametrize(
    ("syllable", "keys"), [("được", "d9u7o7c5"), ("hiểm", "hie6m3"), ("bảo", "bao3"), ("đăng", "d9a8ng")]
)
def test_the_encoder_types_vni_too(syllable: str, keys: str) -> None:
    assert vni(syllable) == keys


@given(st.deferred(lambda: st.sampled_from(marked_syllables())), st.booleans())
def test_any_syllable_in_telex_is_read(syllable: str, tone_last: bool) -> None:
    assert from_telex(telex(syllable, tone_last=tone_last)) == fold(syllable)


@given(st.deferred(lambda: st.sampled_from(marked_syllables())), st.booleans())
def test_any_syllable_in_vni_is_read(syllable: str, tone_last: bool) -> None:
    assert from_vni(vni(syllable, tone_last=tone_last)) == fold(syllable)


@pytest.mark.parametrize(
    ("keys", "read"),
    [
        ("dduowjc", "duoc"),
        ("cana", "can"),
        ("hocj", "hoc"),
        ("hojc", "hoc"),
        ("khoong", "khong"),
        ("xoong", "xong"),  # typed for "xông"; the pan of that name loses an o
        ("hello", None),
        ("xyz", None),
        ("bhyt", None),
        ("vssid", None),
        ("", None),
    ],
)
def test_telex_gives_a_syllable_or_nothing(keys: str, read: str | None) -> None:
    assert from_telex(keys) == read


@pytest.mark.parametrize(
    ("keys", "read"),
    [
        ("hie63m", "hiem"),
        ("d9u7o75c", "duoc"),
        ("vssid1", None),
        ("hiem", None),
        ("123", None),
        ("2k12", None),
        ("", None),
    ],
)
def test_vni_gives_a_syllable_or_nothing(keys: str, read: str | None) -> None:
    assert from_vni(keys) == read


@pytest.mark.parametrize("method", [telex, vni])
@pytest.mark.parametrize("tone_last", [True, False])
def test_whole_phrasings_are_read_as_if_typed_well(method: object, tone_last: bool) -> None:
    search, wrong, total = real_search(), [], 0
    for entry in real_base().entries.values():
        for phrasing in entry.phrasings[::20]:
            typed = re.sub(r"[^\W\d]+", lambda match: method(match[0].lower(), tone_last=tone_last), compose(phrasing))  # type: ignore[operator]
            total += 1
            if search.read(typed).folded != search.read(fold(phrasing)).folded:
                wrong.append((phrasing, typed))
    assert len(wrong) <= 0.1 * total, wrong[:20]


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=24))
def test_no_keystrokes_raise_and_what_comes_out_is_a_syllable(keys: str) -> None:
    for found in (from_telex(keys), from_vni(keys)):
        assert found is None or is_syllable(found)
