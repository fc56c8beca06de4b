"""Official documents that answers cite (`sources.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from knowledge.dates import vietnamese_date
from knowledge.errors import KnowledgeError, Problem, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A document as it is cited: `NĐ 188/2025/NĐ-CP (01/7/2025)`."""

    id: str
    number: str
    title: str
    issued: date | str | None = None
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    status: str = "in-force"
    urls: tuple[str, ...] = ()

    def cite(self, article: str = "") -> str:
        """Number, article and day of issue, as printed below an answer."""
        text = f"{self.number}, {article}" if article else self.number
        if isinstance(self.issued, date):
            return f"{text} ({vietnamese_date(self.issued)})"
        return f"{text} ({self.issued})" if self.issued else text


FIELDS = {
    "number", "title", "issued", "issuer", "valid_from", "valid_to", "status", "seen", "urls", "note",
}  # fmt: skip


def load_sources(path: Path) -> dict[str, Source]:
    """Read `sources.toml`; raises KnowledgeError naming every wrong document."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([Problem(path.name, 0, f"not valid TOML: {error}")]) from error
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source_id, table in raw.items():
        wrong = list(_wrong_fields(source_id, table))
        if wrong:
            line = line_of(path, f"[{source_id}]")
            problems.extend(Problem(path.name, line, what) for what in wrong)
            continue
        sources[source_id] = Source(
            id=source_id,
            number=table["number"],
            title=table["title"],
            issued=table.get("issued") or None,
            issuer=table.get("issuer", ""),
            valid_from=table.get("valid_from"),
            valid_to=table.get("valid_to"),
            status=table["status"],
            urls=tuple(table.get("urls", ())),
        )
    if problems:
        raise KnowledgeError(problems)
    return sources


def _wrong_fields(source_id: str, table: dict[str, Any]) -> Iterator[str]:
    if unknown := table.keys() - FIELDS:
        yield f"unknown field {', '.join(sorted(unknown))}"
    if missing := {"number", "title", "status"} - table.keys():
        yield f"{source_id} lacks {', '.join(sorted(missing))}"
