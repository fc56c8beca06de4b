"""Talking to the bot in a test, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from handlers.conversation import Conversation, new_memory
from handlers.turn import Button, Outcome, Turn
from tests.knowledge.real import TODAY, real_base, real_search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from handlers.memory import Memory


@cache
def conversation_over_real_base() -> Conversation:
    return Conversation(real_base(), real_search())


@dataclass
class Talk:
    """One person; the memory passes through JSON between turns, as in the database."""

    memory: Memory = field(default_factory=new_memory)
    today: date = TODAY
    last: Outcome | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def say(self, text: str, **more: str) -> Outcome:
        return self._turn(text=text, **more)

    def press(self, action: str) -> Outcome:
        return self._turn(action=action)

    def press_label(self, label: str) -> Outcome:
        """Press the button of the last reply with this label."""
        assert self.last is not None
        labels = {button.label: button for button in self.last.buttons}
        assert label in labels, f"{label!r} is not among {sorted(labels)}"
        return self.press(labels[label].action)

    def _turn(self, **fields: str) -> Outcome:
        number = f"HT-{next(self._numbers):04d}"
        turn = Turn(memory=self.memory, today=self.today, case_number=number, **fields)  # type: ignore[arg-type]
        self.last = conversation_over_real_base().respond(turn)
        self.memory = type(self.memory).model_validate_json(self.last.memory.model_dump_json())
        assert self.memory == self.last.memory, "memory must survive JSON"
        return self.last


def text_of(outcome: Outcome) -> str:
    """All that the person reads."""
    return "\n\n".join(reply.plain for reply in outcome.replies)


def buttons_to(outcome: Outcome, prefix: str) -> list[Button]:
    return [button for button in outcome.buttons if button.action.startswith(prefix)]
