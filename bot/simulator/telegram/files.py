"""Files that the platform keeps."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.simulator.telegram.errors import Json, bad_request

if TYPE_CHECKING:
    from bot.simulator.telegram.call import Call

MAX_PHOTO = 10 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True)
class StoredFile:
    """A file by its id; `path` is what it is downloaded under."""

    id: str
    path: str
    content_type: str
    body: bytes

    @property
    def wire(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.id[-15:], "file_size": len(self.body)}


class Files:
    """All files by id and by path. The same content has the same id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def keep(self, folder: str, content_type: str, body: bytes) -> StoredFile:
        suffix = {"image/png": "png", "image/jpeg": "jpg"}.get(content_type, "oga")
        digest = hashlib.sha256(body).hexdigest()[:32]
        file = StoredFile(f"AgAC{digest}", f"{folder}/file_{digest}.{suffix}", content_type, body)
        return self._by_id.setdefault(file.id, file)

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return next((file for file in self._by_id.values() if file.path == path), None)

    def photo(self, call: Call) -> StoredFile:
        """The photo that a call sends, uploaded or by id; addresses are not fetched. Raises ApiError 400."""
        value = call.text("photo")
        upload = call.uploads.get(value.removeprefix("attach://") if value else "photo")
        if upload is not None:
            if len(upload.body) > MAX_PHOTO:
                raise bad_request("file is too big")
            return self.keep("photos", _image_type(upload.body), upload.body)
        if not value:
            raise bad_request("there is no photo in the request")
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        file = self.by_id(value)
        if file is None:
            raise bad_request("wrong remote file identifier specified: can't unserialize it")
        return file


def photo_sizes(file: StoredFile) -> list[Json]:
    """A photo as a message shows it; one size, the original."""
    width, height = dimensions(file.body)
    return [{**file.wire, "width": width, "height": height}]


def dimensions(image: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG or JPEG. Raises ApiError 400 for anything else."""
    if image.startswith(_PNG) and len(image) >= 24:
        width, height = struct.unpack(">II", image[16:24])
        return int(width), int(height)
    place = 2
    while image.startswith(_JPEG) and place + 9 <= len(image) and image[place] == 0xFF:
        marker, length = image[place + 1], int.from_bytes(image[place + 2 : place + 4])
        # Start of frame; 0xC4, 0xC8 and 0xCC lie between but are tables.
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", image[place + 5 : place + 9])
            return int(width), int(height)
        place += 2 + length
    raise bad_request("IMAGE_PROCESS_FAILED")


def _image_type(body: bytes) -> str:
    dimensions(body)
    return "image/png" if body.startswith(_PNG) else "image/jpeg"


def drawn_photo(width: int = 320, height: int = 200) -> bytes:
    """A PNG to send as a person: a soft slope of colour."""
    rows = b"".join(
        b"\0" + b"".join(bytes((60 + 120 * x // width, 140 + 60 * y // height, 190)) for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
