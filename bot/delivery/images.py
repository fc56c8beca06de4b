"""The images that an account sends: their content, and what the platform calls those that it has already."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import Action
from bot.delivery.errors import RejectedError, RetryLaterError
from bot.errors import DatabaseError
from bot.store.images import (
    Image,
    PlatformImage,
    forget_platform_image,
    note_platform_image,
    read_image,
    read_platform_image,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.clock import Clock
    from bot.store.database import Database

REMEMBERED = 500
"""Images whose names are kept in memory; the database knows them all."""

log = structlog.get_logger()


class Images:
    """The images of one account."""

    def __init__(self, account: str, database: Database, clock: Clock) -> None:
        self._account = account
        self._database = database
        self._clock = clock
        self._remembered: dict[str, PlatformImage] = {}
        self._uploading = asyncio.Lock()

    async def content(self, digest: str) -> Image:
        """The image itself. Raises RejectedError when there is none, RetryLaterError without the database."""
        with _waiting_for_the_database():
            async with self._database.reading() as session:
                image = await read_image(session, digest)
        if image is None:
            raise RejectedError("image_missing")
        return image

    async def known(self, digest: str) -> str | None:
        """What the platform calls the image, None when it has to be given it. Raises RetryLaterError."""
        image = self._remembered.get(digest)
        if image is None or self._has_expired(image):
            with _waiting_for_the_database():
                async with self._database.reading() as session:
                    image = await read_platform_image(session, self._account, digest)
        if image is None or self._has_expired(image):
            return None
        self._remember(digest, image)
        return image.ref

    async def uploaded(self, digest: str, upload: Callable[[Image], Awaitable[PlatformImage]]) -> str:
        """What the platform calls the image after it was uploaded, once for all who send it at the same time."""
        async with self._uploading:
            known = await self.known(digest)
            if known is not None:
                return known
            image = await upload(await self.content(digest))
            await self.note(digest, image)
            return image.ref

    async def note(self, digest: str, image: PlatformImage) -> None:
        """The platform calls the image so. Never raises: what was sent must not be sent again because of a note."""
        self._remember(digest, image)
        try:
            async with self._database.transaction() as session:
                await note_platform_image(session, self._account, digest, image)
        except (SQLAlchemyError, OSError, DatabaseError) as error:
            log.warning(Action.CHANNEL_FAILED, reason="image_note", exc_info=error)

    async def forget(self, digest: str, ref: str) -> None:
        """The platform no longer takes this name, unless it has another one by now. Raises RetryLaterError."""
        if await self.known(digest) != ref:
            return
        self._remembered.pop(digest, None)
        with _waiting_for_the_database():
            async with self._database.transaction() as session:
                await forget_platform_image(session, self._account, digest)

    def _has_expired(self, image: PlatformImage) -> bool:
        return image.expires is not None and image.expires <= self._clock()

    def _remember(self, digest: str, image: PlatformImage) -> None:
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        self._remembered[digest] = image


@contextmanager
def _waiting_for_the_database() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError, DatabaseError):
        raise RetryLaterError("image_database") from None
