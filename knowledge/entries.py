"""One reviewed answer per file: `faq/<topic>/<id>.md`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from knowledge.dates import Period
from knowledge.errors import KnowledgeError, Problem

if TYPE_CHECKING:
    from pathlib import Path

TITLE_LIMIT = 60
ENGLISH_MARK = "--- en"
FENCE = "+++"


class Kind(StrEnum):
    """What the bot does with the question that an entry stands for."""

    ANSWER = "answer"
    HANDOFF = "handoff"
    REFUSE = "refuse"
    SMALLTALK = "smalltalk"
    CLARIFY = "clarify"


class Reason(StrEnum):
    """Why a person has to take over."""

    ASKED = "asked"
    PERSONAL_RECORD = "personal-record"
    COMPLAINT = "complaint"
    DISPUTE = "dispute"
    MONEY = "money"
    LEGAL = "legal"
    EMERGENCY = "emergency"
    DISTRESS = "distress"
    FRAUD = "fraud"
    DATA_REQUEST = "data-request"
    PROCEDURE = "procedure"
    OTHER_SCHEME = "other-scheme"


HELP_NOW = frozenset({Reason.EMERGENCY, Reason.DISTRESS})
"""Here nothing may stand between the person and the number that saves a life: no menu, no waiting for staff."""
ADVISE_NOW = HELP_NOW | {Reason.FRAUD}
"""Here what is asked next needs advice at once and is not left to staff."""


class Role(StrEnum):
    """Who is writing."""

    STUDENT = "student"
    PARENT = "parent"
    TEACHER = "teacher"


class Stage(StrEnum):
    """Where in school life the person is whose card is spoken of."""

    UNDER6 = "under6"
    GRADE1 = "grade1"
    PUPIL = "pupil"
    GRADE12 = "grade12"
    YEAR1 = "year1"
    STUDENT = "student"
    FINAL_YEAR = "final-year"
    GRADUATE = "graduate"


@dataclass(frozen=True)
class Citation:
    """A document that an entry rests on, with the article where known."""

    source: str
    article: str = ""


@dataclass(frozen=True)
class Entry:
    """A reviewed answer with the ways in which people ask for it."""

    id: str
    title: str
    topic: str
    kind: Kind
    body: str
    phrasings: tuple[str, ...]
    reviewed: date
    review_by: date
    reason: Reason | None = None
    audience: tuple[Role, ...] = ()
    about: tuple[Stage, ...] = ()
    provinces: tuple[str, ...] = ()
    """Offices whose people alone this answers; empty = everybody."""
    only_with: tuple[str, ...] = ()
    """Words, without diacritics, of which a message must hold one; empty = none is needed. For what would hurt, said to
    somebody whom it does not concern."""
    phrasings_en: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()
    period: Period = Period()
    next: tuple[str, ...] = ()
    title_en: str = ""
    body_en: str = ""
    file: str = ""

    def title_in(self, language: str) -> str:
        return self.title_en if language == "en" and self.title_en else self.title


REQUIRED = {"id", "title", "topic", "kind", "phrasings", "reviewed", "review_by"}
OPTIONAL = {
    "phrasings_en", "reason", "audience", "about", "provinces", "only_with", "sources", "from", "to", "next",
    "title_en",
}  # fmt: skip


def load_entry(path: Path, root: Path) -> Entry:
    """Read one answer; raises KnowledgeError naming file, line and mend."""
    return parse_entry(path.read_text(encoding="utf-8"), str(path.relative_to(root)))


def parse_entry(text: str, file: str) -> Entry:
    """One answer from the text of its file; raises KnowledgeError as `load_entry` does."""
    lines = text.splitlines()

    def wrong(what: str, mend: str = "", line: int = 1) -> KnowledgeError:
        return KnowledgeError([Problem(file, line, what, mend)])

    if not lines or lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        raise wrong(f"the head between two lines {FENCE} is missing", "see knowledge/README.md")
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE)
    try:
        head = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        raise wrong(f"the head is not valid TOML: {error}") from error
    if missing := REQUIRED - head.keys():
        raise wrong(f"lacks {', '.join(sorted(missing))}")
    if unknown := head.keys() - REQUIRED - OPTIONAL:
        raise wrong(f"unknown field {', '.join(sorted(unknown))}")
    body, _, body_en = "\n".join(lines[end + 1 :]).partition(f"\n{ENGLISH_MARK}\n")
    try:
        return _build(head, body.strip(), body_en.strip(), file)
    except (TypeError, ValueError) as error:
        raise wrong(str(error)) from error


def _build(head: dict[str, Any], body: str, body_en: str, file: str) -> Entry:
    return Entry(
        id=_text(head, "id"),
        title=_text(head, "title"),
        topic=_text(head, "topic"),
        kind=Kind(_text(head, "kind")),
        body=body,
        phrasings=_texts(head, "phrasings"),
        reviewed=_day(head, "reviewed"),
        review_by=_day(head, "review_by"),
        reason=Reason(_text(head, "reason")) if "reason" in head else None,
        audience=tuple(Role(role) for role in _texts(head, "audience")),
        about=tuple(Stage(stage) for stage in _texts(head, "about")),
        provinces=_texts(head, "provinces"),
        only_with=_texts(head, "only_with"),
        phrasings_en=_texts(head, "phrasings_en"),
        sources=tuple(_citation(text) for text in _texts(head, "sources")),
        period=Period(_bound(head, "from"), _bound(head, "to")),
        next=_texts(head, "next"),
        title_en=_text(head, "title_en"),
        body_en=body_en,
        file=file,
    )


def _text(head: dict[str, Any], name: str) -> str:
    value = head.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"`{name}` must be one text in quotes")
    return value


def _texts(head: dict[str, Any], name: str) -> tuple[str, ...]:
    values = head.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f'`{name}` must be a list of texts: {name} = ["…"]')
    return tuple(values)


def _day(head: dict[str, Any], name: str) -> date:
    value = head[name]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"`{name}` must be a date without quotes and without a time: {name} = 2026-11-21")
    return value


def _bound(head: dict[str, Any], name: str) -> date | None:
    return _day(head, name) if name in head else None


def _citation(text: str) -> Citation:
    source, _, article = text.partition(":")
    return Citation(source.strip(), article.strip())
