"""What came of a list, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERASED = "erased"
    """Left out: the person asked to be erased and has not agreed since. No mistake of the list."""
    WRONG = "wrong"


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line, and how to mend it; `column` is the title in the file, or the field's name."""

    row: int
    column: str
    what: str
    mend: str


@dataclass(frozen=True)
class Outcome:
    """One line. `joined` is an earlier line about the same person, `number` the contact's, None before there is one.

    `refusals` counts the topics that the line says yes to and the person had refused: the refusal stays. `erased` is
    the day on which the person asked to be erased, for a line that is left out because of it.
    """

    row: int
    fate: Fate
    joined: int | None = None
    number: int | None = None
    refusals: int = 0
    erased: date | None = None


@dataclass(frozen=True)
class ListReport:
    """All of a list. `unread` are titles of columns that were not read; `written`: it is in the database now."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...] = ()
    written: bool = False

    @property
    def fates(self) -> Counter[Fate]:
        """How many lines met each fate."""
        return Counter(outcome.fate for outcome in self.outcomes)


def ordered(
    outcomes: Sequence[Outcome], problems: Sequence[Problem], unread: tuple[str, ...], *, written: bool
) -> ListReport:
    """A report in the order of the lines; a line with a problem is wrong."""
    wrong = {problem.row for problem in problems}
    good = [outcome for outcome in outcomes if outcome.row not in wrong]
    every = sorted([*good, *(Outcome(row, Fate.WRONG) for row in wrong)], key=lambda outcome: outcome.row)
    return ListReport(tuple(every), tuple(sorted(problems, key=lambda problem: problem.row)), unread, written)
