"""Images leave for Telegram: the first time with their content, then by the id that Telegram gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram import InputFile
from telegram.constants import FileSizeLimit

from bot.channels.telegram.errors import WRONG_FILE
from bot.delivery.errors import RejectedError
from bot.store.images import PlatformImage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.delivery.images import Images

    Call = Callable[[str, str, Mapping[str, Any]], Awaitable[Any]]

LIMIT = int(FileSizeLimit.PHOTOSIZE_UPLOAD)
"""Bytes of a photo (Bot API, sendPhoto)."""


class Photos:
    """The photos of one bot. `call` takes an address, a method and its parameters, and raises DeliveryError."""

    def __init__(self, call: Call, images: Images) -> None:
        self._call = call
        self._images = images

    async def send(self, address: str, digest: str, parameters: Mapping[str, Any]) -> None:
        """The image with this hash; raises DeliveryError."""
        file_id = await self._images.known(digest)
        if file_id is not None:
            try:
                await self._call(address, "sendPhoto", {**parameters, "photo": file_id})
            except RejectedError as error:
                if error.code != WRONG_FILE:
                    raise
                await self._images.forget(digest, file_id)
            else:
                return
        await self._upload(address, digest, parameters)

    async def _upload(self, address: str, digest: str, parameters: Mapping[str, Any]) -> None:
        image = await self._images.content(digest)
        if len(image.content) > LIMIT:
            raise RejectedError("too_large")
        photo = InputFile(image.content, filename=image.name)
        sent = await self._call(address, "sendPhoto", {**parameters, "photo": photo})
        file_id = _file_id(sent)
        if file_id is not None:
            await self._images.note(digest, PlatformImage(file_id))


def _file_id(message: Any) -> str | None:
    """The id of the largest size of a photo; None when the answer names none."""
    try:
        file_id = message["photo"][-1]["file_id"]
    except (TypeError, KeyError, IndexError):
        return None
    return file_id if isinstance(file_id, str) and file_id else None
