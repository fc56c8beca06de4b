"""Who works for the office."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base
from bot.store.types import Id


class StaffRole(StrEnum):
    """What somebody may do. Each may also do what those before it may, but nobody approves what they wrote."""

    AGENT = "agent"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"


class StaffRow(Base):
    """A member of staff. `province` limits whose people they see; null for all."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('agent', 'editor', 'approver', 'admin')", name="role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    province: Mapped[str | None]
    created: Mapped[datetime]
    disabled: Mapped[datetime | None]
