"""What a backup says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import TableClause, column, table

from bot.backup.kinds import TYPES, Kind

FORMAT: Literal[1] = 1
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z_0-9]*$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Model):
    """One table. `later` are columns that refer to rows of the same table.

    `numbered` is the column that the database numbers by itself, `counter` the highest number that it has given:
    some ids are never used again.
    """

    table: _Name
    columns: dict[_Name, Kind]
    keys: tuple[_Name, ...]
    later: tuple[_Name, ...] = ()
    numbered: _Name | None = None
    counter: int = Field(default=0, ge=0)
    rows: int = Field(ge=0)
    sha256: str

    @property
    def file(self) -> str:
        return f"tables/{self.table}.jsonl"

    @property
    def target(self) -> TableClause:
        """The table as it was when the backup was made, whatever this program's models say."""
        return table(self.table, *(column(name, TYPES[kind]) for name, kind in self.columns.items()))


class Manifest(_Model):
    """The whole backup; `parts` stand in an order in which they can be filled."""

    format: Literal[1] = FORMAT
    revision: str
    made: datetime
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)
