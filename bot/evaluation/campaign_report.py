"""The figures of campaigns as Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.evaluation.campaigns import NOTED, PAUSE, PEOPLE, RATE, SENDS, STEADY, WRITERS
from bot.evaluation.cells import NOT_REACHED, memory, ms, prose, rate, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.evaluation.measured import Row

AIM = 1_500
SMALL, LARGE = 10**4, 10**6
SENDERS = {"ours": "ours, with ledger and rules", "naive": "python-telegram-bot, gather and semaphore of 30"}
UNDER_LIMIT = {"idle": "replies alone", "campaign": "a campaign alone", "both": "both at once"}


@dataclass
class CampaignFigures:
    """What was measured of campaigns; a part that was not reached stays empty."""

    sends: list[Row] = field(default_factory=list)
    ledgers: list[Row] = field(default_factory=list)
    limited: list[Row] = field(default_factory=list)


def aims(figures: CampaignFigures) -> Iterator[str]:
    """Rows for the table of aims."""
    ours = row_of(figures.sends, name="ours")
    beside = NOT_REACHED if ours is None else f"{rate(ours)}, × {ours['ratio']:.1f} the usual loop"
    yield f"| {AIM:,} campaign messages a second on one process, with ledger | {beside} |"
    yield f"| memory grows by at most 50 MB from {SMALL:,} to {LARGE:,} recipients | {_growth(figures)} |"
    campaign = row_of(figures.limited, name="campaign")
    used = NOT_REACHED if campaign is None else f"{campaign['used']:.1%}, {campaign['refused']} refused"
    yield f"| 97 % of Telegram's rate used, no refusal | {used} |"
    idle, both = row_of(figures.limited, name="idle"), row_of(figures.limited, name="both")
    ratio = NOT_REACHED if idle is None or both is None else f"× {both['p95'] / idle['p95']:.2f}"
    yield f"| 95 of 100 replies during a campaign within 1.3 × the time without | {ratio} |"


def lines(figures: CampaignFigures) -> Iterator[str]:
    """The sections."""
    yield from _sends(figures)
    yield from _ledgers(figures)
    yield from _limited(figures)


def _sends(figures: CampaignFigures) -> Iterator[str]:
    yield from ("", "## Campaigns without a limit")
    yield from prose(f"""
        {SENDS:,} messages, one to each person, to the local Telegram, which is another process. Ours reads consent,
        caps and reachability of each, commits who is sent to before the request and what became of it after, in SQLite.
        The loop is what people write with python-telegram-bot as it comes; it keeps nothing.
    """)
    yield from ("", "| | messages | a second | processor, each | beside the loop |", "|---|---:|---:|---:|---:|")
    for row in figures.sends:
        yield f"| {SENDERS[row['name']]} | {row['sends']:,} | {rate(row)} | {ms(row, 'cpu')} | × {row['ratio']:.1f} |"
    if not figures.sends:
        yield from prose(f"{NOT_REACHED.capitalize()}.")


def _ledgers(figures: CampaignFigures) -> Iterator[str]:
    yield from ("", "## A growing ledger")
    yield from prose(f"""
        Planning writes a row for each recipient, with the rules applied. Bookkeeping is taking and settling one, with
        nothing sent, measured on {NOTED:,} of them. Memory is the most that the process held. Each size has a process
        of its own.
    """)
    yield from ("", "| recipients | planning | processor, each | bookkeeping, processor, each | memory |")
    yield "|---:|---:|---:|---:|---:|"
    for row in figures.ledgers:
        yield (
            f"| {row['people']:,} | {row['planned']:.1f} s | {ms(row, 'plan')} | {ms(row, 'note')} | {memory(row)} |"
        )


def _limited(figures: CampaignFigures) -> Iterator[str]:
    yield from ("", "## Campaigns under Telegram's limit")
    yield from prose(f"""
        A real `bhyt-bot run` with SQLite. The local Telegram refuses campaign messages above {RATE} in any second.
        {WRITERS} people write and wait for their answer, then {PAUSE:.0f} s in the mean; the campaign is for {PEOPLE:,}
        others. {STEADY:.0f} s each. The campaign leaves what replies use of the rate, so that both together stay below
        it.
    """)
    yield from ("", "| | part of the rate | refused | replies: p50 | p95 |", "|---|---:|---:|---:|---:|")
    for row in figures.limited:
        yield (
            f"| {UNDER_LIMIT[row['name']]} | {row['used']:.1%} | {row['refused']} | {ms(row, 'p50')} | "
            f"{ms(row, 'p95')} |"
        )


def _growth(figures: CampaignFigures) -> str:
    small, large = row_of(figures.ledgers, people=SMALL), row_of(figures.ledgers, people=LARGE)
    if small is None or large is None or small["peak"] is None or large["peak"] is None:
        return NOT_REACHED
    return f"{(large['peak'] - small['peak']) / 1000**2:,.0f} MB"
