"""What must be true of the quiz before a question may be put to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.errors import FactError, Problem, line_of
from knowledge.numbers import named, typed
from knowledge.quiz import FILE
from knowledge.rendering import fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from knowledge.base import KnowledgeBase
    from knowledge.quiz import QuizQuestion

CHOICES = (3, 4)
LONGEST_CHOICE = 80
"""Characters; three choices have to be readable on a phone at one glance."""


def check_quiz(base: KnowledgeBase, today: date) -> Iterator[Problem]:
    """All problems of the quiz as of a day."""
    path = base.root / FILE
    if base.quiz.review_by < today:
        what = f"its review was due on {base.quiz.review_by}"
        yield Problem(FILE, line_of(path, "review_by"), what, "read all questions again and move review_by")
    for question in base.quiz.questions.values():
        line = line_of(path, f'id = "{question.id}"')
        for what, mend in _wrong(question, base, today):
            yield Problem(FILE, line, f"{question.id}: {what}", mend)


def _wrong(question: QuizQuestion, base: KnowledgeBase, today: date) -> Iterator[tuple[str, str]]:
    if question.entry not in base.entries:
        yield f"there is no entry {question.entry}", "name an entry of faq"
    if question.source not in base.sources:
        yield f"unknown source {question.source}", "add it to sources.toml"
    if len(question.choices) not in CHOICES:
        yield f"{len(question.choices)} choices", "three or four, one of them right"
    for text in (question.ask, *question.choices, question.why):
        yield from typed(text)
        yield from named(text, base.facts, today, "vi")
    yield from _wrong_choices(question, base, today)


def _wrong_choices(question: QuizQuestion, base: KnowledgeBase, today: date) -> Iterator[tuple[str, str]]:
    """Two choices may name different facts and still say the same on some day."""
    try:
        said = [fill(choice, base.facts, today) for choice in question.choices]
    except FactError:
        return
    if len({text.casefold() for text in said}) < len(said):
        yield "two choices say the same", "name another fact in one of them"
    if too_long := [text for text in said if len(text) > LONGEST_CHOICE]:
        yield f"“{too_long[0]}” is too long", f"at most {LONGEST_CHOICE} characters"
