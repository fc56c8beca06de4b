"""The figures of the platforms as Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.evaluation.cells import NOT_REACHED, memory, ms, prose, rate, row_of
from bot.evaluation.telegramturns import AT_ONCE, LIFTED, MARKS, PAUSE, Contender, Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.evaluation.measured import Row

BOTS = {
    Contender.OURS: "ours",
    Contender.STOCK: "python-telegram-bot echo as it comes (one update after the other)",
    Contender.CONCURRENT: "python-telegram-bot echo, `concurrent_updates(True)`",
    Contender.AIOGRAM: "bare aiogram 3 echo",
}
WAYS = {Way.FIRST: "every text new", Way.AGAIN: "the same texts again", Way.CALM: "with pauses"}
TRANSPORTS = {"aiohttp": "ours (aiohttp)", "httpx": "the library's (httpx)"}


@dataclass
class PlatformFigures:
    """What was measured over the local Telegram; a part that was not reached stays empty."""

    turns: list[Row] = field(default_factory=list)
    transports: list[Row] = field(default_factory=list)
    memory: list[Row] = field(default_factory=list)
    busy: dict[str, float] = field(default_factory=dict)
    """The load of the last minute when a part began."""


def aims(figures: PlatformFigures) -> Iterator[str]:
    """Rows for the table of aims."""
    for aim, rival in (
        ("1.5 × the turns of the stock python-telegram-bot echo", Contender.STOCK),
        ("0.6 × the turns of the bare aiogram echo", Contender.AIOGRAM),
    ):
        measured = (f"{_ratio(figures, way, rival)} ({WAYS[way]})" for way in (Way.FIRST, Way.AGAIN))
        yield f"| a Telegram turn: {aim} | {', '.join(measured)} |"
    waits = (f"{ms(_ours(figures, way), 'p95')} ({WAYS[way]})" for way in (Way.FIRST, Way.AGAIN, Way.CALM))
    yield f"| 95 of 100 Telegram turns within 150 ms, {AT_ONCE} people at once | {', '.join(waits)} |"
    yield f"| memory flat over {MARKS[-1]:,} turns | {_flat(figures)} |"


def lines(figures: PlatformFigures) -> Iterator[str]:
    """The sections."""
    yield from _turns(figures)
    yield from _transports(figures)
    yield from _memory(figures)


def _turns(figures: PlatformFigures) -> Iterator[str]:
    lifted = ", ".join(f"`{name}={value}`" for name, value in LIFTED.items())
    yield from ("", "## Telegram")
    yield from prose(f"""
        A whole turn: the local Telegram (`bhyt-bot simulate`'s) brings a message to the bot's webhook, the bot answers
        with a call of its own. {AT_ONCE} people write at once, each of them as five persons in turn; everybody has
        written once before. Ours is a real `bhyt-bot run` with a new SQLite database: it keeps the message, finds the
        answer, keeps it, sends it and notes that it was sent. The echo bots keep nothing and always send the same
        sentence. Each bot runs alone, in one process, one after the other, once; the local Telegram and the people are
        one other process, the same for all. Times are from the sending of a message to the first message of the answer,
        the wait for one of Telegram's 40 connections to the webhook included. Nobody waits for anything else, so
        {AT_ONCE} people always make the bot as busy as it can be and their wait is {AT_ONCE} turns' time; "with pauses"
        they wait {PAUSE:.0f} s in the mean before they write again.
    """)
    yield from prose(f"""
        Lifted for the measurement: {lifted}. Our bot's own pace (200 replies a second in all, 1 to a chat) and its
        flood control would otherwise be what is measured.
    """)
    yield from prose("""
        The texts are the evaluation's own questions, some hundred. "Every text new" is without help of the search's
        caches but for single words; "the same texts again" finds every reading, ranking and spelling in them (4,096
        questions are kept), which is what a season of the same questions comes to at best. Processor time is what the
        system counted for the bot's process, and for the local Telegram with its people: where the latter is as high,
        the bot waited for it.
    """)
    yield from ("", "| | texts | turns | a second | p50 | p95 | processor, bot | processor, Telegram |")
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for row in figures.turns:
        yield (
            f"| {BOTS[row['name']]} | {WAYS[row['way']]} | {row['turns']} | {rate(row)} | {ms(row, 'p50')} | "
            f"{ms(row, 'p95')} | {ms(row, 'cpu')} | {ms(row, 'telegram_cpu')} |"
        )
    yield from _busy(figures)


def _busy(figures: PlatformFigures) -> Iterator[str]:
    if figures.busy:
        loads = "; ".join(f"{name} {load:.1f}" for name, load in figures.busy.items())
        yield from prose(f"Load of the last minute when each part began: {loads}.")


def _transports(figures: PlatformFigures) -> Iterator[str]:
    yield from ("", "## Calls to Telegram")
    yield from prose("""
        The transport alone: calls of sendMessage with a sentence in Vietnamese, so many at once, from a process of
        their own to the local Telegram.
    """)
    yield from ("", "| | at once | a second | p50 | p95 | processor | calls beside httpx |")
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for row in figures.transports:
        yield (
            f"| {TRANSPORTS[row['name']]} | {row['at_once']} | {rate(row)} | {ms(row, 'p50')} | {ms(row, 'p95')} | "
            f"{ms(row, 'cpu')} | × {row['ratio']:.1f} |"
        )
    if not figures.transports:
        yield from prose(f"{NOT_REACHED.capitalize()}.")


def _memory(figures: PlatformFigures) -> Iterator[str]:
    yield from ("", "## Memory over many turns")
    reached = figures.memory[-1]["turns"] if figures.memory else 0
    yield from prose(f"""
        What a bot that has just started holds (resident), and what it holds after so many Telegram turns of {AT_ONCE}
        people at once: each of the evaluation's questions, then greetings, because they take the least time and leave
        as much behind as any other turn. {_ended(reached)}
    """)
    yield from ("", "| turns | memory |", "|---:|---:|")
    for row in figures.memory:
        yield f"| {row['turns']:,} | {memory(row, 'memory')} |"


def _ended(reached: int) -> str:
    if reached >= MARKS[-1]:
        return ""
    return f"The time was up after {reached:,} turns of {MARKS[-1]:,}."


def _flat(figures: PlatformFigures) -> str:
    if not figures.memory:
        return NOT_REACHED
    return " → ".join(f"{memory(row, 'memory')} ({row['turns']:,})" for row in figures.memory)


def _ours(figures: PlatformFigures, way: Way) -> Row | None:
    return row_of(figures.turns, name=Contender.OURS, way=way)


def _ratio(figures: PlatformFigures, way: Way, rival: Contender) -> str:
    ours, theirs = _ours(figures, way), row_of(figures.turns, name=rival, way=way)
    if ours is None or theirs is None:
        return NOT_REACHED
    return f"× {ours['per_second'] / theirs['per_second']:.2f}"
