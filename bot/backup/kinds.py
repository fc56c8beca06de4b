"""How the values of a column stand in a backup."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, Float, Integer, LargeBinary, String

from bot.store.types import Document, Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Column
    from sqlalchemy.types import TypeEngine


class Kind(StrEnum):
    """What a column holds. Moments are ISO 8601 in UTC, bytes are base64; the others are as in JSON."""

    NUMBER = "number"
    MEASURE = "measure"
    BOOLEAN = "boolean"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    BYTES = "bytes"
    DOCUMENT = "document"


TYPES: Mapping[Kind, TypeEngine[Any]] = {
    Kind.MOMENT: Instant(),
    Kind.DOCUMENT: Document,
    Kind.BYTES: LargeBinary(),
    Kind.BOOLEAN: Boolean(),
    Kind.DAY: Date(),
    Kind.NUMBER: BigInteger(),
    Kind.MEASURE: Float(),
    Kind.TEXT: String(),
}
_CLASSES = {
    Instant: Kind.MOMENT,
    JSON: Kind.DOCUMENT,
    LargeBinary: Kind.BYTES,
    Boolean: Kind.BOOLEAN,
    Date: Kind.DAY,
    Integer: Kind.NUMBER,
    Float: Kind.MEASURE,
    String: Kind.TEXT,
}
_WRITTEN: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.MOMENT: lambda moment: moment.astimezone(UTC).isoformat(),
    Kind.DAY: lambda day: day.isoformat(),
    Kind.BYTES: lambda content: b64encode(content).decode("ascii"),
}
_READ: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.MOMENT: datetime.fromisoformat,
    Kind.DAY: date.fromisoformat,
    Kind.BYTES: lambda content: b64decode(content, validate=True),
}


def kind_of(column: Column[Any]) -> Kind:
    """Raises TypeError for a type that no backup knows yet."""
    for known, kind in _CLASSES.items():
        if isinstance(column.type, known):
            return kind
    raise TypeError(f"{column}: no backup knows {column.type!r}")


def written(kind: Kind, value: Any) -> Any:
    """A value of the database as JSON."""
    return _WRITTEN[kind](value) if value is not None and kind in _WRITTEN else value


def read(kind: Kind, value: Any) -> Any:
    """A value of a backup as the database takes it; raises ValueError or TypeError."""
    return _READ[kind](value) if value is not None and kind in _READ else value
