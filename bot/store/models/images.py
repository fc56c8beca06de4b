"""Images that go out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base


class ImageRow(Base):
    """An image, once for each content; `hash` is the SHA-256 of `content` in hexadecimal."""

    __tablename__ = "image"

    hash: Mapped[str] = mapped_column(primary_key=True)
    content_type: Mapped[str]
    content: Mapped[bytes]
    created: Mapped[datetime]


class PlatformImageRow(Base):
    """What a platform calls an image that one of our accounts gave it; null `expires` means until it says otherwise."""

    __tablename__ = "platform_image"

    account: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(ForeignKey("image.hash", ondelete="CASCADE"), primary_key=True)
    ref: Mapped[str]
    expires: Mapped[datetime | None]
