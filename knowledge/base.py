"""The knowledge base as one value: load once, ask with a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from knowledge.entries import Entry, Kind, Role, parse_entry
from knowledge.entry_files import load_entries
from knowledge.errors import line_in
from knowledge.facts import FactBook, load_facts
from knowledge.offices import Office, load_offices
from knowledge.quiz import FILE as QUIZ
from knowledge.quiz import QuizBook, load_quiz
from knowledge.rendering import Rendered, render
from knowledge.slogans import SloganBook, load_slogans
from knowledge.sources import Source, load_sources
from knowledge.stages import StageTable, load_stages

ROOT = Path(__file__).parent
_Asked = tuple[str, date, str, Role | None]
MOST_RENDERED = 5000
"""Answers kept ready; each is rendered once for a day, a language and a role."""


@dataclass(frozen=True)
class KnowledgeBase:
    """Facts, sources, reviewed answers, offices, slogans and quiz questions; immutable.

    `changed` holds, by file, the texts of answers that do not stand (in this form) in the folder `root`.
    """

    facts: FactBook
    sources: dict[str, Source]
    entries: dict[str, Entry]
    offices: dict[str, Office]
    stages: StageTable
    slogans: SloganBook
    quiz: QuizBook
    root: Path = field(default=ROOT)
    changed: Mapping[str, str] = field(default_factory=dict, repr=False)
    _rendered: dict[tuple[str, date, str, Role | None], Rendered] = field(
        default_factory=dict, compare=False, repr=False
    )

    def entry(self, entry_id: str) -> Entry:
        """The entry of this id; raises KeyError when there is none."""
        return self.entries[entry_id]

    def answers_in(self, office: str) -> tuple[str, ...]:
        """The ids of the answers that are about the support of a province, in the order of the entries."""
        return self._by_province.get(office, ())

    @cached_property
    def _by_province(self) -> dict[str, tuple[str, ...]]:
        answers = [entry for entry in self.entries.values() if entry.kind is Kind.ANSWER]
        return {
            office: tuple(entry.id for entry in answers if office in entry.provinces)
            for office in {office for entry in answers for office in entry.provinces}
        }

    def render(self, entry_id: str, day: date, language: str = "vi", role: Role | None = None) -> Rendered:
        """The answer of an entry as of a day; raises FactError when it cannot be told for that day."""
        key = (entry_id, day, language, role)
        if key not in self._rendered:
            if len(self._rendered) >= MOST_RENDERED:
                self._rendered.clear()
            self._rendered[key] = render(self.entries[entry_id], self.facts, self.sources, day, language, role)
        return self._rendered[key]

    def having(self, texts: Mapping[str, str]) -> KnowledgeBase:
        """This knowledge base with the answers of these files, by their path below `root`, changed or added.

        Raises KnowledgeError with everything that cannot be read.
        """
        entries = {entry.file: entry for entry in self.entries.values()}
        entries.update({file: parse_entry(text, file) for file, text in texts.items()})
        by_id = {entry.id: entry for entry in entries.values()}
        return replace(self, entries=by_id, changed={**self.changed, **texts}, _rendered={})

    def text(self, file: str) -> str:
        """The text of one file of the knowledge base; raises OSError when there is none."""
        changed = self.changed.get(file)
        return (self.root / file).read_text(encoding="utf-8") if changed is None else changed

    def line(self, file: str, needle: str) -> int:
        """The first line of a file that contains `needle`; 0 when none does."""
        return line_in(self.text(file), needle)

    def hotline(self, day: date) -> str:
        return str(self.facts.value("hotline", day))


def load(root: Path = ROOT, cache: Path | None = None) -> KnowledgeBase:
    """Read the whole folder; raises KnowledgeError with every file that cannot be read.

    `cache` is a folder in which the entries are kept as they were read, so that the next start is quick.
    """
    return KnowledgeBase(
        facts=load_facts(root / "facts.toml"),
        sources=load_sources(root / "sources.toml"),
        entries=load_entries(root, cache / "entries.json" if cache else None),
        offices=load_offices(root / "offices"),
        stages=load_stages(root / "stages.toml"),
        slogans=load_slogans(root / "slogans.toml"),
        quiz=load_quiz(root / QUIZ),
        root=root,
    )
