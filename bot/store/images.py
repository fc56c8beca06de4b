"""Images that go out, once for each content, and what platforms call them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.store.inserting import insert_new
from bot.store.models import ImageRow, PlatformImageRow, table_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""What both platforms take, by how it begins."""

_image, _platform = table_of(ImageRow), table_of(PlatformImageRow)


@dataclass(frozen=True)
class Image:
    """An image as it goes out; `content_type` is "image/png" or "image/jpeg"."""

    content_type: str
    content: bytes = field(repr=False)

    @property
    def name(self) -> str:
        return f"image.{self.content_type.rpartition('/')[2]}"


@dataclass(frozen=True)
class PlatformImage:
    """What a platform calls an image, and until when; `expires` is aware, None for as long as it takes it."""

    ref: str
    expires: datetime | None = None


async def keep_image(session: Session, content: bytes, now: datetime) -> str:
    """Keep an image, if it is not there yet; gives its hash. Raises ValueError when it is neither PNG nor JPEG."""
    content_type = next((kind for start, kind in TYPES.items() if content.startswith(start)), None)
    if content_type is None:
        raise ValueError("neither PNG nor JPEG")
    digest = sha256(content).hexdigest()
    await insert_new(session, ImageRow, hash=digest, content_type=content_type, content=content, created=now)
    return digest


async def read_image(session: Session, digest: str) -> Image | None:
    """The image with this hash."""
    found = select(_image.c.content_type, _image.c.content).where(_image.c.hash == digest)
    row = (await session.execute(found)).one_or_none()
    return Image(row.content_type, row.content) if row is not None else None


async def read_platform_image(session: Session, account: str, digest: str) -> PlatformImage | None:
    """What an account's platform calls an image, expired or not."""
    theirs = (_platform.c.account == account) & (_platform.c.hash == digest)
    row = (await session.execute(select(_platform.c.ref, _platform.c.expires).where(theirs))).one_or_none()
    return PlatformImage(row.ref, row.expires) if row is not None else None


async def note_platform_image(session: Session, account: str, digest: str, image: PlatformImage) -> None:
    """An account's platform calls an image so from now on."""
    await forget_platform_image(session, account, digest)
    await insert_new(session, PlatformImageRow, account=account, hash=digest, ref=image.ref, expires=image.expires)


async def forget_platform_image(session: Session, account: str, digest: str) -> None:
    """An account's platform no longer has an image."""
    theirs = (_platform.c.account == account) & (_platform.c.hash == digest)
    await session.execute(delete(_platform).where(theirs))
