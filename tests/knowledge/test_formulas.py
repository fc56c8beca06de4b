"""Formulas and the form of a fact: plain arithmetic over facts, all else is refused and named."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from knowledge.errors import KnowledgeError
from knowledge.facts import FactBook, load_facts
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.knowledge.tiny import Tiny


def book(folder: Path, formula: str) -> FactBook:
    path = folder / "facts.toml"
    value = '{ value = 7, from = 2020-01-01, source = "s", confidence = "high" }'
    path.write_text(
        f'[a]\nlabel = "a"\nunit = "count"\nvalues = [{value}]\n\n'
        f'[b]\nlabel = "b"\nunit = "count"\nformula = {formula!r}\n',
        encoding="utf-8",
    )
    return load_facts(path)


@pytest.mark.parametrize(("formula", "expected"), [("a * (1 - 2)", -7), ("a / 2 + a", Fraction(21, 2)), ("3", 3)])
def test_a_formula_is_arithmetic_over_facts(tmp_path: Path, formula: str, expected: object) -> None:
    assert book(tmp_path, formula).value("b", TODAY) == expected


@pytest.mark.parametrize(
    "formula",
    "a ** 2|a // 2|a % 2|-a|a and 1|a < 2|1 if a else 2|a.real|a()|open(a)|[a]|a[0]|1.5 * a|True * a|(a, a)|lambda: a"
    "|b'x'|(a := 1)|a +|b * 2|a / 0|c * 2".split("|"),
)
def test_anything_else_in_a_formula_is_refused_with_the_name_of_the_fact(tmp_path: Path, formula: str) -> None:
    with pytest.raises(KnowledgeError):
        book(tmp_path, formula).value("b", TODAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from = 2026-07-01", 'from = "2026-07-01"'),
        ("value = 2530000", 'value = "2530000"'),
        ("value = 2530000", "value = true"),
        ('unit = "dong"\nvalues', 'unit = "euro"\nvalues'),
        ('source = "nd-161", ', ""),
        ('confidence = "high" },\n]', 'confidence = "sure" },\n]'),
        ('label = "Lương cơ sở"\n', 'label = "Lương cơ sở"\nnote = "?"\n'),
        ('formula = "salary * rate"', 'formula = "salary * rates"'),
    ],
)
def test_a_fact_in_the_wrong_form_is_reported_where_it_stands(tiny: Tiny, old: str, new: str) -> None:
    tiny.swap("facts.toml", old, new)
    with pytest.raises(KnowledgeError) as caught:
        tiny.load()
    assert {problem.file for problem in caught.value.problems} == {"facts.toml"}
    assert caught.value.problems[0].line in {tiny.line("facts.toml", "[salary]"), tiny.line("facts.toml", "[month]")}


@pytest.mark.parametrize(
    ("end", "what"),
    [("to = 2026-05-31", "no value between two periods"), ("to = 2026-08-31", "two values hold on the same day")],
)
def test_a_gap_or_an_overlap_is_reported(tiny: Tiny, end: str, what: str) -> None:
    problems = tiny.swap("facts.toml", "to = 2026-06-30", end).problems()
    assert [(problem.file, problem.line, problem.what) for problem in problems] == [
        ("facts.toml", 1, f"salary: {what}")
    ]
    assert problems[0].mend
