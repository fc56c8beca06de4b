"""What staff adds to the knowledge base without a new release."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base, one_of
from bot.store.types import Id


class DraftState(StrEnum):
    """How far a change of the knowledge base got."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LIVE = "live"
    REJECTED = "rejected"
    ROLLED_BACK = "rolled_back"


class KnowledgeDraftRow(Base):
    """One change of one entry: the whole file as it would stand in the repository.

    `entry` is the id of the entry, `before` the text that it replaces (null for a new one), `question` the unanswered
    question that led to it: it becomes a regression question. `revision` grows with every edit; an edit clears the
    approval. `went_live` orders the changes of one entry.
    """

    __tablename__ = "knowledge_draft"
    __table_args__ = (CheckConstraint(one_of(DraftState), name="state"), Index(None, "entry", "state"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry: Mapped[str]
    topic: Mapped[str]
    text: Mapped[str]
    before: Mapped[str | None]
    question: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(default=DraftState.DRAFT.value)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    created_by: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    approved_by: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    created: Mapped[datetime]
    updated: Mapped[datetime]
    went_live: Mapped[datetime | None] = mapped_column(index=True)


class KnowledgeRevisionRow(Base):
    """What a draft said in each revision, and who wrote it."""

    __tablename__ = "knowledge_revision"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    draft_id: Mapped[int] = mapped_column(Id, ForeignKey("knowledge_draft.id", ondelete="CASCADE"), index=True)
    revision: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    text: Mapped[str]
    happened: Mapped[datetime]
