"""Keeps anybody from being recognised in a group: no small group is shown, and none follows from what is shown.

Small groups become one. When that is still small, the next smallest group joins it, because otherwise it would follow
as the difference between the total and the others. Schools are shown inside their province, so what is shown is a
tree: each number is the sum of those below it, and nothing smaller than its leaves follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.outreach.reports.tallies import Tally, total

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = TypeVar("Key")
Cells = dict[tuple[str | None, int | None], Tally]
"""Recipients by the id of their province's office and their school."""


@dataclass(frozen=True)
class Groups(Generic[Key]):
    """Groups that may be shown, the largest first, and all others as one; None when there are no others."""

    shown: dict[Key, Tally]
    others: Tally | None = None


@dataclass(frozen=True)
class Places:
    """Provinces, and the schools of each that is shown."""

    provinces: Groups[str | None]
    schools: dict[str | None, Groups[int | None]]


def is_small(tally: Tally, least: int) -> bool:
    """Whether somebody might be recognised among these people, or among those of them who got the message."""
    return 0 < tally.people < least or 0 < tally.sent < least


def safe_groups(groups: Mapping[Key, Tally], least: int) -> Groups[Key]:
    """The groups that may be shown. Of fewer than `least` people in all nothing is shown but the others."""
    shown = dict(sorted(groups.items(), key=lambda item: -item[1].people))
    hidden = [shown.pop(key) for key, tally in groups.items() if is_small(tally, least)]
    while shown and is_small(total(hidden), least):
        hidden.append(shown.pop(_next(shown, total(hidden), least)))
    return Groups(shown, total(hidden) if hidden else None)


def safe_places(cells: Cells, least: int) -> Places:
    """What may be shown of provinces and schools together."""
    provinces: dict[str | None, Tally] = {}
    for (province, _), tally in cells.items():
        provinces[province] = provinces.get(province, Tally()) + tally
    groups = safe_groups(provinces, least)
    schools = {
        province: safe_groups({school: tally for (where, school), tally in cells.items() if where == province}, least)
        for province in groups.shown
    }
    return Places(groups, schools)


def _next(shown: Mapping[Key, Tally], hidden: Tally, least: int) -> Key:
    """The smallest group that helps: when those who got the message are too few, one where somebody got it."""
    wants_sent = 0 < hidden.sent < least
    return min(shown, key=lambda key: (wants_sent and not shown[key].sent, shown[key].people))
