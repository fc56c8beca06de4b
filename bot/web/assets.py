"""Static files: read once, compressed once, served under a URL that changes with their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOREVER = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file, as it is and compressed."""

    name: str
    body: bytes
    packed: bytes
    digest: str
    base: str = ""

    @classmethod
    def load(cls, file: Path, base: str = "") -> Self:
        body = file.read_bytes()
        return cls(file.name, body, gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:12], base)

    @property
    def url(self) -> str:
        stem, _, suffix = self.name.rpartition(".")
        return f"{self.base}/static/{stem}.{self.digest}.{suffix}"

    def respond(self, request: web.Request, *, forever: bool) -> web.Response:
        """The file, or 304 when the browser has this very content."""
        headers = {
            "Cache-Control": _FOREVER if forever else _HOUR,
            "ETag": f'"{self.digest}"',
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        return web.Response(
            body=self.packed if packed else self.body,
            headers=headers,
            content_type=_TYPES[Path(self.name).suffix],
            charset="utf-8",
        )


class Assets:
    """All static files by name and by URL; `base` is the path that they are served under."""

    def __init__(self, files: Iterable[Path], base: str = "") -> None:
        self._by_name = {file.name: Asset.load(file, base) for file in files}
        self._by_url = {asset.url: asset for asset in self._by_name.values()}

    @classmethod
    def shipped(cls) -> Self:
        return cls(sorted((Path(__file__).parent / "static").iterdir()))

    def __getitem__(self, name: str) -> Asset:
        return self._by_name[name]

    def at(self, url: str) -> Asset | None:
        return self._by_url.get(url)
