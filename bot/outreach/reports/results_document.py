"""The results of a campaign as a document."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.outreach.messages import say
from bot.outreach.reports.attribution import WITHIN
from bot.outreach.reports.charts import Bars, Columns, Stack
from bot.outreach.reports.document import Cell, Document, Figure, Table
from bot.outreach.reports.texts import moment, name, shown, tell
from bot.store.models import RecipientState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.outreach.reports.results import Results
    from bot.outreach.reports.tallies import Tally
    from bot.outreach.reports.timeline import Timeline
    from knowledge.base import KnowledgeBase

FATES = ("sent", "left", "waiting", "unknown", "failed", "skipped")
DEEDS = ("replied", "tapped", "opted_out")
PLACED = ("people", "sent", "failed", "skipped", *DEEDS)
STEPS = {timedelta(hours=1): ("hours", "%H:%M %d/%m"), timedelta(days=1): ("days", "%d/%m")}
TOP = 12
"""Bars in one chart."""


def results_document(results: Results, base: KnowledgeBase) -> Document:
    """All that is told of a campaign."""
    campaign = results.campaign
    tables = [
        _delivery(results.tally),
        _reasons(results),
        _over_time(results.timeline),
        _topics(results),
        _cases(results),
        _provinces(results, base),
        _schools(results, base),
    ]
    return Document(
        title=tell("campaign", "title", title=campaign.title),
        subtitle=tell(
            "campaign", "subtitle", code=campaign.code, state=say(f"state_{campaign.state}"), segment=campaign.segment
        ),
        at=tell("both", "at", at=moment(results.at)),
        figures=tuple(_figures(results)),
        tables=tuple(table for table in tables if table is not None),
        notes=tuple(_notes(results)),
    )


def _figures(results: Results) -> Iterator[Figure]:
    tally = results.tally
    yield Figure(name("figure", "people"), tally.people)
    yield Figure(name("figure", "sent"), tally.sent, _share("of_people", tally.sent, tally.people))
    for deed in () if results.withheld else DEEDS:
        count = getattr(tally, deed)
        yield Figure(name("figure", deed), count, _share("of_sent", count, tally.sent))
    if not results.withheld:
        yield Figure(name("figure", "cases"), results.cases.total())


def _share(text: str, part: int, whole: int) -> str:
    return tell("both", text, share=shown(part / whole)) if whole else ""


def _notes(results: Results) -> Iterator[str]:
    least = results.least
    if results.withheld:
        yield tell("campaign", "withheld", least=least)
    yield tell("campaign", "counted", hours=WITHIN // timedelta(hours=1))
    yield tell("both", "groups", least=least, others=tell("both", "others"))
    yield tell("campaign", "no_answers")


def _delivery(tally: Tally) -> Table:
    counts = [(fate, name("column", fate), getattr(tally, fate)) for fate in FATES]
    whole = tally.people
    return Table(
        tell("campaign", "delivery"),
        _head("state", "people", "share"),
        tuple((label, count, count / whole if whole else None) for _, label, count in counts if count),
        (tell("both", "total"), whole, 1.0 if whole else None),
        Stack(tuple(counts)) if whole else None,
    )


def _reasons(results: Results) -> Table | None:
    rows = [
        (name("column", state.value), _reason(state, reason), count)
        for state, counts in results.reasons.items()
        for reason, count in counts.most_common()
    ]
    return Table(tell("campaign", "reasons"), _head("state", "reason", "people"), tuple(rows)) if rows else None


def _reason(state: RecipientState, reason: str) -> str:
    """Skipped and waiting have the words of the preview, failed those for what a platform says."""
    if state is RecipientState.FAILED or not reason:
        return name("reason", reason)
    return say(f"reason_{reason}")


def _over_time(timeline: Timeline | None) -> Table | None:
    if timeline is None:
        return None
    step, form = STEPS.get(timeline.step, ("weeks", "%d/%m/%Y"))
    labels = tuple(format(start, form) for start in timeline.starts)
    kinds = tuple(timeline.counts)
    rows = tuple(zip(labels, *timeline.counts.values(), strict=True))
    return Table(
        tell("campaign", "over_time", step=name("step", step)),
        _head("from", *kinds),
        tuple(row for row in rows if any(row[1:])),
        (tell("both", "total"), *(sum(counts) for counts in timeline.counts.values())),
        Columns(labels, tuple((kind, name("column", kind), timeline.counts[kind]) for kind in kinds)),
    )


def _topics(results: Results) -> Table | None:
    rows = tuple((name("topic", topic), count) for topic, count in results.topics.most_common())
    if not rows:
        return None
    legend = (name("column", "questions"), "")
    bars = Bars(tuple((topic, count, 0) for topic, count in rows[:TOP]), legend)
    total = (tell("both", "total"), results.topics.total())
    return Table(tell("campaign", "topics"), _head("topic", "questions"), rows, total, bars)


def _cases(results: Results) -> Table | None:
    rows = tuple((name("case", reason), count) for reason, count in results.cases.most_common())
    total = (tell("both", "total"), results.cases.total())
    return Table(tell("campaign", "cases"), _head("reason", "count"), rows, total) if rows else None


def _provinces(results: Results, base: KnowledgeBase) -> Table:
    groups = results.places.provinces
    rows: list[tuple[Cell, ...]] = [
        (_province(province, base), *_placed(tally, results)) for province, tally in groups.shown.items()
    ]
    bars = Bars(
        tuple((_province(province, base), tally.people, tally.sent) for province, tally in groups.shown.items())[:TOP],
        (name("column", "people"), name("column", "sent")),
        "sent",
    )
    if groups.others is not None:
        rows.append((tell("both", "others"), *_placed(groups.others, results)))
    total: tuple[Cell, ...] = (tell("both", "total"), *_placed(results.tally, results))
    head = _head("province", *PLACED)
    return Table(tell("campaign", "provinces"), head, tuple(rows), total, bars if len(groups.shown) > 1 else None)


def _schools(results: Results, base: KnowledgeBase) -> Table | None:
    """The schools of each province, when there is at least one that may be shown."""
    rows: list[tuple[Cell, ...]] = []
    for province, groups in results.places.schools.items():
        if all(school is None for school in groups.shown):
            continue
        where = _province(province, base)
        rows += [
            (tell("both", "no_school") if school is None else results.schools[school], where, *_placed(tally, results))
            for school, tally in groups.shown.items()
        ]
        if groups.others is not None:
            rows.append((tell("both", "other_schools"), where, *_placed(groups.others, results)))
    return Table(tell("campaign", "schools"), _head("school", "province", *PLACED), tuple(rows)) if rows else None


def _province(province: str | None, base: KnowledgeBase) -> str:
    if province is None:
        return tell("both", "no_province")
    return base.offices[province].short_name if province in base.offices else province


def _placed(tally: Tally, results: Results) -> tuple[int | None, ...]:
    return tuple(None if results.withheld and part in DEEDS else getattr(tally, part) for part in PLACED)


def _head(*columns: str) -> tuple[str, ...]:
    return tuple(name("column", column) for column in columns)
