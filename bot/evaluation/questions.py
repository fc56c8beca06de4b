"""Questions with what a right answer must be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

REPOSITORY = Path(__file__).parents[2]
OWN = REPOSITORY / "tests" / "evaluation" / "questions.jsonl"
OWN_DIALOGUES = REPOSITORY / "tests" / "evaluation" / "dialogues.jsonl"
SECOND = REPOSITORY / "tests" / "evaluation" / "questions-2.jsonl"
SECOND_DIALOGUES = REPOSITORY / "tests" / "evaluation" / "dialogues-2.jsonl"
THIRD, THIRD_DIALOGUES = (OWN.with_name(f"{name}.jsonl") for name in ("questions-3", "dialogues-3"))
"""Written by other hands, without sight of the answers; `FIRST_SIGHT` in quality.py tells how they went at first."""
UNSEEN, UNSEEN_DIALOGUES = (OWN.with_name(f"{name}.jsonl") for name in ("questions-unseen", "dialogues-unseen"))
"""Halves of the third questions and of the second dialogues, to which nothing is tuned."""
FOURTH, FOURTH_UNSEEN = (OWN.with_name(f"{name}.jsonl") for name in ("questions-4", "questions-4-unseen"))
"""As the third, by three more hands; every fourth one is kept apart."""
FOURTH_DIALOGUES, FOURTH_DIALOGUES_UNSEEN, FOLLOW_UPS, CLOSINGS = (
    OWN.with_name(f"{name}.jsonl") for name in ("dialogues-4", "dialogues-4-unseen", "follow-ups", "closings")
)
"""Of nine more hands, who knew the answers: what is said after a first question, and how people thank and close."""
TESTERS, CHATTER = OWN.with_name("testers.jsonl"), OWN.with_name("chatter.txt")
"""Talks of testers who looked for what goes wrong, mostly the turns that did; and small talk that asks for nothing."""
SHARED = REPOSITORY.parent / "shared" / "eval"


class Expected(BaseModel):
    """What the person should get."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    expect: str
    """The decision: answer, clarify, handoff, refuse or smalltalk; empty where nothing is judged."""
    or_expect: tuple[str, ...] = ()
    """Decisions that are right too, where several entries are."""
    must_contain_any: tuple[tuple[str, ...], ...] = ()
    """Of each group at least one string must stand in the answer."""
    must_not_contain: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    """Entries that answer the question; empty when no entry was named, then only the rest counts."""


class Question(Expected):
    """One question that stands alone."""

    id: str
    text: str
    persona: str = ""
    topic: str = ""
    noise: str = "clean"
    twin_of: str | None = None


class Said(Expected):
    """One turn of a dialogue."""

    user: str


class Dialogue(BaseModel):
    """Several turns of one person."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    title: str
    persona: str = ""
    turns: tuple[Said, ...]


def load_questions(path: Path) -> list[Question]:
    """All questions of a file of JSON lines; raises ValidationError for a line of another form."""
    return [Question.model_validate(json.loads(line)) for line in _lines(path)]


def load_dialogues(path: Path) -> list[Dialogue]:
    """All dialogues of a file of JSON lines."""
    return [Dialogue.model_validate(json.loads(line)) for line in _lines(path)]


def _lines(path: Path) -> Iterable[str]:
    return (line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
