"""The last answer asked for once more: the part of it that is meant, or all of it, and a person."""

from __future__ import annotations

from dataclasses import replace

from handlers.answering import answer, first_paragraph
from handlers.context import LABEL_LIMIT, Context, offer
from handlers.turn import Button, Outcome
from knowledge.entries import Stage

MEANT = 0.5
"""A part of the answer is meant when the words that it shares with the message weigh this much of the message."""
_ASKS = frozenset("baolau baonhieu khinao odau".split())
"""Question words that name a part: "**Bao lâu**: …"."""


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

    A part that names what is asked goes before all others, and one that announces a list comes with it.
    """
    content = context.tools.content
    weights = {word: content.of([word]) for word in context.spelled.folded}
    parts = [part for paragraph in text.split("\n\n") for part in paragraph.split("\n")]
    words = {part: weights.keys() & _words(context, part) for part in parts}
    named = [part for part in parts if words[part] & _ASKS]
    best = max(named or parts, key=lambda part: sum(weights[word] for word in words[part]))
    shared, total = sum(weights[word] for word in words[best]), sum(weights.values())
    if len(parts) == 1 or not (named or shared >= MEANT * total > 0):
        return None
    return first_paragraph(text[text.index(best) :]) if best.endswith(":") else best


def _words(context: Context, text: str) -> frozenset[str]:
    return frozenset(context.tools.search.read(text.replace("**", "")).folded)
