"""Times of several contestants on the same questions, round by round, so that a busy moment hits them all."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

Contestant = Callable[[str], object]
"""Does something with one question."""


@dataclass(frozen=True)
class Rounds:
    """Seconds for each question, round by round. A round may end early for want of time, never out of order."""

    seconds: tuple[tuple[float, ...], ...]

    @property
    def questions(self) -> int:
        """How many questions the shortest round reached."""
        return min(len(times) for times in self.seconds)

    @property
    def per_second(self) -> float:
        """Questions a second, the median of the rounds."""
        return statistics.median(len(times) / sum(times) for times in self.seconds)

    def percentile(self, percent: float) -> float:
        """Milliseconds within which this many per cent of the questions were done, the median of the rounds."""
        return 1000 * statistics.median(percentile(times, percent) for times in self.seconds)

    def times_as_long_as(self, other: Rounds) -> float:
        """How many times as long as another contestant on the questions that both reached, the median of the rounds."""
        return statistics.median(
            sum(own[: len(others)]) / sum(others[: len(own)])
            for own, others in zip(self.seconds, other.seconds, strict=True)
        )


def contest(
    prepare: Callable[[], Mapping[str, Contestant]], questions: Sequence[str], rounds: int, allowance: float
) -> dict[str, Rounds]:
    """Let every contestant do the questions in each round; `prepare` gives them anew for each, with empty caches.

    A contestant stops after `allowance` seconds of a round, but does one question at least.
    """
    taken: dict[str, list[tuple[float, ...]]] = {}
    for _ in range(rounds):
        for name, contestant in prepare().items():
            taken.setdefault(name, []).append(_time(contestant, questions, allowance))
    return {name: Rounds(tuple(times)) for name, times in taken.items()}


def percentile(times: Sequence[float], percent: float) -> float:
    """The value below which this many per cent of the times lie (nearest rank); raises ValueError for no times."""
    if not times:
        raise ValueError("no times")
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _time(contestant: Contestant, questions: Sequence[str], allowance: float) -> tuple[float, ...]:
    times: list[float] = []
    end = perf_counter() + allowance
    for question in questions:
        started = perf_counter()
        contestant(question)
        finished = perf_counter()
        times.append(finished - started)
        if finished > end:
            break
    return tuple(times)
