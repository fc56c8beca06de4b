"""What differs by province: names old and new, and extra local support (`offices/*.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from knowledge.dates import Period
from knowledge.errors import KnowledgeError, Problem
from knowledge.facts import Confidence

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Support:
    """Extra share that a province pays on top of the state's; `share` is None when only its existence is known."""

    who: str
    everyone: bool
    """Whether all pupils or students of `levels` in `area` get it; otherwise only those whom `who` describes."""
    share: Fraction | None
    levels: tuple[str, ...]
    area: str
    conditions: str
    period: Period
    source: str
    confidence: Confidence
    note: str


@dataclass(frozen=True)
class Office:
    """A province or centrally-run city, with its names and its local support."""

    id: str
    name: str
    short_name: str
    kind: str
    aliases: tuple[str, ...]
    former: tuple[tuple[str, tuple[str, ...]], ...]
    office_name: str
    support: tuple[Support, ...] = ()

    def support_on(self, day: date) -> tuple[Support, ...]:
        """The support in force on a day."""
        return tuple(support for support in self.support if day in support.period)


def load_offices(folder: Path) -> dict[str, Office]:
    """Read every province; raises KnowledgeError naming every wrong file."""
    offices: dict[str, Office] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            office = Office(
                id=table["id"],
                name=table["name"],
                short_name=table["short_name"],
                kind=table["kind"],
                aliases=tuple(table.get("aliases", ())),
                former=tuple((row["name"], tuple(row.get("aliases", ()))) for row in table.get("former", ())),
                office_name=table["office_name"],
                support=tuple(_support(row) for row in table.get("support", ())),
            )
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem(f"offices/{path.name}", 0, f"{error!r}", "see the other provinces for the form"))
            continue
        offices[office.id] = office
    if problems:
        raise KnowledgeError(problems)
    return offices


def _support(row: dict[str, object]) -> Support:
    share = row.get("share")
    start, end = row.get("from"), row.get("to")
    return Support(
        who=str(row["who"]),
        everyone=bool(row.get("everyone", False)),
        share=Fraction(str(share)) / 100 if share is not None else None,
        levels=tuple(str(level) for level in row.get("levels", ()) or ()),  # type: ignore[attr-defined]
        area=str(row.get("area", "")),
        conditions=str(row.get("conditions", "")),
        period=Period(start if isinstance(start, date) else None, end if isinstance(end, date) else None),
        source=str(row.get("source", "")),
        confidence=Confidence(str(row["confidence"])),
        note=str(row.get("note", "")),
    )
