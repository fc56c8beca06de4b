"""What people have to look at: cases, and what curation learns from."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base
from bot.store.types import Id


class CaseState(StrEnum):
    """How far staff got with a case."""

    OPEN = "open"
    CLOSED = "closed"


class CaseRow(Base):
    """Something that a person has to take over. `reason` and `urgency` are the core's values."""

    __tablename__ = "support_case"
    __table_args__ = (CheckConstraint("state IN ('open', 'closed')", name="state"), Index(None, "state", "opened"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str | None]
    summary: Mapped[str]
    urgency: Mapped[str]
    entry: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=CaseState.OPEN.value)
    opened: Mapped[datetime]
    updated: Mapped[datetime]
    closed: Mapped[datetime | None]


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
