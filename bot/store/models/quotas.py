"""What a platform lets us send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base


class QuotaRow(Base):
    """Messages that an account may still send: `remain` of `total`, as the platform said when it was `asked`.

    `kind` is the platform's name of the quota.
    """

    __tablename__ = "quota"

    account: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    remain: Mapped[int]
    total: Mapped[int]
    asked: Mapped[datetime]
