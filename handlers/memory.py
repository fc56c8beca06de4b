"""What the bot remembers of one person between turns. Nothing in it identifies anybody."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict

from handlers.effects import Topic
from knowledge.dates import SchoolYear
from knowledge.entries import Role, Stage

FRESH_DAYS = 1
"""How long a follow-up may lean on what was said before: the same day, or the night after."""


class Model(BaseModel):
    """Immutable and JSON-serialisable; unknown fields of an older version are dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Person(Model):
    """Somebody whose card is spoken of: the writer, or one of their children. Birth year at most, never a name."""

    nickname: str | None = None
    birth_year: int | None = None
    grade: int | None = None
    stage: Stage | None = None
    has_id_card: bool | None = None

    def age(self, today: date) -> int | None:
        return today.year - self.birth_year if self.birth_year is not None else None

    def stage_on(self, today: date) -> Stage | None:
        """The stage of school life on a day, from what is known; None when nothing is."""
        if self.grade is not None:
            return {1: Stage.GRADE1, 12: Stage.GRADE12}.get(self.grade, Stage.PUPIL)
        if self.stage is not None:
            return self.stage
        age = self.age(today)
        if age is None:
            return None
        if age < 6 or (age == 6 and SchoolYear.of(today).start - (self.birth_year or 0) < 6):
            return Stage.UNDER6
        if age >= 19:
            return Stage.STUDENT
        return Stage.GRADE1 if age == 6 else Stage.PUPIL


class Option(Model):
    """A choice that was offered: what its button says and what pressing it sends."""

    label: str
    action: str


class DialogueState(Model):
    """A guided dialogue under way: which one, what was answered so far, what is being asked."""

    name: str
    answers: dict[str, str] = {}
    asking: str | None = None


SAID = ("last_text", "circumstance", "subject")
"""What in a memory are words of the person themselves."""


class Memory(Model):
    """All that is kept between the turns of one conversation."""

    version: int = 1
    greeted: bool = False
    language: str = "vi"
    role: Role | None = None
    province: str | None = None
    area: str | None = None
    """Former province inside `province`, when the person named that one."""
    myself: Person = Person()
    children: tuple[Person, ...] = ()
    focus: int | None = None
    """Index into `children` of the child spoken of; None = the writer, or nobody in particular."""
    last_entry: str | None = None
    last_text: str | None = None
    """The last question that was answered, masked; a follow-up such as "còn cháu lớn?" repeats it."""
    circumstance: str | None = None
    """What the person told of their situation without asking anything, masked; the next questions are about that."""
    subject: str | None = None
    """The last question that stood on its own, masked; follow-ups of follow-ups still lean on it."""
    spoke_on: date | None = None
    """Day of the last message; see `as_of`."""
    handed_over: bool = False
    """Whether the last message went to a person."""
    options: tuple[Option, ...] = ()
    dialogue: DialogueState | None = None
    pending: str | None = None
    """A yes-or-no question that the bot asked and waits for."""
    failures: int = 0
    """Questions in a row that were not understood."""
    case: str | None = None
    topics: dict[Topic, bool] = {}
    """What the person said about the messages of a topic: wanted or not."""

    def having(self, **changes: object) -> Self:
        return self.model_copy(update=changes)

    def as_of(self, today: date) -> Self:
        """The same memory without what was last spoken of, when that was more than a day ago."""
        if self.spoke_on is None or (today - self.spoke_on).days <= FRESH_DAYS:
            return self
        return self.having(circumstance=None, subject=None, last_entry=None, last_text=None, handed_over=False)

    @property
    def has_background(self) -> bool:
        """Whether anything was said that the next message may lean on."""
        return bool(self.circumstance or self.subject or self.last_entry or self.handed_over or self.dialogue)

    @property
    def person(self) -> Person:
        """Whose card is spoken of now."""
        if self.focus is not None and self.focus < len(self.children):
            return self.children[self.focus]
        return self.myself

    def with_person(self, person: Person) -> Self:
        """The same memory with the person in focus replaced."""
        if self.focus is not None and self.focus < len(self.children):
            children = (*self.children[: self.focus], person, *self.children[self.focus + 1 :])
            return self.having(children=children)
        return self.having(myself=person)
