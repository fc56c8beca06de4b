"""Images that were uploaded, by their content, until Zalo throws them away."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.channels.zalo.openapi import Upload

if TYPE_CHECKING:
    from datetime import datetime

MARGIN = timedelta(hours=6)
"""An upload is not used in its last hours: the platform's clock need not be ours."""
KEPT = 200
_KINDS = {b"\x89PNG\r\n\x1a\n": ("image.png", "image/png"), b"\xff\xd8\xff": ("image.jpg", "image/jpeg")}


@dataclass(frozen=True)
class _Kept:
    attachment: str
    until: datetime


class Uploads:
    """Remembers the attachment ids of one account."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    def get(self, image: bytes, now: datetime) -> str | None:
        """The attachment id of an image, None when it has to be uploaded."""
        kept = self._kept.get(_digest(image))
        return kept.attachment if kept is not None and now < kept.until else None

    def keep(self, image: bytes, attachment: str, lifetime: timedelta, now: datetime) -> None:
        self._kept[_digest(image)] = _Kept(attachment, now + lifetime - MARGIN)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def forget(self, image: bytes) -> None:
        self._kept.pop(_digest(image), None)


def as_upload(image: bytes) -> Upload | None:
    """A JPEG or PNG ready to be uploaded; None for anything else."""
    for start, (name, kind) in _KINDS.items():
        if image.startswith(start):
            return Upload(name, kind, image)
    return None


def _digest(image: bytes) -> bytes:
    return sha256(image).digest()
