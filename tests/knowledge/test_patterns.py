"""Patterns that are tried only where their words stand: nothing may be missed by it."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.signals import TABLE
from knowledge.search.incident import PATTERNS
from knowledge.search.patterns import Pattern, Patterns, words_needed
from tests.knowledge.real import real_search

_SIGNALS = tomllib.loads(TABLE.read_text(encoding="utf-8")).values()
SEARCHED = [
    *(pattern for table in _SIGNALS for kind in ("part", "unless", "unless_exempt") for pattern in table.get(kind, ())),
    *(pattern for group in tomllib.loads(PATTERNS.read_text("utf-8"))["patterns"].values() for pattern in group),
]
WHOLE = [pattern for table in _SIGNALS for pattern in table.get("whole", ())]
ALL = Patterns(((pattern, pattern) for pattern in SEARCHED), ((pattern, pattern) for pattern in WHOLE))


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bkhong (?:muon|thiet) song\b", [{"khong"}, {"muon", "thiet"}, {"song"}]),
        (r"\b(?:chi|day) (?:\w+ ){0,6}(?:lach luat|gian lan)\b", [{"chi", "day"}, {"lach", "gian"}]),
        (r"(?<!duoi )\b(\d{1,2}) tuoi\b(?! tro)", [{"tuoi"}]),
        (r"^(?:xin )?chao$", [{"chao"}]),
        (r"\bbi\b|\bmat the\b", [{"bi", "mat"}]),
    ],
)
def test_needed_words_are_read_off_a_pattern(pattern: str, needed: list[set[str]]) -> None:
    assert list(words_needed(pattern)) == needed


@pytest.mark.parametrize(
    "pattern", ["dong", r"\bcompensat\w+\b", r"\b\d+ ?k\b", "(?:xin )?", r"(?i)\bdong\b", "a|\\bb\\b"]
)
def test_a_pattern_without_whole_words_needs_none(pattern: str) -> None:
    assert words_needed(pattern) == ()


@given(st.data())
def test_no_match_is_missed(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(SEARCHED))
    text = data.draw(st.from_regex(pattern))

    assert pattern in ALL.found(text)
    assert Pattern(pattern).search(text)


def test_phrasings_match_what_they_match_without_a_look_at_their_words() -> None:
    for phrasing in real_search().index.corpus.phrasings[::100]:
        text = real_search().read(phrasing).text
        naive = {pattern for pattern in SEARCHED if re.search(pattern, text)}

        assert ALL.found(text) == naive | {pattern for pattern in WHOLE if re.fullmatch(pattern, text)}


@pytest.mark.parametrize("text", ["con 7 tuoi", "con 7 thang", "tuoi"])
def test_one_pattern_is_used_like_a_compiled_one(text: str) -> None:
    pattern, compiled = Pattern(r"\b(\d) tuoi\b"), re.compile(r"\b(\d) tuoi\b")

    assert bool(pattern.search(text)) == bool(compiled.search(text))
    assert bool(pattern.match(text)) == bool(compiled.match(text))
    assert [match[1] for match in pattern.finditer(text)] == compiled.findall(text)
