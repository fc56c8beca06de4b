"""`knowledge check`: everything that must be true before an answer may reach a citizen."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.entries import TITLE_LIMIT, Kind
from knowledge.errors import FactError, KnowledgeError, Problem, line_of
from knowledge.messages import FOLDER, load_messages, message_files
from knowledge.numbers import named, typed
from knowledge.quiz_check import check_quiz
from knowledge.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from knowledge.base import KnowledgeBase
    from knowledge.entries import Entry
    from knowledge.facts import Fact, FactBook

MIN_PHRASINGS = 8
_YES_OR_NO = re.compile(r"(?:\*\*)?(?:Có|Không|Được|Đúng|Chưa|Vâng|Yes|No)(?: ạ)?[.,](?:\*\*)?")


def check(base: KnowledgeBase, today: date) -> list[Problem]:
    """All problems of the knowledge base as of a day, sorted by file; an empty list means it may go out."""
    problems: list[Problem] = []
    problems.extend(_check_facts(base, today))
    owners: dict[str, str] = {}
    for entry in base.entries.values():
        problems.extend(_check_entry(entry, base, today, owners))
    problems.extend(_check_stages(base))
    problems.extend(_check_offices(base))
    problems.extend(check_quiz(base, today))
    problems.extend(_check_messages(base, owners))
    return sorted(problems)


def check_entry(entry_id: str, base: KnowledgeBase, today: date) -> list[Problem]:
    """All problems of one answer as of a day, by line; raises KeyError when there is none of this id."""
    owners: dict[str, str] = {}
    for other in base.entries.values():
        if other.id != entry_id:
            owners.update((phrasing_key(text), other.id) for text in (*other.phrasings, *other.phrasings_en))
    return sorted(_check_entry(base.entry(entry_id), base, today, owners))


def _check_entry(entry: Entry, base: KnowledgeBase, today: date, owners: dict[str, str]) -> Iterator[Problem]:
    yield from _check_head(entry, base, today)
    yield from check_links(entry, base)
    yield from _check_text(entry, base, today)
    yield from _check_phrasings(entry, base, owners)


def _check_facts(base: KnowledgeBase, today: date) -> Iterator[Problem]:
    path = base.root / "facts.toml"
    for fact in base.facts:
        line = line_of(path, f"[{fact.id}]")
        rows = sorted(fact.values, key=lambda row: row.period.start or today)
        for row in rows:
            if row.source not in base.sources:
                yield Problem(path.name, line, f"{fact.id}: unknown source {row.source}", "add it to sources.toml")
            if row.period.start and row.period.end and row.period.start > row.period.end:
                yield Problem(path.name, line, f"{fact.id}: a value ends before it begins")
        for earlier, later in pairwise(rows):
            if earlier.period.overlaps(later.period):
                yield Problem(path.name, line, f"{fact.id}: two values hold on the same day", "set `to` of the earlier")
            elif earlier.period.end and later.period.start != earlier.period.end + timedelta(days=1):
                yield Problem(path.name, line, f"{fact.id}: no value between two periods", "close the gap")
        if what := _not_computed(fact, base.facts, today):
            yield Problem(path.name, line, what, "mend the formula")


def _not_computed(fact: Fact, facts: FactBook, today: date) -> str:
    """Why a formula has no value on a day on which all that it uses has one; empty when it has one."""
    try:
        facts.period(fact.id, today)
    except FactError:
        return ""
    try:
        facts.value(fact.id, today)
    except FactError as error:
        return f"{fact.id}: {error.problems[0].what}"
    return ""


def _check_head(entry: Entry, base: KnowledgeBase, today: date) -> Iterator[Problem]:
    path = PurePosixPath(entry.file)

    def problem(what: str, mend: str = "", needle: str = "id") -> Problem:
        return Problem(entry.file, base.line(entry.file, needle), what, mend)

    if path.stem != entry.id or path.parent.name != entry.topic:
        yield problem(f"file is {path.parent.name}/{path.name}", f"it must be {entry.topic}/{entry.id}.md")
    if len(entry.title) > TITLE_LIMIT:
        yield problem(f"title has {len(entry.title)} characters", f"at most {TITLE_LIMIT}", "title")
    if (entry.kind is Kind.HANDOFF) != (entry.reason is not None):
        mend = "add `reason`" if entry.kind is Kind.HANDOFF else "remove `reason`"
        yield problem("`reason` goes with kind handoff, and handoff needs one", mend, "kind")
    if bool(entry.title_en) != bool(entry.body_en):
        yield problem("title_en and the English text go together", needle="title_en")
    if entry.review_by < today:
        yield problem(f"its review was due on {entry.review_by}", "read it again and move review_by", "review_by")
    if today not in entry.period and not (entry.period.start and entry.period.start > today):
        yield problem("it no longer holds", "give it a new text or remove it", "to =")


def check_links(entry: Entry, base: KnowledgeBase) -> Iterator[Problem]:
    """What an answer names that is not there: without it the answer cannot be shown."""
    if entry.kind in {Kind.ANSWER, Kind.HANDOFF} and not entry.sources:
        yield Problem(
            entry.file, base.line(entry.file, "topic"), "no source", "cite at least one document of sources.toml"
        )
    for citation in entry.sources:
        if citation.source not in base.sources:
            where = base.line(entry.file, citation.source)
            yield Problem(entry.file, where, f"unknown source {citation.source}", "add it to sources.toml")
    for province in entry.provinces:
        if province not in base.offices:
            where = base.line(entry.file, "provinces")
            yield Problem(entry.file, where, f"unknown province {province}", "name a file of offices/ without .toml")
    for follow_up in entry.next:
        where = base.line(entry.file, follow_up)
        if follow_up not in base.entries:
            yield Problem(entry.file, where, f"follow-up {follow_up} does not exist", "name another entry in `next`")
        elif follow_up == entry.id:
            where = base.line(entry.file, "next =")
            yield Problem(entry.file, where, "it offers itself as a follow-up", "name another entry in `next`")
    if entry.kind is Kind.CLARIFY and len(entry.next) < 2:
        yield Problem(entry.file, base.line(entry.file, "next"), "a clarifying question needs two or more `next`")


def _check_text(entry: Entry, base: KnowledgeBase, today: date) -> Iterator[Problem]:
    day = max(today, entry.period.start) if entry.period.start else today
    for language, body in (("vi", entry.body), ("en", entry.body_en)):
        for line in body.splitlines():
            for what, mend in (*typed(line), *named(line, base.facts, day, language)):
                yield Problem(entry.file, base.line(entry.file, line.strip()), what, mend)
        if entry.kind is Kind.ANSWER and (bare := _YES_OR_NO.match(body)):
            where = base.line(entry.file, body.splitlines()[0])
            mend = "say what is so: the question may have been another one"
            yield Problem(entry.file, where, f"the answer begins with “{bare[0]}”", mend)
    if not entry.body:
        yield Problem(entry.file, 0, "no text", "write the answer below the head")


def _check_phrasings(entry: Entry, base: KnowledgeBase, owners: dict[str, str]) -> Iterator[Problem]:
    if len(entry.phrasings) < MIN_PHRASINGS:
        yield Problem(
            entry.file,
            base.line(entry.file, "phrasings"),
            f"{len(entry.phrasings)} phrasings",
            f"{MIN_PHRASINGS} or more",
        )
    for phrasing in (*entry.phrasings, *entry.phrasings_en):
        key = phrasing_key(phrasing)
        if entry.only_with and set(entry.only_with).isdisjoint(map(fold, key.split())):
            where = base.line(entry.file, phrasing)
            yield Problem(entry.file, where, f"“{phrasing}” has no word of only_with", "add one there")
        owner = owners.setdefault(key, entry.id)
        if owner != entry.id:
            where = base.line(entry.file, phrasing)
            yield Problem(entry.file, where, f"“{phrasing}” also leads to {owner}", "keep it in one entry")


def _check_messages(base: KnowledgeBase, owners: dict[str, str]) -> Iterator[Problem]:
    """A message belongs to an entry that is there, and to no other."""
    try:
        messages = load_messages(base.root)
    except KnowledgeError as error:
        yield from error.problems
        return
    whose = dict(owners)
    for entry_id, texts in messages.items():
        if entry_id not in base.entries:
            yield Problem(*_place_of(base, entry_id), f"there is no answer {entry_id}", "move its messages")
            continue
        for text in texts:
            if (owner := whose.setdefault(phrasing_key(text), entry_id)) != entry_id:
                yield Problem(*_place_of(base, text), f"“{text}” also leads to {owner}", "keep it in one entry")


def _place_of(base: KnowledgeBase, needle: str) -> tuple[str, int]:
    """The file of messages that contains `needle`, and the line."""
    places = ((path, line_of(path, needle)) for path in message_files(base.root))
    return next(((str(path.relative_to(base.root)), line) for path, line in places if line), (FOLDER, 0))


def phrasing_key(text: str) -> str:
    """Two phrasings with the same key are the same question: letters and digits only, accents kept."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))


def _check_stages(base: KnowledgeBase) -> Iterator[Problem]:
    for group in base.stages.groups:
        for stage, entry_id in group.by_stage.items():
            if entry_id not in base.entries:
                line = line_of(base.root / "stages.toml", entry_id)
                what = f"[{group.id}] {stage}: there is no entry {entry_id}"
                yield Problem("stages.toml", line, what, "name an entry of faq")


def _check_offices(base: KnowledgeBase) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for office in base.offices.values():
        file = f"offices/{office.id}.toml"
        for support in office.support:
            if support.source and support.source not in base.sources:
                yield Problem(file, 0, f"unknown source {support.source}", "add it to sources.toml")
        for alias in office.aliases:
            if seen.setdefault(alias, office.id) != office.id:
                yield Problem(file, 0, f"alias {alias!r} also names {seen[alias]}")
