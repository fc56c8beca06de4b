"""Statements of every turn: built once with SQLAlchemy, compiled once, run by the driver.

What SQLAlchemy does around an execution costs several times what the database does in it. So here only its compiler and
its column types are used: the same statement for SQLite and PostgreSQL, and values in the same shape as elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import BindParameter, Insert, Select, Table, Update
    from sqlalchemy.engine import Dialect

    Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Compiled:
    """A statement as one driver takes it."""

    sql: str
    constants: tuple[Any, ...]
    """For each place the value that is part of the statement; None where one is given."""
    binds: tuple[tuple[int, str, Convert | None], ...]
    """Place and name of each value that is given, and how the driver wants it."""
    results: tuple[tuple[int, Convert], ...]
    """The columns that the driver does not give as they should be."""

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """What stands in the places; raises KeyError when a value is missing."""
        places = list(self.constants)
        for place, name, convert in self.binds:
            places[place] = values[name] if convert is None else convert(values[name])
        return places

    def row(self, found: Sequence[Any]) -> Sequence[Any]:
        """A row of the driver with Python values."""
        if not self.results:
            return found
        row = list(found)
        for column, convert in self.results:
            row[column] = convert(row[column])
        return row


def row_of(table: Table, *names: str) -> Insert:
    """A new row; its values come under the names of their columns."""
    return insert(table).values({name: bindparam(name) for name in names})


class Statement:
    """One statement whose values come as bind parameters; lists of any length (IN) are not among them."""

    def __init__(self, clause: Select[Any] | Insert | Update) -> None:
        self._clause = clause
        self._compiled: tuple[Dialect, Compiled] | None = None

    def compiled(self, dialect: Dialect) -> Compiled:
        """The statement for a database; only the last one asked for is remembered, and there is but one."""
        if self._compiled is None or self._compiled[0] is not dialect:
            self._compiled = dialect, self._compile(dialect)
        return self._compiled[1]

    def _compile(self, dialect: Dialect) -> Compiled:
        compiled: Any = self._clause.compile(dialect=dialect)
        if compiled.prefetch:
            raise TypeError("columns with a default in Python need a value here")
        places = [_Place(name, compiled.binds[name], dialect) for name in compiled.positiontup]
        types = [column.type.dialect_impl(dialect) for column in self._clause.exported_columns]
        results = enumerate(type_.result_processor(dialect, None) for type_ in types)
        return Compiled(
            sql=str(compiled),
            constants=tuple(place.constant for place in places),
            binds=tuple((number, place.name, place.convert) for number, place in enumerate(places) if place.given),
            results=tuple((column, convert) for column, convert in results if convert is not None),
        )


class _Place:
    """Where the driver puts a value in."""

    def __init__(self, name: str, bind: BindParameter[Any], dialect: Dialect) -> None:
        self.name = name
        self.given = bind.required
        self.convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        self.constant = bind.value if self.given or self.convert is None else self.convert(bind.value)
