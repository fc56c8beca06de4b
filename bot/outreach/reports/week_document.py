"""A week of the bot as a document."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.outreach.messages import say
from bot.outreach.reports.asked import UNANSWERED
from bot.outreach.reports.charts import Bars, Columns
from bot.outreach.reports.document import Cell, Document, Figure, Table
from bot.outreach.reports.sendings import DEEDS
from bot.outreach.reports.texts import moment, name, shown, tell
from handlers.turn import Decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.outreach.reports.week import Weekly
    from knowledge.base import KnowledgeBase

TOP, BARS = 15, 12
"""Rows of what could not be answered, and bars in one chart."""
WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def week_document(weekly: Weekly, base: KnowledgeBase) -> Document:
    """All that is told of a week."""
    week = weekly.week
    tables = [_by_day(weekly), _topics(weekly, base), _unanswered(weekly, base), _wordings(weekly)]
    tables += [_cases(weekly), _campaigns(weekly)]
    return Document(
        title=tell("week", "title", first=f"{week.days[0]:%d/%m}", last=f"{week.days[-1]:%d/%m/%Y}"),
        subtitle=tell("week", "subtitle"),
        at=tell("both", "at", at=moment(weekly.at)),
        figures=tuple(_figures(weekly)),
        tables=tuple(table for table in tables if table is not None),
        notes=(
            tell("week", "topics_note"),
            tell("week", "counted", least=weekly.least, unshown=shown(weekly.unshown)),
            tell("week", "campaigns_note"),
        ),
    )


def _figures(weekly: Weekly) -> Iterator[Figure]:
    asked = sum(weekly.by_day)
    unanswered = sum(count for (_, decision), count in weekly.questions.items() if decision in UNANSWERED)
    share = tell("both", "of_questions", share=shown(unanswered / asked)) if asked else ""
    yield Figure(name("figure", "questions"), asked, tell("both", "last_week", count=shown(weekly.last_week)))
    yield Figure(name("figure", "unanswered"), unanswered, share)
    yield Figure(
        name("figure", "opened"),
        weekly.cases.opened.total(),
        tell("both", "still_open", count=shown(weekly.cases.waiting)),
    )
    yield Figure(name("figure", "closed"), weekly.cases.closed)


def _by_day(weekly: Weekly) -> Table:
    labels = tuple(f"{day} {date:%d/%m}" for day, date in zip(WEEKDAYS, weekly.week.days, strict=True))
    columns = Columns(labels, (("questions", name("column", "questions"), weekly.by_day),))
    rows = tuple(zip(labels, weekly.by_day, strict=True))
    total = (tell("both", "total"), sum(weekly.by_day))
    return Table(tell("week", "by_day"), _head("day", "questions"), rows, total, columns)


def _topics(weekly: Weekly, base: KnowledgeBase) -> Table | None:
    asked, answered = Counter[str](), Counter[str]()
    for (entry, decision), count in weekly.questions.items():
        topic = base.entries[entry].topic if entry in base.entries else ""
        asked[topic] += count
        answered[topic] += count if decision is Decision.ANSWER else 0
    if not asked:
        return None
    missed = asked - answered
    rows = [(name("topic", topic), count, answered[topic], missed[topic]) for topic, count in asked.most_common()]
    legend = (name("column", "questions"), name("column", "unanswered"))
    total = (tell("both", "total"), asked.total(), answered.total(), missed.total())
    return Table(
        tell("week", "topics"),
        _head("topic", "questions", "answered", "unanswered"),
        tuple(rows),
        total,
        Bars(tuple((topic, count, part) for topic, count, _, part in rows[:BARS]), legend, "unanswered"),
    )


def _unanswered(weekly: Weekly, base: KnowledgeBase) -> Table | None:
    found = Counter({key: count for key, count in weekly.questions.items() if key[1] in UNANSWERED})
    rows: list[tuple[Cell, ...]] = []
    for (entry, decision), count in found.most_common(TOP):
        there = base.entries.get(entry or "")
        title, topic = (there.title, there.topic) if there else (tell("both", "no_entry"), "")
        rows.append((title, name("topic", topic), name("decision", decision), count))
    head = _head("entry", "topic", "decision", "questions")
    return Table(tell("week", "unanswered"), head, tuple(rows)) if rows else None


def _wordings(weekly: Weekly) -> Table | None:
    rows = tuple((each.text, name("decision", each.decision), each.count) for each in weekly.wordings)
    head = _head("wording", "decision", "questions")
    return Table(tell("week", "wordings"), head, rows) if rows else None


def _cases(weekly: Weekly) -> Table | None:
    opened, still = weekly.cases.opened, weekly.cases.still_open
    rows = tuple((name("case", reason), count, still[reason]) for reason, count in opened.most_common())
    total = (tell("both", "total"), opened.total(), still.total())
    return Table(tell("week", "cases"), _head("reason", "count", "still_open"), rows, total) if rows else None


def _campaigns(weekly: Weekly) -> Table | None:
    numbers = ("people", "sent", "failed", *DEEDS)
    rows = tuple(
        (one.title, one.code, say(f"state_{one.state}"), *(one.number(each) for each in numbers))
        for one in weekly.campaigns
    )
    return Table(tell("week", "campaigns"), _head("campaign", "code", "state", *numbers), rows) if rows else None


def _head(*columns: str) -> tuple[str, ...]:
    return tuple(name("column", column) for column in columns)
