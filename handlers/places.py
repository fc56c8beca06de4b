"""Provinces named in a message, by their old and new names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.base import KnowledgeBase
from knowledge.search.folding import compose, fold
from knowledge.search.spelling import Spelled

_PROVINCE_AND_WORDS = frozenset(
    {"bac can", "ben tre", "ca mau", "can tho", "cao bang", "da nang", "dien bien", "ha nam", "hai duong", "hai phong"}
    | {"hoa binh", "hue", "lai chau", "phan rang", "phan thiet", "quang nam", "son la", "thai binh", "thanh hoa"}
)
"""Ordinary words when written without marks: "đã nặng", "hai phòng", "hoàn thành hóa đơn". They need a hint."""
_WORDS_BEFORE_PROVINCE = frozenset(
    {"buon ho", "cat ba", "chau doc", "con dao", "do son", "dong thap", "duc hoa", "dung quat", "gia nghia", "go cong"}
    | {"ha tien", "hoa vang", "hoi an", "hong ngu", "hp", "lam dong", "lao bao", "nam dinh", "nga bay", "pho noi"}
    | {"rach gia", "song cong", "tam ky", "trang bang", "tu son", "uong bi"}
)
"""More often words than a place, also after "học sinh": "đóng thấp", "làm đóng", "năm định kỳ". Only a place word
helps."""
_OTHERWISE = re.compile(
    r"(?<=tham )gia lai|(?<=danh )gia lai|nam dinh ky|hai phong (?:kham|benh|hoc)|lam dong (?:bao|bhyt|bhxh|tien)"
    r"|dong thap (?:nhat|hon)|quang (?:nam|ngai|ninh|tri|binh)(?<=\bx \1)"
)
"""No place, whatever stands before it."""
@dataclass(frozen=True)
class Place:
    """A province and, when the message named one, the former province that is now part of it."""

    office: str
    area: str | None = None


class Gazetteer:
    """Finds names of provinces; longest names first, names with marks before names without."""

    def __init__(self, base: KnowledgeBase) -> None:
        names: dict[str, Place] = {}
        for office in base.offices.values():
            for alias in (office.short_name, *office.aliases):
                names.setdefault(compose(alias), Place(office.id))
            for former, aliases in office.former:
                area = None if former == office.short_name else former
                for alias in (former, *aliases):
                    names.setdefault(compose(alias), Place(office.id, area))
        self._accented = _pattern(names)
        self._names = names
        self._folded = {fold(name): place for name, place in names.items()}
        self._plain = _pattern(self._folded)
        self._find = lru_cache(maxsize=2048)(self._search)

    def without(self, spelled: Spelled) -> str:
        """The canonical text of a message without the province that it names."""
        if self.find(spelled) is None:
            return spelled.text
        return " ".join(self._plain.sub(" ", spelled.text).split())

    def find(self, spelled: Spelled) -> Place | None:
        """The province that a message names, if any."""
        return self._find(" ".join(spelled.words), spelled.accented)

    def _search(self, text: str, accented: bool) -> Place | None:
        if match := self._accented.search(text):
            return self._names[match[0]]
        if accented:
            return None
        plain = fold(text)
        for match in self._plain.finditer(plain):
            before = plain[: match.start()].rstrip().rpartition(" ")[2]
            if len(match[0]) > _RISKY_WHEN_UNACCENTED + 2 or before in {
                "o",
                "tai",
                "tinh",
                "tp",
                "pho",
                "ve",
                "len",
                "ra",
                "vao",
                "xuong",
                "que",
            }:
                return self._folded[match[0]]
        return None


def _pattern(names: dict[str, Place]) -> re.Pattern[str]:
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)") if ordered else re.compile(r"(?!)")
