"""What people have to look at: cases, and what curation learns from."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base, one_of
from bot.store.types import Id


class CaseState(StrEnum):
    """How far staff got with a case. WAITING: for the citizen, or for another office."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class CaseRow(Base):
    """Something that a person has to take over. `reason` and `urgency` are the core's values.

    `question` is what was asked and `summary` the paragraph to read out, both masked; `role` and `province` what was
    known of the citizen. `owner_id` is who works on it. `first_response` and `resolved` stop the clocks, which count
    from `opened` whoever owns it. `waiting_told` is when the citizen was told how long it may take. `merged_into` is
    the case that goes on in place of this one. `satisfaction` is 1 to 5.
    """

    __tablename__ = "support_case"
    __table_args__ = (
        CheckConstraint(one_of(CaseState), name="state"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
        Index(None, "state", "opened"),
        Index(None, "owner_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str | None]
    question: Mapped[str] = mapped_column(default="", server_default="")
    summary: Mapped[str]
    urgency: Mapped[str]
    entry: Mapped[str | None]
    role: Mapped[str | None]
    province: Mapped[str | None] = mapped_column(index=True)
    channel: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=CaseState.NEW.value)
    owner_id: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    opened: Mapped[datetime]
    updated: Mapped[datetime]
    first_response: Mapped[datetime | None]
    resolved: Mapped[datetime | None]
    waiting_told: Mapped[datetime | None]
    merged_into: Mapped[int | None] = mapped_column(Id, ForeignKey("support_case.id", ondelete="SET NULL"))
    satisfaction: Mapped[int | None]


class CaseEventKind(StrEnum):
    """What happened to a case."""

    OPENED = "opened"
    TAKEN = "taken"
    TRANSFERRED = "transferred"
    REPLY = "reply"
    CITIZEN = "citizen"
    NOTE = "note"
    STATE = "state"
    MERGED = "merged"
    TOLD = "told"
    RATED = "rated"


class CaseEventRow(Base):
    """One step of a case. Append only; `text` is masked. `staff_id` null: the citizen or the program.

    `source` names the message of a staff group that it came from, so that a redelivery is recognised.
    """

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("support_case.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(default="", server_default="")
    outbox_id: Mapped[int | None] = mapped_column(Id)
    source: Mapped[str | None] = mapped_column(unique=True)
    happened: Mapped[datetime]


class CaseCardRow(Base):
    """The message in a staff group that shows a step of a case, so that an answer to it finds the case.

    `message` is null while it is being sent.
    """

    __tablename__ = "case_card"
    __table_args__ = (UniqueConstraint("chat", "message"), UniqueConstraint("chat", "event_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("support_case.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int] = mapped_column(Id, ForeignKey("case_event.id", ondelete="CASCADE"), index=True)
    chat: Mapped[str]
    message: Mapped[str | None]


class WebhookRow(Base):
    """A notice to the call centre's own system that is still to be delivered, or was."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'sent', 'failed')", name="state"),
        Index(None, "state", "due"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("support_case.id", ondelete="CASCADE"), index=True)
    event: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="pending", server_default="pending")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    due: Mapped[datetime]
    created: Mapped[datetime]
    reason: Mapped[str | None]


class QuestionRow(Base):
    """One question for curation. Masked, and deliberately without any link to who asked."""

    __tablename__ = "question_log"
    __table_args__ = (Index(None, "decision", "day"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    text: Mapped[str]
    decision: Mapped[str]
    entry: Mapped[str | None]
    confidence: Mapped[float]
    language: Mapped[str]


class FeedbackRow(Base):
    """Whether an answer helped; without any link to who said so."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "entry", "day"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    day: Mapped[date]
    entry: Mapped[str]
    helpful: Mapped[bool]
