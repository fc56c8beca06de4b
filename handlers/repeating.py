"""The last answer asked for once more: the part of it that is meant, or all of it, and a person."""

from __future__ import annotations

import math
from dataclasses import replace

from handlers.answering import answer
from handlers.context import LABEL_LIMIT, Context, offer
from handlers.turn import Button, Outcome
from knowledge.entries import Stage

MEANT = 0.5
"""A part of the answer is meant when the words that it shares with the message weigh this much of the message."""
_SAYS_LITTLE = frozenset(
    "co khong la thi ma vay a em toi minh con chau roi duoc the o nao gi ha nhi cai do nay bhyt".split()
)


_ASKS = frozenset("baolau baonhieu khinao odau".split())


def said_again(context: Context, outcome: Outcome, stage: Stage | None) -> Outcome:
    """An answer; when it is the last one word for word, only what is asked of it, or a note that it is the last one."""
    memory = context.memory
    if outcome.entry is None or outcome.entry != memory.last_entry:
        return outcome
    first, *others = outcome.replies
    if first.text != answer(context.reading(memory.last_text or ""), outcome.entry, stage=stage).replies[0].text:
        return outcome
    person = context.button("person", "person")
    buttons = (person, *(button for button in first.buttons if button != person))
    if (part := part_meant(context, first.text)) is not None:
        text = f"{context.say('answer', 'part')}\n\n{part}"
        buttons = (Button(context.say("answer", "whole")[:LABEL_LIMIT], f"entry:{outcome.entry}"), *buttons)
    else:
        text = f"{context.say('answer', 'again')}\n\n{first.text}"
    again = replace(first, text=text, buttons=buttons)
    to_choose = tuple(button for button in buttons if not button.rates)
    return replace(outcome, replies=(again, *others), memory=offer(outcome.memory, to_choose))


def part_meant(context: Context, text: str) -> str | None:
    """The paragraph or item of an answer that shares the most telling words with the message, if they tell enough.

    A part that names what is asked ("**Bao lâu**: …") goes before all others.
    """
    asked = set(context.spelled.folded) - _SAYS_LITTLE
    weights = {word: _weight(context, word) for word in asked}
    parts = [part for paragraph in text.split("\n\n") for part in paragraph.split("\n")]
    words = {part: asked.intersection(_words(context, part)) for part in parts}
    named = [part for part in parts if words[part] & _ASKS]
    best = max(named or parts, key=lambda part: sum(weights[word] for word in words[part]))
    shared, total = sum(weights[word] for word in words[best]), sum(weights.values())
    return best if len(parts) > 1 and (named or shared >= MEANT * total > 0) else None


def _words(context: Context, text: str) -> tuple[str, ...]:
    return context.tools.search.read(text.replace("**", "")).folded


def _weight(context: Context, word: str) -> float:
    """How much a word tells: the fewer entries are asked for with it, the more."""
    usage = context.tools.search.index.usage
    return math.log(len(usage) / (1 + sum(word in words for words in usage.values())))
