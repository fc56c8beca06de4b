"""What people asked and got no good answer to, gathered by what they meant."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extractOne

from bot.drafts.desk import OPEN
from bot.store.drafts import list_drafts
from bot.store.questions import GUESSED, UNSURE, answered_with, badly_rated, unanswered
from handlers.memory import Memory
from handlers.turn import Decision, Turn
from knowledge.search.folding import compose, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.core import Core
    from bot.drafts.draft import Draft
    from bot.store.database import Database
    from bot.store.questions import Asked, Rated
    from handlers.turn import Outcome

DAYS = 60
"""How far back the question log is read."""
READ = 2_000
"""Different texts that are gathered; older ones are left for when these are done with."""
SHOWN = 100
ALIKE = 82
"""From this likeness on (0 to 100, words in any order) two questions are taken as one."""
HALF_LIFE = 14.0
"""Days after which a question counts half."""
BAD = 2
"""Bad ratings from which on an answer is listed."""


@dataclass(frozen=True)
class Gap:
    """Questions that mean the same; `question` is the one asked most often.

    `nearest` is the answer that the search finds most probable, `draft` the number of the draft under way for it.
    """

    question: str
    language: str
    count: int
    newest: date
    others: tuple[str, ...]
    nearest: str | None = None
    draft: int | None = None


@dataclass(frozen=True)
class Disliked:
    """An answer that people say does not help, with what it was given to."""

    entry: str
    helped: int
    failed: int
    questions: tuple[Gap, ...]


async def find_gaps(database: Database, core: Core, today: date, days: int = DAYS) -> list[Gap]:
    """What still has no answer, the most frequent and newest first; what has one by now is left out."""
    async with database.reading() as session:
        asked = await unanswered(session, today - timedelta(days=days), READ)
        drafts = await list_drafts(session, OPEN)
    gaps = await asyncio.to_thread(gather, asked, today)
    found: list[Gap] = []
    for gap in gaps:
        await asyncio.sleep(0)  # turns go first
        if len(found) < SHOWN and is_gap(core.respond(Turn(Memory(), today, gap.question))):
            found.append(_told(gap, core, drafts))
    return found


def is_gap(outcome: Outcome) -> bool:
    """Whether the bot did not understand; the same as `bot.store.questions.unanswered` says of what was logged."""
    if outcome.decision not in {Decision.CLARIFY, Decision.HANDOFF, Decision.REFUSE}:
        return False
    return outcome.confidence < (UNSURE if outcome.entry is None else GUESSED)


async def find_disliked(database: Database, core: Core, today: date, days: int = DAYS) -> list[Disliked]:
    """Answers that were rated badly, the worst first."""
    since = today - timedelta(days=days)
    async with database.reading() as session:
        rated = await badly_rated(session, since, BAD, tuple(core.base.entries))
        asked = [await answered_with(session, each.entry, since, READ // 10) for each in rated[:SHOWN]]
    return [_disliked(each, gather(texts, today)) for each, texts in zip(rated, asked, strict=False)]


def gather(asked: Iterable[Asked], today: date) -> list[Gap]:
    """Questions that are alike as one, the most frequent and newest first."""
    leaders: dict[str, list[Asked]] = {}
    for each in sorted(asked, key=lambda each: (-each.times, -each.newest.toordinal(), each.text)):
        words = fold(compose(each.text))
        if words not in leaders:
            alike = extractOne(words, leaders.keys(), scorer=token_sort_ratio, score_cutoff=ALIKE)
            words = alike[0] if alike else words
        leaders.setdefault(words, []).append(each)
    gaps = [_gap(group) for group in leaders.values()]
    return sorted(gaps, key=lambda gap: (-_weight(gap, today), gap.question))


def _gap(group: Sequence[Asked]) -> Gap:
    first = group[0]
    return Gap(
        question=first.text,
        language=first.language,
        count=sum(each.times for each in group),
        newest=max(each.newest for each in group),
        others=tuple(each.text for each in group[1:6]),
    )


def _weight(gap: Gap, today: date) -> float:
    return gap.count * math.pow(0.5, (today - gap.newest).days / HALF_LIFE)


def _told(gap: Gap, core: Core, drafts: Sequence[Draft]) -> Gap:
    ranked = core.search.find(gap.question, 1)
    meant = {fold(compose(text)) for text in (gap.question, *gap.others)}
    draft = next((draft.id for draft in drafts if draft.question and fold(compose(draft.question)) in meant), None)
    nearest = ranked[0].entry_id if ranked else None
    return Gap(gap.question, gap.language, gap.count, gap.newest, gap.others, nearest, draft)


def _disliked(rated: Rated, questions: Sequence[Gap]) -> Disliked:
    return Disliked(rated.entry, rated.helped, rated.failed, tuple(questions[:5]))
