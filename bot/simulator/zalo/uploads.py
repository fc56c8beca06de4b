"""POST /v2.0/oa/upload/image, /gif and /file (reference §2.15)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from aiohttp.web import FileField

from bot.simulator.zalo.codes import Code, RefusalError
from bot.simulator.zalo.ids import token
from bot.simulator.zalo.state import Upload, UploadKind

if TYPE_CHECKING:
    from bot.simulator.zalo.gate import Call, Operation

MEGABYTE = 1_048_576
MAX_SIZE = {UploadKind.IMAGE: MEGABYTE, UploadKind.GIF: 5 * MEGABYTE, UploadKind.FILE: 5 * MEGABYTE}
MONTHLY = 5_000
FILES = frozenset({"pdf", "doc", "docx", "csv"})

_BEGINNINGS = {
    UploadKind.IMAGE: {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"},
    UploadKind.GIF: {b"GIF8": "image/gif"},
}


class Uploads:
    """Keeps what is uploaded and counts it, per account, kind and month."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, UploadKind, str]] = Counter()

    def of(self, kind: UploadKind) -> Operation:
        """The operation of one path."""

        async def take(call: Call) -> Any:
            content_type, body = await _file(call, kind)
            month = (call.account.id, kind, call.now.strftime("%Y-%m"))
            if self.counted[month] >= MONTHLY:
                raise RefusalError(Code.QUOTA_EXHAUSTED)
            self.counted[month] += 1
            name = token()
            call.account.uploads[name] = Upload(kind, call.now, content_type, body)
            return {"token": name} if kind is UploadKind.FILE else {"attachment_id": name}

        return take


async def _file(call: Call, kind: UploadKind) -> tuple[str, bytes]:
    """The type and the content of the field `file`; -201 for a wrong type, -210 for a file too large."""
    form = await call.request.post()
    field = form.get("file")
    if not isinstance(field, FileField):
        raise RefusalError(Code.PARAMETER, "file is missing")
    body = field.file.read()
    if len(body) > MAX_SIZE[kind]:
        raise RefusalError(Code.TOO_LONG, "file is too large")
    if kind is UploadKind.FILE:
        if field.filename.rpartition(".")[2].lower() not in FILES:
            raise RefusalError(Code.PARAMETER, "file type is not supported")
        return field.content_type, body
    for beginning, content_type in _BEGINNINGS[kind].items():
        if body.startswith(beginning):
            return content_type, body
    raise RefusalError(Code.PARAMETER, "file type is not supported")
