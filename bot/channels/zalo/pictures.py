"""Images leave for Zalo: uploaded when it does not have them, or no longer (zalo-oa.md §2.5, §2.15)."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from bot.channels.zalo.errors import UploadGoneError
from bot.channels.zalo.openapi import Upload
from bot.channels.zalo.rendering import picture
from bot.delivery.errors import RejectedError, RetryLaterError, UnknownOutcomeError
from bot.store.images import PlatformImage

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.channels.zalo.client import ZaloClient
    from bot.channels.zalo.results import SentMessage
    from bot.channels.zalo.rules import Calendar
    from bot.clock import Clock
    from bot.delivery.images import Images
    from bot.store.images import Image

MARGIN = timedelta(hours=6)
"""An upload is not used in its last hours: the platform's clock need not be ours."""
PATIENCE = 4.0
"""Seconds after which an upload has used up the time of a send; the next try finds it."""


class Pictures:
    """The images of one account; every method raises DeliveryError."""

    def __init__(
        self,
        client: ZaloClient,
        images: Images,
        calendar: Calendar,
        clock: Clock,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._client = client
        self._images = images
        self._calendar = calendar
        self._clock = clock
        self._ticks = ticks

    async def send(self, user: str, digest: str) -> SentMessage:
        """The image with this hash, as a message of its own."""
        attachment = await self._attachment(digest)
        try:
            return await self._client.send(user, picture(attachment))
        except UploadGoneError:
            await self._images.forget(digest, attachment)
        try:
            return await self._client.send(user, picture(await self._attachment(digest)))
        except UploadGoneError as error:
            raise RejectedError(error.code) from None

    async def _attachment(self, digest: str) -> str:
        known = await self._images.known(digest)
        if known is not None:
            return known
        started = self._ticks()
        attachment = await self._images.uploaded(digest, self._upload)
        if self._ticks() - started > PATIENCE:
            raise RetryLaterError("upload_slow", 1.0)
        return attachment

    async def _upload(self, image: Image) -> PlatformImage:
        now = self._clock()
        limit = self._calendar.on(now.date()).limit
        if image.content_type not in limit.image_types or len(image.content) > limit.image:
            raise RejectedError("image")
        try:
            attachment = await self._client.upload(Upload(image.name, image.content_type, image.content))
        except UnknownOutcomeError as error:
            # Nobody has seen an upload, so it may be made twice.
            raise RetryLaterError(f"upload_{error.code}") from None
        return PlatformImage(attachment, now + timedelta(hours=limit.upload_hours) - MARGIN)
