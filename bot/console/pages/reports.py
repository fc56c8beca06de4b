"""Reports of a period: on a page, as a file, and of a month on one sheet of paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from bot.console.rendering import Told
from bot.console.report import Teller, charts, measures
from bot.console.route import Route, Scope
from bot.console.words import words
from bot.drafts.reading import topics
from bot.outreach.contacts.days import read_day
from bot.outreach.reports.overview import Overview, Reporter
from bot.outreach.reports.period import Period
from bot.outreach.reports.texts import name
from bot.outreach.reports.writing import as_csv, as_xlsx
from bot.store.models import StaffRole

if TYPE_CHECKING:
    from bot.console.visit import Visit
    from bot.outreach.reports.document import Document

LONGEST = 366
"""Days of a report at most."""
PERIODS = ("this_week", "last_week", "this_month", "last_month", "custom")
CENTURY = (2000, 2100)
MONTHS = 12
"""Months that can be chosen for the monthly report."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Choice:
    """What a report is about, from an address; `wrong` when the days in it make no sense."""

    which: str
    period: Period
    province: str | None
    topic: str | None
    wrong: bool = False

    @property
    def query(self) -> str:
        """The same as an address has it."""
        days = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return urlencode({"period": "custom", **days, "province": self.province or "", "topic": self.topic or ""})


async def get_reports(visit: Visit) -> web.Response:
    chosen = _chosen(visit)
    now, before = await _overviews(visit, chosen)
    teller = _teller(visit)
    questions, flow = charts(now)
    return visit.page(
        "reports",
        chosen=chosen,
        periods=PERIODS,
        overview=now,
        earlier=before.period,
        measures=measures(now, before),
        teller=teller,
        questions=questions,
        flow=flow,
        tables=teller.tables(now),
        notes=_notes(visit, now),
        offices=visit.console.pages.in_order,
        topics=sorted((name("topic", topic), topic) for topic in topics(visit.console.drafts.base)),
        months=_months(visit.now.date()),
    )


async def get_xlsx(visit: Visit) -> web.Response:
    document, file = await _document(visit)
    return _file(as_xlsx(document), _XLSX, f"{file}.xlsx")


async def get_csv(visit: Visit) -> web.Response:
    document, file = await _document(visit)
    return _file(as_csv(document), "text/csv", f"{file}.csv")


async def get_month(visit: Visit) -> web.Response:
    """The report that an office sends upward, in Vietnamese whatever its reader speaks; `?month=2026-10`."""
    month = _day(f"{visit.query.get('month', '')}-01")
    period = Period.month_of(month) if month else Period.month_of(visit.now.date()).before
    visit = replace(visit, language="vi")
    chosen = Choice("custom", period, _province(visit), None)
    now, before = await _overviews(visit, chosen)
    return visit.page(
        "report_month",
        overview=now,
        earlier=before.period,
        measures=measures(now, before),
        teller=_teller(visit),
        topics=[(name("topic", topic), counts) for topic, counts in now.topics(visit.console.drafts.base).items()],
        office=visit.console.pages.offices.get(chosen.province or ""),
        back=chosen.query,
    )


async def _overviews(visit: Visit, chosen: Choice) -> tuple[Overview, Overview]:
    """The period and the one before."""
    console = visit.console
    reporter = Reporter(console.database, console.drafts.base, console.clocks.hours, console.settings)
    periods = (chosen.period, chosen.period.before)
    now, before = await reporter.overviews(periods, visit.now, chosen.province, chosen.topic)
    return now, before


async def _document(visit: Visit) -> tuple[Document, str]:
    """The report for a file, and what to call the file."""
    chosen = _chosen(visit)
    now, before = await _overviews(visit, chosen)
    say, period = Told(visit.language), chosen.period
    title = visit.word("reports", "title_of").format(first=say.date(period.first), last=say.date(period.last))
    document = _teller(visit).document(title, now, before, _notes(visit, now))
    return document, f"bao-cao-{period.first:%Y%m%d}-{period.last:%Y%m%d}"


def _file(body: bytes, kind: str, called: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return web.Response(body=body, content_type=kind, headers=headers)


def _teller(visit: Visit) -> Teller:
    return Teller(words(visit.language), Told(visit.language), visit.console.drafts.base)


def _notes(visit: Visit, overview: Overview) -> list[str]:
    """How it was counted."""
    own = words(visit.language)["reports"]["note"]
    place = visit.console.pages.province(overview.province)
    notes = [own["province"].format(province=place)] if place else []
    notes += [own["topic"].format(topic=name("topic", overview.topic))] if overview.topic else []
    shown = {"least": overview.least, "unshown": Told(visit.language).number(overview.unshown)}
    return [*notes, own["asked"], own["wordings"].format(**shown), own["clocks"], own["campaigns"].format(**shown)]


def _chosen(visit: Visit) -> Choice:
    query, today = visit.query, visit.now.date()
    topic = query.get("topic", "")
    about = _province(visit), topic if topic in topics(visit.console.drafts.base) else None
    which = query.get("period", "")
    month, week = Period.month_of(today), Period.week_of(today)
    known = {"this_week": week, "last_week": week.before, "this_month": month, "last_month": month.before}
    if which != "custom":
        return Choice(which if which in known else "this_month", known.get(which, month), *about)
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    if first is None or last is None or not 0 <= (last - first).days < LONGEST:
        return Choice(which, month, *about, wrong=True)
    return Choice(which, Period(first, last), *about)


def _province(visit: Visit) -> str | None:
    """Who serves a province gets no other."""
    asked = visit.query.get("province", "")
    return visit.province or (asked if asked in visit.console.pages.offices else None)


def _day(written: str) -> date | None:
    """A day of this century."""
    day = read_day(written)
    return day if day and CENTURY[0] <= day.year < CENTURY[1] else None


def _months(today: date) -> list[date]:
    """The months that are over and the present one, the latest first."""
    months = [Period.month_of(today)]
    while len(months) < MONTHS:
        months.append(months[-1].before)
    return [month.first for month in months]


routes = (
    Route("GET", "/reports", get_reports, StaffRole.EDITOR, Scope.OFFICE, audit="report_viewed", nav="reports"),
    Route("GET", "/reports/xlsx", get_xlsx, StaffRole.EDITOR, Scope.OFFICE, audit="report_xlsx"),
    Route("GET", "/reports/csv", get_csv, StaffRole.EDITOR, Scope.OFFICE, audit="report_csv"),
    Route("GET", "/reports/month", get_month, StaffRole.EDITOR, Scope.OFFICE, audit="report_month"),
)
