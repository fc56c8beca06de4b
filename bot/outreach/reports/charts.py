"""Charts of a report: what they show, and where each shape of them lies. `templates/charts.svg` draws the shapes."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 680
"""Units across the page that a chart is drawn in; text is 11 high."""
LABEL, NUMBER = 190, 60
"""Room for the name on the left of a bar and for the number on its right."""
ROW = 20
HEIGHT = 80
"""Of the highest column."""
TICKS = 8
"""Dates under columns at most."""
TICK = 62
"""Room for one."""
FEW = 14
"""Columns at most that have their number above."""


@dataclass(frozen=True)
class Shape:
    """A rectangle, and what is written at it."""

    x: float
    width: float
    y: float = 0
    height: float = 0
    kind: str = ""
    label: str = ""
    value: int = 0


@dataclass(frozen=True)
class Stack:
    """One bar made of parts: (kind, name, number)."""

    parts: tuple[tuple[str, str, int], ...]
    form: str = "stack"

    def shapes(self) -> list[Shape]:
        """The parts that are not empty, side by side."""
        total, x, shapes = sum(number for *_, number in self.parts), 0.0, []
        for kind, label, number in self.parts:
            if number:
                width = WIDTH * number / total
                shapes.append(Shape(x, width, kind=kind, label=label, value=number))
                x += width
        return shapes


@dataclass(frozen=True)
class Bars:
    """Lying bars: (name, number, part of it). `legend` names both, `kind` is what the part counts."""

    rows: tuple[tuple[str, int, int], ...]
    legend: tuple[str, str]
    kind: str = ""
    form: str = "bars"

    @property
    def height(self) -> int:
        return ROW * len(self.rows)

    def shapes(self) -> list[tuple[Shape, Shape]]:
        """Each bar with its part."""
        most = max((number for _, number, _ in self.rows), default=0) or 1
        room = WIDTH - LABEL - NUMBER
        return [
            (
                Shape(LABEL, room * number / most, ROW * place, ROW, "all", label, number),
                Shape(LABEL, room * part / most, ROW * place, ROW, self.kind, label, part),
            )
            for place, (label, number, part) in enumerate(self.rows)
        ]


@dataclass(frozen=True)
class Columns:
    """Standing bars over time, a strip for each of (kind, name, numbers); it tells all that its table does."""

    labels: tuple[str, ...]
    strips: tuple[tuple[str, str, tuple[int, ...]], ...]
    form: str = "columns"

    @property
    def numbered(self) -> bool:
        return len(self.labels) <= FEW

    @property
    def step(self) -> float:
        return WIDTH / max(len(self.labels), 7)

    def shapes(self, numbers: tuple[int, ...]) -> list[Shape]:
        """The columns of one strip, the highest of full height."""
        most, step = max(numbers, default=0) or 1, self.step
        heights = [HEIGHT * number / most for number in numbers]
        return [
            Shape(step * (place + 0.1), step * 0.8, HEIGHT - height, height, value=number)
            for place, (number, height) in enumerate(zip(numbers, heights, strict=True))
        ]

    def ticks(self) -> list[Shape]:
        """Where to write which label."""
        every = -(-len(self.labels) // TICKS)
        return [
            Shape(self.step * place, self.step, label=label)
            for place, label in enumerate(self.labels)
            if place % every == 0 and (self.step * place + TICK <= WIDTH or not place)
        ]


Chart = Stack | Bars | Columns
