"""The contract of the conversation core: a turn goes in, an outcome comes out.

    outcome = Conversation(base, search).respond(turn)

Pure: the same turn always gives the same outcome. The core knows no channel, no SQL, no HTTP and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from handlers.effects import Effect
from handlers.memory import Memory

PLAIN_ACTIONS = frozenset({"start", "menu", "person", "quiz", "none", "shared", "resume", "guide-stop"})
"""The actions of buttons that are one word; all others are a kind and a value: "entry:mat-the"."""


class Decision(StrEnum):
    """What the bot decided to do with a turn."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOFF = "handoff"
    REFUSE = "refuse"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True)
class Round:
    """An open round of the quiz: the ids of its questions in their order, and the last day on which it counts."""

    code: str
    title: str
    questions: tuple[str, ...]
    closes: date


class Standing(StrEnum):
    """How staff stands to a conversation: HELD, they answer in it; RESOLVED, they have just settled its case."""

    NONE = "none"
    HELD = "held"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Turn:
    """One message or button press of one person.

    `text` is what was typed (empty for a button or a picture), `action` the payload of a button, `media` the kind of a
    message without text (photo, voice, sticker, location, file …). `case_number` is a fresh number that the core uses
    if it opens a case, `start` the code of the link or poster through which the person came (see `handlers.arrival`),
    `quiz` the round that is open. `standing` is whether staff has the conversation, for the case in the memory.
    """

    memory: Memory
    today: date
    text: str = ""
    action: str | None = None
    media: str | None = None
    case_number: str = ""
    start: str | None = None
    quiz: Round | None = None
    standing: Standing = Standing.NONE


@dataclass(frozen=True)
class Button:
    """A choice under a reply: its label (≤ 60 characters) and the action that pressing it sends (≤ 64 bytes, ASCII).

    With a `link` pressing it opens that page instead, and sends nothing.
    """

    label: str
    action: str = ""
    link: str = ""

    @property
    def rates(self) -> bool:
        """Whether pressing it only tells if the answer helped: the first to go where there is little room."""
        return self.action.startswith(("good:", "bad:"))


class ReplyKind(StrEnum):
    """How a channel may dress a reply."""

    ANSWER = "answer"
    QUESTION = "question"
    NOTICE = "notice"
    HANDOFF = "handoff"


@dataclass(frozen=True)
class ImageRef:
    """An image that the runtime keeps, by the hash of its content; `alt` says in words what it shows."""

    hash: str
    alt: str


@dataclass(frozen=True)
class Reply:
    """One message to the person.

    `text` is light markup: `**bold**`, `- ` lists, `1. ` steps, blank lines. `note` holds the period and the sources as
    plain lines, `sources` the numbers of the documents, `hotline` the number to show as a contact when people are
    needed, `image` what is shown above the text.
    """

    text: str
    kind: ReplyKind = ReplyKind.ANSWER
    buttons: tuple[Button, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()
    entry: str | None = None
    hotline: str | None = None
    image: ImageRef | None = None

    @property
    def plain(self) -> str:
        """All that the person reads, without markup, for channels that have none."""
        text = f"{self.text}\n\n{self.note}" if self.note else self.text
        return text.replace("**", "")


@dataclass(frozen=True)
class Outcome:
    """What follows from a turn: replies in order, effects to carry out, the memory to keep, and what was decided."""

    replies: tuple[Reply, ...]
    memory: Memory
    decision: Decision
    entry: str | None = None
    confidence: float = 1.0
    effects: tuple[Effect, ...] = field(default=())
    question: bool = False
    """Whether the message asked something, and was no step of a dialogue, no command and no choice."""

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source for reply in self.replies for source in reply.sources))

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for reply in self.replies for button in reply.buttons)
