"""Where the bars and lines of a small chart lie. The template draws them, and writes the figures as a table beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 360, 150
_LEFT, _TOP, _BOTTOM = 30, 8, 20
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Series:
    """Values of one kind in the order of the labels; `key` names its words and its colour."""

    key: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    """One piece of a bar, in the units of the drawing."""

    key: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """A drawing WIDTH by HEIGHT. `ticks` are values with their height, `places` the middles of the columns."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    lines: tuple[tuple[str, str], ...]
    ticks: tuple[tuple[int, float], ...]
    places: tuple[float, ...]

    @property
    def empty(self) -> bool:
        return not any(any(series.values) for series in self.series)


def stacked(labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """Bars, the first series at the bottom."""
    totals = [sum(values) for values in zip(*(each.values for each in series), strict=True)]
    scale = _Scale(len(labels), max(totals, default=0))
    bars = []
    for column in range(len(labels)):
        base = 0
        for each in series:
            value = each.values[column]
            if value:
                x, width = scale.column(column)
                bars.append(
                    Bar(each.key, x, scale.y(base + value), width, round(scale.y(base) - scale.y(base + value), 1))
                )
            base += value
    return Chart(tuple(labels), tuple(series), tuple(bars), (), scale.ticks, scale.places)


def lines(labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """One line for each series."""
    scale = _Scale(len(labels), max((max(each.values, default=0) for each in series), default=0))
    drawn = tuple(
        (each.key, " ".join(f"{x},{scale.y(value)}" for x, value in zip(scale.places, each.values, strict=True)))
        for each in series
    )
    return Chart(tuple(labels), tuple(series), (), drawn, scale.ticks, scale.places)


class _Scale:
    """From values to places in the drawing."""

    def __init__(self, columns: int, most: int) -> None:
        self._step = _nice(most)
        self._top = max(self._step, -(-most // self._step) * self._step)
        self._wide = (WIDTH - _LEFT) / max(columns, 1)
        self.places = tuple(round(_LEFT + self._wide * (n + 0.5), 1) for n in range(columns))
        self.ticks = tuple((value, self.y(value)) for value in range(0, self._top + 1, self._step))

    def y(self, value: int) -> float:
        return round(HEIGHT - _BOTTOM - value / self._top * (HEIGHT - _TOP - _BOTTOM), 1)

    def column(self, n: int) -> tuple[float, float]:
        return round(_LEFT + self._wide * (n + 0.15), 1), round(self._wide * 0.7, 1)


def _nice(most: int) -> int:
    """The distance of the lines across: 1, 2 or 5 times a power of ten, so that there are four at most."""
    power = 1
    while True:
        for step in _STEPS:
            if most <= 4 * step * power:
                return step * power
        power *= 10
