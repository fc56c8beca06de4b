"""Provinces named in a message, by their old and new names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.base import KnowledgeBase
from knowledge.search.folding import compose, fold
from knowledge.search.spelling import Spelled

# Without marks many names read as ordinary words. A name that is in neither of these two lists is a place anywhere.
_WORDS_TOO = frozenset(
    {"bac can", "ben tre", "ca mau", "can tho", "cao bang", "da nang", "dien bien", "gia lai", "ha nam", "hai duong"}
    | {"hai phong", "hoa binh", "hue", "lai chau", "quang nam", "son la", "thai binh", "thanh hoa"}
)
"""Provinces that may be words ("đã nặng", "hai phòng", "tham gia lại"): a place only with a hint beside them."""
_WORDS_RATHER = frozenset(
    {"buon ho", "cat ba", "chau doc", "con dao", "do son", "dong thap", "duc hoa", "dung quat", "gia nghia", "go cong"}
    | {"ha tien", "hoa vang", "hoi an", "hong ngu", "hp", "lam dong", "lao bao", "nam dinh", "nga bay", "phan rang"}
    | {"phan thiet", "pho noi", "rach gia", "song cong", "tam ky", "trang bang", "tu son", "uong bi"}
    | {"ha dong", "dong da", "dong anh", "tay ho", "ba dinh", "cau giay", "nha be", "can gio", "tan binh"}
    | {"binh tan", "dam doi", "dat mui", "o mon", "thanh khe", "me linh", "son tra"}
    | {f"{district}{number}" for district in ("q", "quan ") for number in range(1, 13)}
)
"""Names that are words more often ("đóng thấp", "phần răng", "liên quan 3 em"): a place only after "ở", "tỉnh" …"""
_NEVER = re.compile(
    r"(?:tham|danh|dinh) gia lai .*|.* nam dinh ky|.* dong thap (?:nhat|hon)|.* lam dong (?:bao|bhyt|bhxh|tien)"
    r"|.* hai phong (?:kham|benh|hoc|tro)|.* da nang (?:cap|muc|hon|them)|.* ha nam nay|x quang \w+ .*"
)
"""The word before, the name and the word after: no place, whatever else is said."""
_WORD = re.compile(r"\w+")
_PLACE_WORDS = frozenset("o tai tinh tp pho que ve len ra vao xuong tu".split())
_BEFORE = re.compile(
    r".*\b(?:hoc sinh|sinh vien|hoc tro|phu huynh|dai hoc|nghi quyet|ho khau|thuong tru|bhxh|nguoi|cua)"
)
_AFTER = re.compile(r"(?:co )?(?:duoc )?(?:ho tro|mien phi|giam)\b.*|(?:cu|sau sap nhap)\b.*")
_ASIDE = re.compile(r"\b(?:que|ho khau|hk|thuong tru|nhu|giong|bang)(?: \w+){0,3} ?$")
_AT_SCHOOL = re.compile(r"\bhoc (?:o|tai|trong|ngoai|tren)(?: \w+)? ?$")
_ASIDES = frozenset("a da vang em toi minh chau nhe nha nay cu".split())
"""What may stand beside a name that is the whole message."""


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
        self._first_words = {
            True: frozenset(_WORD.findall(name)[0] for name in names),
            False: frozenset(_WORD.findall(name)[0] for name in (*names, *self._folded)),
        }
        """With which names begin in a text with marks, and in one without."""
        self._find = lru_cache(maxsize=2048)(self._search)

    def find(self, spelled: Spelled) -> Place | None:
        """The province that a message is about, if it names one: not where somebody only comes from."""
        found = self._find(" ".join(spelled.words), spelled.accented)
        return found[0] if found else None

    def without(self, spelled: Spelled) -> str:
        """The canonical text of a message without the names of the provinces that it names."""
        text = spelled.text
        offices = {place.office for place in self._find(" ".join(spelled.words), spelled.accented)}
        if not offices:
            return text
        names = (fold(name) for name, named in self._names.items() if named.office in offices)
        for name in sorted(names, key=len, reverse=True):
            text = re.sub(rf"\b{re.escape(name)}\b", " ", text)
        return " ".join(text.split())

    def stripped(self, spelled: Spelled) -> Spelled:
        """A message without the words of any province that it names; the same object when it names none."""
        text = self.without(spelled)
        if text == spelled.text or len(left := tuple(text.split())) == len(spelled.folded):
            return spelled
        dropped = set(spelled.folded) - set(left)
        words = tuple(word for word in spelled.words if fold(word) not in dropped)
        return replace(spelled, words=words, folded=left)

    def _search(self, text: str, accented: bool) -> tuple[Place, ...]:
        if self._first_words[accented].isdisjoint(_WORD.findall(text if accented else f"{text} {fold(text)}")):
            return ()
        found = [
            (_is_aside(match), not _is_of_school(match), match.start(), self._names[match[1]])
            for match in self._accented.finditer(text)
            # Some names have no marks of their own ("Gia Lai"): among words with marks they are read as they stand.
            if match[1] != fold(match[1]) or (accented and _is_meant(match, _WORDS_RATHER))
        ]
        if not accented:
            found += [
                (_is_aside(match), not _is_of_school(match), match.start(), self._folded[match[1]])
                for match in self._plain.finditer(fold(text))
                if _is_meant(match, _WORDS_TOO | _WORDS_RATHER)
            ]
        return tuple(place for *_, place in sorted(found, key=lambda row: row[:3]))


def _is_of_school(match: re.Match[str]) -> bool:
    """Whether a province is where somebody studies: support follows the school."""
    return bool(_AT_SCHOOL.search(fold(match.string[: match.start()])))


def _is_aside(match: re.Match[str]) -> bool:
    """Whether a province is only where somebody comes from, or what another one is compared with."""
    return bool(_ASIDE.search(fold(match.string[: match.start()])))


def _is_meant(match: re.Match[str], doubtful: frozenset[str]) -> bool:
    """Whether a name written without marks is the place, not ordinary words; `doubtful` names need a hint."""
    name = match[1]
    before, after = fold(match.string[: match.start()]).split(), fold(match.string[match.end(1) :]).split()
    if _NEVER.fullmatch(" ".join([*(before[-1:] or "-"), name, *(after[:1] or "-")])):
        return False
    if name not in doubtful or (before and before[-1] in _PLACE_WORDS) or _ASIDES.issuperset(before + after):
        return True
    if name in _WORDS_RATHER:
        return False
    at_start = _ASIDES.issuperset(before)
    return bool(_BEFORE.fullmatch(" ".join(before)) or (at_start and _AFTER.fullmatch(" ".join(after))))


def _pattern(names: dict[str, Place]) -> re.Pattern[str]:
    """Every place where a name begins, also inside another name; the name is group 1."""
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?=({'|'.join(map(re.escape, ordered))})(?!\w))") if ordered else re.compile(r"(?!)()")
