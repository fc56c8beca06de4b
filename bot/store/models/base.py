"""What all tables share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase

from bot.store.types import Document, Instant

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Clients and case numbers refer to these ids after the row is gone.
NEVER_REUSED = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """A table. Constraints have fixed names, so that a migration can name them on both databases."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant, dict[str, Any]: Document, list[str]: Document}  # noqa: RUF012 - read by SQLAlchemy, never changed


def table_of(row: type[Base]) -> Table:
    """The table behind a model, for the statements of every turn: without the ORM's layer they cost a third."""
    return cast("Table", row.__table__)


def one_of(states: type[StrEnum]) -> str:
    """The check constraint of a column `state`."""
    return f"state IN ({', '.join(repr(state.value) for state in states)})"
