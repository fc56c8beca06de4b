"""What can be wrong with the knowledge base.

KnowledgeError
└── Problem (one mend; `Problems` carries all that one load found)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: the file, the line (1-based; 0 = whole file), what is wrong and what to do."""

    file: str
    line: int
    what: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}" + (f" → {self.mend}" if self.mend else "")


class KnowledgeError(Exception):
    """The knowledge base cannot be used as it is; `problems` says why, one by one."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class FactError(KnowledgeError):
    """A fact is missing, or has no value on the day asked for."""

    def __init__(self, what: str, file: str = "facts.toml", line: int = 0) -> None:
        super().__init__([Problem(file, line, what)])


def line_of(path: Path, needle: str) -> int:
    """The first line of a text file that contains `needle`; 0 when none does."""
    return line_in(path.read_text(encoding="utf-8"), needle)


def line_in(text: str, needle: str) -> int:
    """The first line of a text that contains `needle`; 0 when none does."""
    for number, line in enumerate(text.splitlines(), 1):
        if needle in line:
            return number
    return 0
