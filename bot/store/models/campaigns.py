"""Campaigns, and the ledger of what every recipient got and why."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_REUSED, Base, one_of
from bot.store.types import Id


class CampaignState(StrEnum):
    """How far a campaign got."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PLANNING = "planning"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class RecipientState(StrEnum):
    """What became of one recipient. WAITING: sent when the person writes next."""

    PLANNED = "planned"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class SegmentRow(Base):
    """A saved selection of contacts, in the query language of `bot.outreach.segments`."""

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    query: Mapped[str]
    created: Mapped[datetime]
    updated: Mapped[datetime]


class CampaignRow(Base):
    """One campaign. `code` stands in its links (`c-<code>`); `content` is `bot.outreach.campaign.Content` as JSON.

    `terms` is `bot.outreach.campaign.Terms` as JSON: waves, quiet hours, caps, cost. `segment` and `exclude` are
    queries, copied from a saved segment when the campaign is written. `revision` grows with every edit.
    `approved_count` is the number of people in the segment when it was submitted, `approved_hash` covers that, content,
    terms, segment and schedule; an edit clears both. `reason` says why a campaign is paused or cancelled.
    `attributed` is until when it was read what people did after their message (`bot.outreach.reports`).
    """

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint(one_of(CampaignState), name="state"), Index(None, "state", "starts"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="", server_default="")
    topic: Mapped[str]
    content: Mapped[dict[str, Any]]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    segment: Mapped[str]
    exclude: Mapped[str] = mapped_column(default="", server_default="")
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    starts: Mapped[datetime | None]
    ends: Mapped[datetime | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    created_by: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    approved_by: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    approved_hash: Mapped[str | None]
    approved_count: Mapped[int | None]
    approved: Mapped[datetime | None]
    created: Mapped[datetime]
    updated: Mapped[datetime]
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    attributed: Mapped[datetime | None]


class CampaignEventRow(Base):
    """One step in the life of a campaign. Append only. `staff_id` null: the program itself."""

    __tablename__ = "campaign_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(Id, ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"))
    action: Mapped[str]
    detail: Mapped[dict[str, Any]]
    happened: Mapped[datetime]


class RecipientRow(Base):
    """One person in one campaign: the delivery ledger.

    `variant` names the text of the content that they get, `params` the values frozen into it. `worker` is the process
    that holds a row in state sending, `due` is before when a planned row must not be tried. `province` and `school_id`
    are as of the planning, so that a report still groups somebody who was erased. `replied`, `tapped`, `opted_out` are
    when they first did so after the message.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id"),
        CheckConstraint(one_of(RecipientState), name="state"),
        Index(None, "campaign_id", "account", "state", "wave", "id"),
        Index(None, "person_id", "sent"),
        Index(None, "state", "worker"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(Id, ForeignKey("campaign.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id", ondelete="SET NULL"))
    account: Mapped[str | None]
    variant: Mapped[str]
    params: Mapped[dict[str, Any]]
    wave: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(default=RecipientState.PLANNED.value)
    reason: Mapped[str | None]
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    due: Mapped[datetime | None]
    worker: Mapped[str | None]
    sent: Mapped[datetime | None]
    province: Mapped[str | None]
    school_id: Mapped[int | None] = mapped_column(Id, ForeignKey("school.id", ondelete="SET NULL"))
    replied: Mapped[datetime | None]
    tapped: Mapped[datetime | None]
    opted_out: Mapped[datetime | None]
    updated: Mapped[datetime]


class WorkerRow(Base):
    """A process that runs workflows, and when it was last seen alive; the durable engine knows it by `id`."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    started: Mapped[datetime]
    seen: Mapped[datetime]


class QuizRow(Base):
    """A round of the quiz: the ids of its questions in `knowledge/quiz.toml`, and when it is open."""

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    questions: Mapped[list[str]]
    opens: Mapped[datetime]
    closes: Mapped[datetime]


class QuizSeriesRow(Base):
    """Rounds of the quiz that follow each other: one a week from `first` on, open for so many `days`.

    `title` may hold the place of the week's number; no round begins after `last`, or when it was `stopped`.
    """

    __tablename__ = "quiz_series"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str]
    questions: Mapped[int]
    first: Mapped[date]
    days: Mapped[int]
    last: Mapped[date | None]
    stopped: Mapped[datetime | None]


class QuizScoreRow(Base):
    """What somebody reached in a round; only the first try counts."""

    __tablename__ = "quiz_score"
    __table_args__ = (UniqueConstraint("quiz_id", "person_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    quiz_id: Mapped[int] = mapped_column(Id, ForeignKey("quiz.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id", ondelete="SET NULL"))
    score: Mapped[int]
    out_of: Mapped[int]
    finished: Mapped[datetime]
