"""Dated policy values and the values derived from them (`facts.toml`)."""

from __future__ import annotations

import ast
import operator
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from knowledge.dates import Period
from knowledge.errors import FactError, KnowledgeError, Problem, line_of

if TYPE_CHECKING:
    from pathlib import Path

Value = Fraction | str | date


class Unit(StrEnum):
    """How a value is read; `percent` is typed as 50 and held as 1/2, money is whole dong."""

    DONG = "dong"
    PERCENT = "percent"
    DAYS = "days"
    WORKDAYS = "workdays"
    MONTHS = "months"
    YEARS = "years"
    AGE = "age"
    POINTS = "points"
    COUNT = "count"
    DATE = "date"
    PHONE = "phone"
    TEXT = "text"


class Confidence(StrEnum):
    """How sure the fact sheet is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class DatedValue:
    """One value with the days in which it holds and the document that says so."""

    value: Value
    period: Period
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class Fact:
    """A named policy value: either dated values, or a formula over other facts."""

    id: str
    label: str
    unit: Unit
    values: tuple[DatedValue, ...] = ()
    formula: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that the formula uses."""
        if not self.formula:
            return ()
        return tuple(node.id for node in ast.walk(ast.parse(self.formula, mode="eval")) if isinstance(node, ast.Name))


FORMULA = "a formula may hold only facts, whole numbers and + - * /"
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class FactBook:
    """All facts; every question to it names a day."""

    def __init__(self, facts: dict[str, Fact]) -> None:
        self._facts = facts

    def __contains__(self, fact_id: object) -> bool:
        return fact_id in self._facts

    def __iter__(self) -> Any:
        return iter(self._facts.values())

    def fact(self, fact_id: str) -> Fact:
        """The fact; raises FactError when there is none of this name."""
        try:
            return self._facts[fact_id]
        except KeyError:
            raise FactError(f"no fact is named {fact_id!r}") from None

    def value(self, fact_id: str, day: date) -> Value:
        """The value on a day; raises FactError when none is known for it."""
        fact = self.fact(fact_id)
        if fact.formula:
            return self._computed(fact, day)
        return self._dated(fact, day).value

    def dong(self, fact_id: str, day: date) -> int:
        """A sum of money on a day, in whole dong."""
        return round_dong(self.number(fact_id, day))

    def number(self, fact_id: str, day: date) -> Fraction:
        """A numeric value on a day; raises FactError for a text or a date."""
        value = self.value(fact_id, day)
        if not isinstance(value, Fraction):
            raise FactError(f"{fact_id} is not a number")
        return value

    def period(self, fact_id: str, day: date) -> Period:
        """The days around `day` in which the value does not change; for a formula, of all that it uses."""
        fact = self.fact(fact_id)
        if not fact.formula:
            return self._dated(fact, day).period
        period = Period()
        for name in fact.names:
            period = period.intersect(self.period(name, day))
        return period

    def sources(self, fact_id: str, day: date) -> tuple[str, ...]:
        """The documents that the value on this day rests on, without repetition."""
        fact = self.fact(fact_id)
        if not fact.formula:
            return (self._dated(fact, day).source,)
        found: dict[str, None] = {}
        for name in fact.names:
            found.update(dict.fromkeys(self.sources(name, day)))
        return tuple(found)

    def _dated(self, fact: Fact, day: date) -> DatedValue:
        for dated in fact.values:
            if day in dated.period:
                return dated
        raise FactError(f"{fact.id} has no value on {day.isoformat()}")

    def _computed(self, fact: Fact, day: date) -> Fraction:
        try:
            return self._compute(ast.parse(fact.formula, mode="eval").body, day)
        except (ArithmeticError, RecursionError) as error:
            raise FactError(f"the formula of {fact.id} cannot be computed: {fact.formula}") from error

    def _compute(self, node: ast.expr, day: date) -> Fraction:
        match node:
            case ast.Constant(value=int(number)) if not isinstance(number, bool):
                return Fraction(number)
            case ast.Name(id=name):
                return self.number(name, day)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self._compute(left, day), self._compute(right, day))
        raise FactError(f"{FORMULA}: {ast.unparse(node)}")


