"""One reviewed answer per file: `faq/<topic>/<id>.md`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
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
OPTIONAL = {"phrasings_en", "reason", "audience", "about", "sources", "from", "to", "next", "title_en"}


def load_entry(path: Path, root: Path) -> Entry:
    """Read one answer; raises KnowledgeError naming file, line and mend."""
    file = str(path.relative_to(root))
    lines = path.read_text(encoding="utf-8").splitlines()

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
        id=head["id"],
        title=head["title"],
        topic=head["topic"],
        kind=Kind(head["kind"]),
        body=body,
        phrasings=tuple(head["phrasings"]),
        reviewed=head["reviewed"],
        review_by=head["review_by"],
        reason=Reason(head["reason"]) if "reason" in head else None,
        audience=tuple(Role(role) for role in head.get("audience", ())),
        about=tuple(Stage(stage) for stage in head.get("about", ())),
        phrasings_en=tuple(head.get("phrasings_en", ())),
        sources=tuple(_citation(text) for text in head.get("sources", ())),
        period=Period(head.get("from"), head.get("to")),
        next=tuple(head.get("next", ())),
        title_en=head.get("title_en", ""),
        body_en=body_en,
        file=file,
    )


def _citation(text: str) -> Citation:
    source, _, article = text.partition(":")
    return Citation(source.strip(), article.strip())
