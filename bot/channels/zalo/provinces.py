"""The province in an address that somebody gave, by its names old and new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.search.folding import compose, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from knowledge.offices import Office

_LONGEST = 300
"""Characters of an address that are read."""
_KIND = re.compile(r"^(?:tinh|thanh pho|tp)\b[ .]*")
_MARKS = re.compile(r"[^\w]+")


class Provinces:
    """Finds the office of an address. Districts and streets bear names of provinces too, so the last one counts."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self._names: dict[str, str] = {}
        for office in offices.values():
            for name in _names(office):
                self._names.setdefault(_plain(name), office.id)
        longest_first = sorted(self._names, key=len, reverse=True)
        self._last = re.compile(rf".*(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)") if self._names else None

    def find(self, *texts: str) -> str | None:
        """The id of the first office that one of the texts names: a city, or an address that ends with one."""
        for text in texts:
            plain = _KIND.sub("", _plain(text[-_LONGEST:]))
            if plain in self._names:
                return self._names[plain]
            match = self._last.match(plain) if self._last is not None else None
            if match is not None:
                return self._names[match[1]]
        return None


def _names(office: Office) -> Iterable[str]:
    yield from (office.short_name, office.name, *office.aliases)
    for former, aliases in office.former:
        yield from (former, *aliases)


def _plain(text: str) -> str:
    """Bare letters and single spaces."""
    return _MARKS.sub(" ", fold(compose(text))).strip()