def round_dong(amount: Fraction) -> int:
    """Whole dong, half a dong upwards."""
    return int(amount + Fraction(1, 2))


def load_facts(path: Path) -> FactBook:
    """Read `facts.toml`; raises KnowledgeError naming every wrong fact."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([Problem(path.name, 0, f"not valid TOML: {error}")]) from error
    facts: dict[str, Fact] = {}
    problems: list[Problem] = []
    for fact_id, table in raw.items():
        try:
            facts[fact_id] = _parse_fact(fact_id, table)
        except (KeyError, TypeError, ValueError) as error:
            line = line_of(path, f"[{fact_id}]")
            problems.append(Problem(path.name, line, f"fact {fact_id}: {error!r}", "see the other facts for the form"))
    for fact in facts.values():
        for what in _wrong_in_formula(fact, facts, raw):
            line = line_of(path, f"[{fact.id}]")
            problems.append(Problem(path.name, line, f"formula of {fact.id} {what}", "use other facts"))
    if problems:
        raise KnowledgeError(problems)
    return FactBook(facts)


def _wrong_in_formula(fact: Fact, facts: dict[str, Fact], known: Collection[str]) -> Iterator[str]:
    for name in fact.names:
        if name not in known:
            yield f"uses unknown fact {name}"
    if fact.id in _rests_on(fact, facts):
        yield "leads back to itself"


def _rests_on(fact: Fact, facts: dict[str, Fact]) -> set[str]:
    """The facts that a formula uses, and those that their formulas use."""
    found: set[str] = set()
    waiting = list(fact.names)
    while waiting:
        name = waiting.pop()
        if name in facts and name not in found:
            found.add(name)
            waiting.extend(facts[name].names)
    return found


def _parse_fact(fact_id: str, table: object) -> Fact:
    if not isinstance(table, dict):
        raise ValueError(f"[{fact_id}] with fields below is needed")
    unknown = table.keys() - {"label", "unit", "values", "formula"}
    if unknown:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
    if ("values" in table) == ("formula" in table):
        raise ValueError("needs either values or a formula")
    unit = Unit(table["unit"])
    values = tuple(
        DatedValue(
            value=_parse_value(row["value"], unit),
            period=Period(_parse_day(row["from"], "from"), _parse_day(row["to"], "to") if "to" in row else None),
            source=row["source"],
            confidence=Confidence(row["confidence"]),
        )
        for row in table.get("values", ())
    )
    return Fact(fact_id, table["label"], unit, values, _parse_formula(table["formula"]) if "formula" in table else "")


def _parse_formula(formula: str) -> str:
    try:
        tree = ast.parse(formula, mode="eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"{FORMULA}: {formula}") from error
    for node in ast.walk(tree.body):
        if isinstance(node, ast.expr) and not _is_arithmetic(node):
            raise ValueError(f"{FORMULA}: {formula}")
    return formula


def _is_arithmetic(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=number):
            return isinstance(number, int) and not isinstance(number, bool)
        case ast.BinOp(op=op):
            return type(op) in _OPERATORS
    return isinstance(node, ast.Name)


def _parse_day(raw: object, name: str) -> date:
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise ValueError(f"`{name}` must be a date without quotes and without a time")
    return raw


def _parse_value(raw: object, unit: Unit) -> Value:
    if unit is Unit.DATE:
        return _parse_day(raw, "value")
    if unit in {Unit.TEXT, Unit.PHONE}:
        if not isinstance(raw, str):
            raise ValueError("a text is needed")
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError("a number is needed")
    number = Fraction(str(raw))
    return number / 100 if unit is Unit.PERCENT else number
