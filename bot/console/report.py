"""What a report of a period tells: the numbers to see first, drawings, tables; all of it as a file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.console.charts import Chart, Series, lines, stacked
from bot.outreach.reports.asked import ASKED
from bot.outreach.reports.document import Cell, Document, Figure, Table
from bot.outreach.reports.sendings import DEEDS
from bot.outreach.reports.texts import name
from handlers.turn import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.console.rendering import Told
    from bot.outreach.reports.overview import Overview
    from knowledge.base import KnowledgeBase

DAYS = 45
"""Columns of a day each at most; of a longer time each column is a week."""
NUMBERS = ("people", "sent", "failed", *DEEDS)

Value = int | float | timedelta | None
"""A count or a mean, a part of one, office time, or nothing to tell."""


@dataclass(frozen=True)
class Measure:
    """A number of a period and of the one before. A float is a part of one, but of `satisfaction` a mean."""

    key: str
    value: Value
    before: Value


def measures(now: Overview, before: Overview) -> list[Measure]:
    """The numbers to see first."""
    pairs = zip(_measured(now).items(), _measured(before).values(), strict=True)
    return [Measure(key, value, earlier) for (key, value), earlier in pairs]


def _measured(overview: Overview) -> dict[str, Value]:
    cases = overview.cases
    return {
        "questions": overview.asked,
        "answered": overview.answered / overview.asked if overview.asked else None,
        "unanswered": overview.asked - overview.answered,
        "opened": cases.opened.total(),
        "settled": cases.settled,
        "response_in_time": cases.response.share,
        "response_median": cases.response.median,
        "resolution_in_time": cases.resolution.share,
        "resolution_median": cases.resolution.median,
        "satisfaction": cases.satisfaction,
    }


def charts(overview: Overview) -> tuple[Chart, Chart]:
    """Questions by decision, and cases opened and settled; by day, or by week from the first day on, until today."""
    days = [day for day in overview.period.days if day <= overview.at.date()] or [overview.period.first]
    step = 1 if len(days) <= DAYS else 7
    spans = [days[start : start + step] for start in range(0, len(days), step)]
    labels = [f"{span[0].day}/{span[0].month}" for span in spans]
    asked = [
        Series(kind.value, tuple(sum(overview.daily[day, kind] for day in span) for span in spans)) for kind in ASKED
    ]
    flow = [
        Series(key, _summed(counted, spans))
        for key, counted in zip(("opened", "resolved"), overview.cases.flow, strict=True)
    ]
    return stacked(labels, asked), lines(labels, flow)


def _summed(counted: Counter[date], spans: Sequence[Sequence[date]]) -> tuple[int, ...]:
    return tuple(sum(counted[day] for day in span) for span in spans)


@dataclass(frozen=True)
class Teller:
    """Tells a report in a language; `words` are those of all pages."""

    words: dict[str, Any]
    say: Told
    base: KnowledgeBase

    def document(self, title: str, now: Overview, before: Overview, notes: Sequence[str]) -> Document:
        """For files: times in minutes, all else as it is."""
        own = self.words["reports"]
        figures = [
            Figure(self._figure(one), _plain(one.value), f"{own['before']}: {self.shown(one.key, one.before)}")
            for one in measures(now, before)
        ]
        at = own["at"].format(at=self.say.moment(now.at))
        return Document(title, "", at, tuple(figures), tuple(self.tables(now)), tuple(notes))

    def shown(self, key: str, value: Value) -> str:
        """A measure as people read it."""
        if key == "satisfaction" and isinstance(value, float):
            return self.say.number(round(value, 1))
        return self.say.shown(value)

    def tables(self, overview: Overview) -> list[Table]:
        """Those that have something to tell."""
        made = (self._topics, self._wordings, self._reasons, self._clocks, self._campaigns, self._ratings)
        return [table for table in (make(overview) for make in made) if table.rows]

    def _figure(self, measure: Measure) -> str:
        own = self.words["reports"]
        unit = f" ({own['minutes']})" if measure.key.endswith("_median") else ""
        return f"{own['measure'][measure.key]}{unit}"

    def _topics(self, overview: Overview) -> Table:
        found = overview.topics(self.base)
        rows = [(name("topic", topic), *_decided(counts)) for topic, counts in found.items()]
        total = sum(found.values(), Counter[Decision]())
        head = ("topic", "questions", *(kind.value for kind in ASKED), "share")
        return self._table("topics", head, rows, (self.words["reports"]["total"], *_decided(total)))

    def _wordings(self, overview: Overview) -> Table:
        rows = [(each.text, self.words["home"][each.decision], each.count) for each in overview.wordings]
        return self._table("wordings", ("wording", "decision", "questions"), rows)

    def _reasons(self, overview: Overview) -> Table:
        opened, still = overview.cases.opened, overview.cases.still_open
        rows = [(self.reason(key), count, still[key]) for key, count in opened.most_common()]
        total = (self.words["reports"]["total"], opened.total(), still.total())
        return self._table("reasons", ("reason", "opened", "still_open"), rows, total)

    def reason(self, key: str) -> str:
        """Why a case was opened."""
        told: str = self.words["case"]["reasons"].get(key, self.words["reports"]["other"])
        return told

    def _clocks(self, overview: Overview) -> Table:
        own, cases = self.words["reports"]["clock"], overview.cases
        rows = [
            (own[key], _minutes(one.limit), one.stopped, one.in_time, one.share, _minutes(one.median), one.late)
            for key, one in (("response", cases.response), ("resolution", cases.resolution))
        ]
        return self._table("clocks", ("clock", "limit", "stopped", "in_time", "in_time_share", "median", "late"), rows)

    def _ratings(self, overview: Overview) -> Table:
        ratings = overview.cases.ratings
        shown = self.words["case"]["satisfaction_of"]
        rows = [(shown.format(score=score), ratings[score]) for score in range(5, 0, -1)] if ratings else []
        return self._table("ratings", ("rating", "cases"), rows)

    def _campaigns(self, overview: Overview) -> Table:
        states = self.words["reports"]["campaign_state"]
        rows = [
            (one.title, one.code, states[one.state], *(one.number(each) for each in NUMBERS))
            for one in overview.campaigns
        ]
        return self._table("campaigns", ("campaign", "code", "state", *NUMBERS), rows)

    def _table(
        self, key: str, head: Sequence[str], rows: Sequence[tuple[Cell, ...]], total: tuple[Cell, ...] = ()
    ) -> Table:
        own = self.words["reports"]
        return Table(own["table"][key], tuple(own["column"][column] for column in head), tuple(rows), total)


def _decided(counts: Counter[Decision]) -> tuple[Cell, ...]:
    asked = counts.total()
    return asked, *(counts[kind] for kind in ASKED), counts[Decision.ANSWER] / asked if asked else None


def _minutes(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds() / 60)


def _plain(value: Value) -> Cell:
    return _minutes(value) if isinstance(value, timedelta) else value
