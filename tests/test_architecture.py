"""The rules that hold the rooms apart, and numbers of law out of the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for room in ("handlers", "bot") for path in (ROOT / room).rglob("*.py"))
MEASURING = ROOT / "bot" / "evaluation"
LIMITS = frozenset({1_048_576, 10_000_000})
"""Numbers of six digits and more that are no money: sizes in bytes, the largest measure of a log line."""

_SHARE = re.compile(r"\d\s*(?:%|phần trăm)")
_AMOUNT = re.compile(r"(?<![\d.=(])(?:\d{1,3}(?:[.,]\d{3})+(?!\d|\.\d)|\d{6,}(?![\d+]))")
"""683.100 or 683100, but no network (192.168.0.0), no parameter (max-age=…) and no row of digits."""


def test_imports_go_in_one_direction() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    if not lint.exists():
        pytest.skip("import-linter is not installed beside this Python")
    result = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_number_of_law_is_typed_into_code(path: Path) -> None:
    """They stand in knowledge/facts.toml, dated and with their source."""
    for line, value in constants(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(value, str):
            typed = _AMOUNT.search(value) or (None if path.is_relative_to(MEASURING) else _SHARE.search(value))
            assert not typed, f"line {line}: {value!r}"
        else:
            assert abs(value) < 100_000 or value in LIMITS, f"line {line}: {value}"


def constants(tree: ast.Module) -> Iterator[tuple[int, str | int | float]]:
    """Every literal but docstrings, patterns and ids; formatted strings piece by piece."""
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation or isinstance(node.value, bool):
            continue
        if isinstance(node.value, str | int | float):
            yield node.lineno, node.value


@pytest.mark.parametrize("folder", ["handlers/texts", "bot/web/texts"])
def test_both_languages_say_the_same_things(folder: str) -> None:
    vietnamese, english = (
        tomllib.loads((ROOT / folder / f"{language}.toml").read_text(encoding="utf-8")) for language in ("vi", "en")
    )
    assert set(keys(vietnamese)) == set(keys(english))


def test_the_runtime_says_the_same_things_in_both_languages() -> None:
    texts = tomllib.loads((ROOT / "bot" / "texts.toml").read_text(encoding="utf-8"))
    assert set(texts) >= {"vi", "en"}
    assert set(keys(texts["vi"])) == set(keys(texts["en"]))


def keys(table: Mapping[str, object], before: str = "") -> Iterator[str]:
    """The dotted names of all texts of a catalogue."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from keys(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"
