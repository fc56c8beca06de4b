"""What every part of the core works with during one turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.dialogues.guide import Setting
from handlers.memory import Memory, Option
from handlers.parts import Parts
from handlers.places import Gazetteer
from handlers.texts import say
from handlers.turn import Button, Decision, Outcome, Reply, ReplyKind, Turn
from knowledge.base import KnowledgeBase
from knowledge.search.content import Content
from knowledge.search.decision import Thresholds
from knowledge.search.engine import Search
from knowledge.search.scope import Scope
from knowledge.search.spelling import Spelled

LABEL_LIMIT = 60


@dataclass(frozen=True)
class Tools:
    """The unchanging things: what is true, how it is found, what counts as sure."""

    base: KnowledgeBase
    search: Search
    places: Gazetteer
    scope: Scope
    thresholds: Thresholds
    content: Content
    parts: Parts


@dataclass(frozen=True)
class Context:
    """One turn in hand: the tools, the turn, the memory as it stands now, and the message as read."""

    tools: Tools
    turn: Turn
    memory: Memory
    text: str = ""
    """The message with personal numbers masked."""
    spelled: Spelled = Spelled((), (), accented=False, english=False)

    @property
    def base(self) -> KnowledgeBase:
        return self.tools.base

    @property
    def language(self) -> str:
        return self.memory.language

    @property
    def setting(self) -> Setting:
        return Setting(self.base, self.turn.today, self.memory)

    @property
    def hotline(self) -> str:
        return self.base.hotline(self.turn.today)

    def having(self, memory: Memory) -> Context:
        return Context(self.tools, self.turn, memory, self.text, self.spelled)

    def reading(self, text: str) -> Context:
        """The same turn with another message, such as one half of two questions."""
        return Context(self.tools, self.turn, self.memory, text, self.tools.search.read(text))

    def lately(self) -> Iterator[str]:
        """What was said, as it is read: this message, then those that are kept of the talk."""
        memory = self.memory
        yield self.spelled.text
        for text in (memory.last_text, memory.subject, memory.circumstance):
            if text:
                yield self.tools.search.read(text).text

    def say(self, section: str, key: str = "text", /, **values: object) -> str:
        return say(self.language, section, key, **{"hotline": self.hotline, **values})

    def button(self, key: str, action: str) -> Button:
        return Button(say(self.language, "buttons", key), action)


def entry_button(context: Context, entry_id: str) -> Button:
    """A button that leads to an entry."""
    return Button(context.base.entry(entry_id).title_in(context.language)[:LABEL_LIMIT], f"entry:{entry_id}")


def offer(memory: Memory, buttons: tuple[Button, ...]) -> Memory:
    """Remember what is offered, so that "1" or "the second" works as well as pressing."""
    return memory.having(options=tuple(Option(label=button.label, action=button.action) for button in buttons))


def notice(context: Context, text: str, decision: Decision, *buttons: Button, entry: str | None = None) -> Outcome:
    """An outcome of one short message."""
    reply = Reply(text=text, kind=ReplyKind.NOTICE, buttons=buttons, entry=entry)
    memory = offer(context.memory, buttons) if buttons else context.memory
    return Outcome((reply,), memory, decision, entry)
