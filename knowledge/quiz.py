"""Questions of the quiz on the policy (`quiz.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from knowledge.errors import KnowledgeError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "quiz.toml"
_FIELDS = {"id", "ask", "right", "wrong", "why", "entry", "source"}


@dataclass(frozen=True)
class QuizQuestion:
    """One question. All its texts are templates whose numbers are named facts; `right` is the first of `choices`."""

    id: str
    ask: str
    choices: tuple[str, ...]
    why: str
    entry: str
    source: str

    def order(self, seed: str) -> tuple[int, ...]:
        """The places of the choices, mixed, and mixed in the same way for the same seed."""
        return tuple(sorted(range(len(self.choices)), key=lambda place: rank(seed, self.id, str(place))))


@dataclass(frozen=True)
class QuizBook:
    """All questions by id, and until when they were reviewed."""

    questions: Mapping[str, QuizQuestion]
    reviewed: date
    review_by: date


def rank(*words: str) -> bytes:
    """A place in an order that looks random and is the same on every machine and in every version."""
    return sha256("\n".join(words).encode()).digest()


def load_quiz(path: Path) -> QuizBook:
    """Read `quiz.toml`; raises KnowledgeError naming every wrong question."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([Problem(path.name, 0, f"not valid TOML: {error}")]) from error
    questions: dict[str, QuizQuestion] = {}
    problems: list[Problem] = []
    for number, row in enumerate(raw.get("question", ()), 1):
        if row.keys() != _FIELDS or row["id"] in questions:
            what = f"question {number}: the fields must be {', '.join(sorted(_FIELDS))}, each id once"
            problems.append(Problem(path.name, 0, what, "see the other questions for the form"))
            continue
        choices = (row["right"], *row["wrong"])
        questions[row["id"]] = QuizQuestion(row["id"], row["ask"], choices, row["why"], row["entry"], row["source"])
    problems += [
        Problem(path.name, 0, f"`{name}` must be a date without quotes: {name} = 2026-11-22")
        for name in ("reviewed", "review_by")
        if not isinstance(raw.get(name), date)
    ]
    if problems:
        raise KnowledgeError(problems)
    return QuizBook(questions, raw["reviewed"], raw["review_by"])
