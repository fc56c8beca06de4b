"""Who asked to be erased, as far as it takes for an office's list not to bring them back."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base
from bot.store.types import Id

ONLY_KEY = 1


class SuppressionRow(Base):
    """One thing by which a list could name somebody who was erased on `day`, as a digest (`bot.store.suppression`)."""

    __tablename__ = "suppression"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)


class SuppressionKeyRow(Base):
    """The key of these digests, random, made once with the first of them. There is one row, `ONLY_KEY`."""

    __tablename__ = "suppression_key"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    key: Mapped[bytes]
