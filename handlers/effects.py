"""What a turn asks the runtime to do: plain values that it carries out in the transaction of the turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.entries import Reason


class Urgency(StrEnum):
    """How soon a person should look at a case."""

    NORMAL = "normal"
    HIGH = "high"
    NOW = "now"


class Topic(StrEnum):
    """What somebody may agree to get without having asked."""

    NEWS = "news"
    REMINDERS = "reminders"
    QUIZ = "quiz"


@dataclass(frozen=True)
class OpenCase:
    """A person has to take over: number to read out, why, one-paragraph summary (personal numbers masked).

    `question` is what was asked, masked; `role` and `province` are what is known of the person.
    """

    number: str
    reason: Reason | None
    summary: str
    urgency: Urgency = Urgency.NORMAL
    entry: str | None = None
    question: str = ""
    role: str | None = None
    province: str | None = None


@dataclass(frozen=True)
class AddToCase:
    """What was said belongs to a case that people have; one that was settled is open again."""

    number: str
    text: str


@dataclass(frozen=True)
class RateCase:
    """How satisfied somebody is with a settled case, 1 to 5."""

    number: str
    score: int


@dataclass(frozen=True)
class Subscribe:
    """The person wants messages of a topic, or all; `wording` is what they typed or pressed."""

    wording: str
    topic: Topic | None = None


@dataclass(frozen=True)
class Unsubscribe:
    """The person wants no messages of a topic, or none at all, any more; holds at once."""

    wording: str
    topic: Topic | None = None


@dataclass(frozen=True)
class ForgetMe:
    """Erase what is kept of this person (the open case with the office excepted, which staff closes)."""


@dataclass(frozen=True)
class LogQuestion:
    """One question for curation, personal numbers masked: what was asked, what was decided, how sure."""

    text: str
    decision: str
    entry: str | None
    confidence: float
    language: str


@dataclass(frozen=True)
class RecordFeedback:
    """Whether an answer helped."""

    entry: str
    helpful: bool


@dataclass(frozen=True)
class RecordQuizScore:
    """The person answered all questions of the quiz round with this code; only the first time counts."""

    round: str
    score: int
    out_of: int


@dataclass(frozen=True)
class ScheduleReminder:
    """Remind this person before a card ends: `due` is its last day, `entry` the answer on what to do then."""

    due: date
    entry: str


@dataclass(frozen=True)
class RecordArrival:
    """The person came through a link or poster with this code."""

    code: str


Effect = (
    OpenCase
    | AddToCase
    | RateCase
    | Subscribe
    | Unsubscribe
    | ForgetMe
    | LogQuestion
    | RecordFeedback
    | RecordQuizScore
    | ScheduleReminder
    | RecordArrival
)
