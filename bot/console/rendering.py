"""Pages as HTML. Whatever stands in a value is escaped by the templates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.clock import VIETNAM
from bot.console.words import words
from bot.outreach.reports.texts import NOTHING, shown, tell
from bot.outreach.reports.writing import TEMPLATES as CHARTS
from knowledge.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.outreach.reports.document import Cell
    from bot.web.assets import Assets
    from knowledge.offices import Office

_NOW = timedelta(minutes=1)


class Pages:
    """The templates of the console."""

    def __init__(self, assets: Assets, offices: Mapping[str, Office]) -> None:
        self.offices = offices
        self.in_order = sorted(offices.values(), key=lambda office: fold(office.short_name))
        self._templates = Environment(
            loader=FileSystemLoader([Path(__file__).parent / "templates", CHARTS]),
            autoescape=select_autoescape(["html", "svg"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals.update(asset=lambda name: assets[name].url, province=self.province, tell=tell)
        self._templates.filters["shown"] = shown

    def page(self, name: str, language: str, /, **values: Any) -> str:
        """A whole page from `<name>.html`; `t` holds the words of all pages, `say` fills places in one of them."""
        told = Told(language)
        template = self._templates.get_template(f"{name}.html")
        return template.render(t=words(language), lang=language, say=told, **values)

    def province(self, office: str | None) -> str:
        """The name of an office's province; empty for none, the id of one that we do not know."""
        known = self.offices.get(office or "")
        return known.short_name if known else office or ""


class Told:
    """Numbers and times as a language writes them."""

    def __init__(self, language: str) -> None:
        self._locale = language

    def __call__(self, text: str, **values: object) -> str:
        return text.format(**values)

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=self._locale))

    def shown(self, cell: Cell | timedelta) -> str:
        """A cell of a report: whole numbers, parts of one as percentages, times in hours and minutes."""
        if cell is None:
            return NOTHING
        if isinstance(cell, timedelta):
            hours, minutes = divmod(round(cell.total_seconds() / 60), 60)
            told: dict[str, str] = words(self._locale)["common"]
            key = "minutes" if not hours else "hours_minutes" if minutes else "hours"
            return told[key].format(hours=self.number(hours), minutes=minutes)
        if isinstance(cell, float):
            return str(format_percent(cell, "#,##0.#%", locale=self._locale))
        return cell if isinstance(cell, str) else self.number(cell)

    def date(self, value: date) -> str:
        return format_date(value, "d/M/y", locale=self._locale)

    def moment(self, value: datetime) -> str:
        return format_datetime(value.astimezone(VIETNAM), "HH:mm d/M/y", locale=self._locale)

    def since(self, value: datetime, now: datetime) -> str:
        """How long ago, or how long until."""
        if abs(value - now) < _NOW:
            just: str = words(self._locale)["common"]["just_now"]
            return just
        return format_timedelta(value - now, locale=self._locale, add_direction=True, granularity="minute")

    def span(self, value: datetime, now: datetime) -> str:
        """How long between two moments."""
        return format_timedelta(abs(value - now), locale=self._locale, granularity="minute")
