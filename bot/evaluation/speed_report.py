"""The figures of the bench as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.evaluation import campaign_report, platform_report
from bot.evaluation.campaign_report import CampaignFigures
from bot.evaluation.cells import NOT_REACHED, memory, ms, prose, rate, row_of, seconds
from bot.evaluation.measured import Row
from bot.evaluation.platform_report import PlatformFigures

TURNS = {
    "turn": "a whole turn (`Conversation.respond`)",
    "search": "the search alone (`Search.find`)",
    "bm25s": "bm25s, best phrasing only",
    "rapidfuzz": "rapidfuzz `extractOne`, best phrasing only",
}
STARTS = {
    "bare": "Python alone",
    "bm25s": "knowledge base read and indexed with bm25s",
    "cached": "`bhyt-bot ask`, index from the cache",
    "first": "`bhyt-bot ask` for the first time, index built and kept",
    "embedded": "`bhyt-bot ask`, index from the cache, embeddings on",
}
GROWTH = {"ours": "our index", "bm25s": "bm25s", "rapidfuzz": "rapidfuzz"}
FACTORS = (1, 10, 100)


@dataclass
class Figures:
    """All that was measured; a part that was not reached stays empty."""

    day: date
    machine: str
    entries: int
    phrasings: int
    fitted: bool
    turns: list[Row] = field(default_factory=list)
    embedded: list[Row] | None = None
    """None when embeddings take no part."""
    starts: list[Row] = field(default_factory=list)
    web: list[Row] = field(default_factory=list)
    growth: dict[str, list[Row]] = field(default_factory=dict)
    platform: PlatformFigures = field(default_factory=PlatformFigures)
    campaign: CampaignFigures = field(default_factory=CampaignFigures)


def write(figures: Figures) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(figures: Figures) -> Iterator[str]:
    yield "# Speed"
    yield from prose(f"""
        Made by `make bench` on {figures.day}: {figures.machine}.
        {figures.entries} entries, {figures.phrasings:,} phrasings.
    """)
    if not figures.fitted:
        yield from prose("""
            The search model was learned from other phrasings than there are now; until the next
            `bhyt-bot knowledge fit` a start takes longer.
        """)
    yield from prose(
        "Unless it says otherwise, a figure is the median of several rounds in which all systems took turns."
    )
    yield ""
    yield from _aims(figures)
    yield from _turns(figures)
    yield from _growth(figures)
    yield from _starts(figures)
    yield from _web(figures)
    yield from platform_report.lines(figures.platform)
    yield from campaign_report.lines(figures.campaign)


def _aims(figures: Figures) -> Iterator[str]:
    turn, start = row_of(figures.turns, name="turn"), row_of(figures.starts, name="cached")
    message = next((row for row in reversed(figures.web) if row["name"] == "message"), None)
    yield from ("| aim | measured |", "|---|---:|")
    yield f"| half of all turns within 2 ms on one core, without embeddings | {ms(turn, 'p50')} |"
    yield f"| 99 of 100 turns within 10 ms | {ms(turn, 'p99')} |"
    yield f"| first answer 2.5 s after the start | {seconds(start)} |"
    yield f"| 400 web chat turns a second on one process | {rate(message)} |"
    yield from platform_report.aims(figures.platform)
    yield from campaign_report.aims(figures.campaign)


def _turns(figures: Figures) -> Iterator[str]:
    yield from ("", "## Turns on one core")
    yield from prose("""
        The evaluation's own questions, each from a new person, in one process on one core; what was read and found
        before is forgotten before each round. bm25s and rapidfuzz search the same phrasings and only name the nearest;
        they mend no spelling, weigh no probability and write no answer. The last column compares on the questions that
        both reached.
    """)
    yield ""
    yield from (
        "| | questions | a second | p50 | p99 | time beside our search |",
        "|---|---:|---:|---:|---:|---:|",
    )
    for suffix, rows in (("", figures.turns), (", embeddings on", figures.embedded or [])):
        for row in rows:
            yield (
                f"| {TURNS[row['name']]}{suffix} | {row['questions']} | {rate(row)} | {ms(row, 'p50')} | "
                f"{ms(row, 'p99')} | × {row['ratio']:.2f} |"
            )
    if figures.embedded is None:
        yield from prose("Sentence embeddings are off, not installed or not learned yet; they were not measured.")
    elif not figures.embedded:
        yield from prose(f"With sentence embeddings: {NOT_REACHED}.")
    else:
        yield from prose("""
            Embeddings are asked only when the words alone are unsure; the rows with embeddings compare with the search
            with embeddings.
        """)


def _growth(figures: Figures) -> Iterator[str]:
    yield from ("", "## With more phrasings")
    yield from prose("""
        Each phrasing again with one word replaced by another of the knowledge base (the same in every run). The fitted
        classifier cannot grow without a fit, so this is the part of the search that grows with the phrasings: reading
        the question, its cosines with every phrasing in three spaces, the best of each entry. At × 100 our index holds
        every row of × 10 ten times, because reading that many phrasings takes minutes; the searching is the same work.
        rapidfuzz stops at the first phrasing with a full score, so more phrasings may even end its search sooner.
        Memory is the most that the process held, building included.
    """)
    yield ""
    yield from (
        "| | " + " | ".join(f"× {factor}: p50 | memory" for factor in FACTORS) + " |",
        "|---|" + "---:|---:|" * len(FACTORS),
    )
    for name, label in GROWTH.items():
        by_factor = {row["factor"]: row for row in figures.growth.get(name, [])}
        cells = [f"{ms(by_factor.get(factor), 'p50')} | {memory(by_factor.get(factor))}" for factor in FACTORS]
        yield f"| {label} | " + " | ".join(cells) + " |"
    ratios = list(_growth_ratios(figures))
    if ratios:
        yield from ("", "Our time beside theirs: " + "; ".join(ratios) + ".")


def _growth_ratios(figures: Figures) -> Iterator[str]:
    ours = {row["factor"]: row["p50"] for row in figures.growth.get("ours", [])}
    for name in ("bm25s", "rapidfuzz"):
        theirs = {row["factor"]: row["p50"] for row in figures.growth.get(name, [])}
        both = [factor for factor in FACTORS if factor in ours and factor in theirs]
        if both:
            yield f"{name} " + ", ".join(f"× {ours[factor] / theirs[factor]:.2f} at × {factor}" for factor in both)


def _starts(figures: Figures) -> Iterator[str]:
    bare = row_of(figures.starts, name="bm25s")
    yield from ("", "## Start to first answer")
    yield from prose("""
        A fresh process, from its start to its end. The cache stands beside the database and is made anew when a
        phrasing changes.
    """)
    yield ""
    yield from (
        "| | time | beside bm25s | memory |",
        "|---|---:|---:|---:|",
    )
    for row in figures.starts:
        beside = f"× {row['seconds'] / bare['seconds']:.2f}" if bare else ""
        yield f"| {STARTS[row['name']]} | {seconds(row)} | {beside} | {memory(row)} |"


def _web(figures: Figures) -> Iterator[str]:
    yield from ("", "## Web chat")
    yield from prose("""
        A real `bhyt-bot run` with a new SQLite database: message in over HTTP, turn, database, reply out. The visitors
        are one other process on the same machine; each waits for its reply before it writes again, so with several at
        once the times contain waiting for each other. `/healthz` does nothing and shows what HTTP itself costs here.
    """)
    yield ""
    yield from (
        "| | visitors | requests | a second | p50 | p99 | time beside /healthz |",
        "|---|---:|---:|---:|---:|---:|---:|",
    )
    labels = {"message": "a message and its reply", "healthz": "`/healthz`"}
    for row in figures.web:
        yield (
            f"| {labels[row['name']]} | {row['sessions']} | {row['requests']} | {rate(row)} | {ms(row, 'p50')} | "
            f"{ms(row, 'p99')} | × {row['ratio']:.1f} |"
        )
