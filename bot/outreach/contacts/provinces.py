"""Provinces by any name that a list may use: new, old, with or without "tỉnh", without marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outreach.contacts.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.offices import Office

_KINDS = ("thanh pho ", "tinh ", "tp ")


class ProvinceNames:
    """Finds the office of a name; a name of today goes before an old one."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self._offices: dict[str, str] = {}
        for office in offices.values():
            for name in (office.id, office.name, office.short_name, *office.aliases):
                self._offices.setdefault(_bare(name), office.id)
        for office in offices.values():
            for former, aliases in office.former:
                for name in (former, *aliases):
                    self._offices.setdefault(_bare(name), office.id)

    def find(self, text: str) -> str | None:
        """The id of the office; None for what is no province."""
        return self._offices.get(_bare(text))


def _bare(name: str) -> str:
    words = plain(name)
    return next((words.removeprefix(kind) for kind in _KINDS if words.startswith(kind)), words)
