"""One change of one answer, as staff works on it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING, Self

from bot.store.models import DraftState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.models import KnowledgeDraftRow


@dataclass(frozen=True)
class Draft:
    """A change: `text` is the whole file of the answer as it would be, `before` as it was; None for a new one."""

    id: int
    entry: str
    topic: str
    text: str
    before: str | None
    question: str
    note: str
    state: DraftState
    revision: int
    created_by: int | None
    approved_by: int | None
    created: datetime
    updated: datetime
    went_live: datetime | None

    @classmethod
    def of(cls, row: KnowledgeDraftRow) -> Self:
        return cls(
            row.id,
            row.entry,
            row.topic,
            row.text,
            row.before,
            row.question,
            row.note,
            DraftState(row.state),
            row.revision,
            row.created_by,
            row.approved_by,
            row.created,
            row.updated,
            row.went_live,
        )

    @property
    def file(self) -> str:
        return file_of(self.topic, self.entry)


def file_of(topic: str, entry: str) -> str:
    """Where an answer stands below the folder of the knowledge base."""
    return f"faq/{topic}/{entry}.md"


@dataclass(frozen=True)
class Line:
    """One line of a difference: `mark` is "+", "-", " ", or "@" where lines were left out."""

    mark: str
    text: str


def difference(before: str | None, after: str) -> list[Line]:
    """What a change does, line by line, with three lines around it; empty when it does nothing."""
    lines = list(unified_diff((before or "").splitlines(), after.splitlines(), lineterm=""))[2:]
    return [Line(line[0], "" if line[0] == "@" else line[1:]) for line in lines]
