"""What staff sees of the knowledge base: the answers, one of them on another day, figures that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.drafts.errors import ProblemsError
from bot.drafts.writing import read
from knowledge.check import check_links
from knowledge.errors import FactError
from knowledge.rendering import format_value
from knowledge.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.drafts.draft import Draft
    from knowledge.base import KnowledgeBase
    from knowledge.entries import Entry, Role
    from knowledge.facts import DatedValue, Fact
    from knowledge.rendering import Rendered

SOON = timedelta(days=90)


@dataclass(frozen=True)
class Shown:
    """One answer in a list. `change` is the number of the live change that it stands in, if any."""

    entry: Entry
    overdue: bool
    change: int | None


def browse(
    base: KnowledgeBase, live: Iterable[Draft], today: date, *, topic: str = "", words: str = "", due: bool = False
) -> list[Shown]:
    """Answers by topic and title: of one topic, with these words in id, title or phrasings, or past their review."""
    changes = {draft.file: draft.id for draft in live if base.changed.get(draft.file) == draft.text}
    wanted = fold(words.strip())
    shown = [
        Shown(entry, entry.review_by < today, changes.get(entry.file))
        for entry in base.entries.values()
        if topic in {"", entry.topic} and (not wanted or _holds(entry, wanted)) and (not due or entry.review_by < today)
    ]
    return sorted(shown, key=lambda each: (each.entry.topic, each.entry.title))


def topics(base: KnowledgeBase) -> dict[str, int]:
    """How many answers each topic has."""
    counts: dict[str, int] = {}
    for entry in base.entries.values():
        counts[entry.topic] = counts.get(entry.topic, 0) + 1
    return dict(sorted(counts.items()))


def preview(base: KnowledgeBase, text: str, day: date, language: str = "vi", role: Role | None = None) -> Rendered:
    """What somebody would read on a day; raises DraftError for a text without form, FactError for want of a figure."""
    text, entry = read(text)
    changed = base.having({entry.file: text})
    if problems := list(check_links(entry, changed)):
        raise ProblemsError(problems)
    return changed.render(entry.id, day, language, role)


@dataclass(frozen=True)
class Ending:
    """A figure whose value ends: what it is now, and the value that follows, if that is known."""

    fact: Fact
    value: DatedValue
    written: str
    next: str | None


def ending_facts(base: KnowledgeBase, today: date, within: timedelta = SOON) -> list[Ending]:
    """Figures whose value of today ends within that time, the first to end first."""
    found: list[Ending] = []
    for fact in base.facts:
        for value in fact.values:
            end = value.period.end
            if end is not None and today in value.period and end <= today + within:
                written = format_value(value.value, fact.unit, "vi")
                found.append(Ending(fact, value, written, _on(base, fact, end + timedelta(days=1))))
    return sorted(found, key=lambda each: (each.value.period.end or today, each.fact.id))


def _on(base: KnowledgeBase, fact: Fact, day: date) -> str | None:
    try:
        return format_value(base.facts.value(fact.id, day), fact.unit, "vi")
    except FactError:
        return None


def _holds(entry: Entry, wanted: str) -> bool:
    texts = (entry.id, entry.title, *entry.phrasings, *entry.phrasings_en)
    return any(wanted in fold(text) for text in texts)
