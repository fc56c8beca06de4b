"""Whether opting out and in is heard, and nothing else is: messages with what they say about messages.

Measured by the effects of a whole turn, not by the recogniser alone: what counts is what is carried out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.evaluation.judging import wilson
from bot.evaluation.questions import REPOSITORY
from handlers.conversation import Conversation, new_memory
from handlers.effects import Subscribe, Unsubscribe
from handlers.turn import Turn

OWN = REPOSITORY / "tests" / "evaluation" / "optout.jsonl"
SECOND = OWN.with_name("optout-2.jsonl")
THIRD = OWN.with_name("optout-3.jsonl")
FOURTH = OWN.with_name("optout-4.jsonl")
UNSEEN = OWN.with_name("optout-unseen.jsonl")
FIRST_SIGHT = (
    "Messages that end or begin something, and near misses that do neither (“dừng đóng bảo hiểm thì sao”). The "
    "first 321 and the kept-apart ones were written before the patterns, 91 more are tests of what recognised them "
    "earlier, and two batches of 94 and 81, picked to be hard, came when the patterns held for the rest: of their "
    "opt-outs 57 of 73 and 54 of 67 were heard at first sight, and all were used to improve the patterns. The second "
    "set is by another hand, who saw none of this: with the patterns alone 130 of its 180 opt-outs were heard, and 6 "
    "of 140 near misses taken for one; then patterns were mended for the latter and for five of its opt-outs. The "
    "third set is by a hand who was asked for what is usual, not for what is hard: 107 of the first 119 were heard at "
    "first sight, and 3 of 117 near misses (nine labels were mended). The fourth came after a reader of its own had "
    "learned from some 770 other opt-outs: 141 of its 150 were heard at first sight, and 4 of 149 near misses. Since "
    "then the reader has learned from some 800 more, and from a thousand more that sound like it, by six more hands "
    "who saw none of these sets; the clauses that tell which topics end were written with their messages. No message "
    "of a set is among them, but the misses of all sets but the kept-apart one were read. Nothing was changed for the "
    "kept-apart set. What is missed is mostly answered with how to stop, and a button that does it."
)


class Message(BaseModel):
    """A message and what it says: `-` or `+` before a topic or "all"; nothing for a near miss."""

    model_config = ConfigDict(frozen=True)

    text: str
    says: tuple[str, ...]
    spelling: str


@dataclass
class Heard:
    """One set of messages, each said by a new person."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    misses: list[tuple[Message, tuple[str, ...]]] = field(default_factory=list)
    """Messages that did not do exactly what they say, and what they did."""

    def add(self, message: Message, done: tuple[str, ...]) -> None:
        out = any(said.startswith("-") for said in message.says)
        kind = "out" if out else "in" if message.says else "near"
        self.counts[kind] += 1
        self.counts[f"{kind} heard"] += any(one.startswith("-") for one in done) if out else bool(done)
        self.counts[f"{kind} exactly"] += sorted(done) == sorted(message.says)
        if sorted(done) != sorted(message.says):
            self.misses.append((message, done))

    def share(self, kind: str, what: str = "heard") -> float:
        return self.counts[f"{kind} {what}"] / self.counts[kind]


def load(path: Path) -> list[Message]:
    """All messages of a file of JSON lines."""
    return [Message.model_validate(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def listen(name: str, messages: Iterable[Message], conversation: Conversation, today: date) -> Heard:
    """Say every message once and note what it does."""
    heard = Heard(name)
    for message in messages:
        outcome = conversation.respond(Turn(new_memory(), today, message.text, case_number="HS-000-000"))
        done = tuple(
            f"{'-' if isinstance(effect, Unsubscribe) else '+'}{effect.topic or 'all'}"
            for effect in outcome.effects
            if isinstance(effect, Subscribe | Unsubscribe)
        )
        heard.add(message, done)
    return heard


def section(sets: Iterable[Heard]) -> list[str]:
    """The part of the report, as lines of Markdown."""
    lines = [
        "## Opting out and in",
        "",
        FIRST_SIGHT,
        "",
        "| set | opt-outs heard | right topics too | opt-ins heard | false alarms among near misses |",
        "|---|---:|---:|---:|---:|",
    ]
    for heard in sets:
        cells = [
            _cell(heard, *key) for key in (("out", "heard"), ("out", "exactly"), ("in", "heard"), ("near", "heard"))
        ]
        lines.append(f"| {heard.name} | {' | '.join(cells)} |")
    return lines


def _cell(heard: Heard, kind: str, what: str) -> str:
    hits, total = heard.counts[f"{kind} {what}"], heard.counts[kind]
    low, high = wilson(hits, total)
    return f"{hits} of {total}, {hits / total:.1%} ({low:.1%}–{high:.1%})"
