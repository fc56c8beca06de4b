"""The words of a list that we know: names of columns, roles, answers (`words.toml`)."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from knowledge.search.folding import compose, fold

_ASIDE = re.compile(r"\([^)]*\)?")
_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The words of a cell without marks, signs, capitals and what stands in brackets."""
    return _NO_WORD.sub(" ", fold(compose(_ASIDE.sub(" ", text)))).strip()


@cache
def known(kind: str) -> dict[str, str]:
    """What each plain word of a kind stands for: `known("role")["phu huynh"] == "parent"`."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[kind]
    return {plain(word): meaning for meaning, words in table.items() for word in words}


def meaning(kind: str, text: str) -> str | None:
    """What a cell stands for, None when it is no word of this kind."""
    return known(kind).get(plain(text))
