"""Security headers on every answer, whatever the route and the status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.web.assets import Assets
from tests.web.support import Chat, Visitor, running, visitor

if TYPE_CHECKING:
    from pathlib import Path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ROUTES = [
    ("GET", "/", 200, "no-store"),
    ("GET", "/?lang=en&embed=1&start=QN-2026", 200, "no-store"),
    ("GET", "/privacy", 200, "no-store"),
    ("GET", "/api/history", 200, "no-store"),
    ("GET", "/api/stream?after=x", 400, "no-store"),
    ("POST", "/api/messages", 415, "no-store"),
    ("POST", "/", 400, "no-store"),
    ("POST", "/language", 400, "no-store"),
    ("GET", "/embed.js", 200, "public, max-age=3600"),
    ("GET", Assets.shipped()["chat.css"].url, 200, "public, max-age=31536000, immutable"),
    ("GET", "/static/chat.css", 404, None),
    ("GET", "/static/..%2f..%2fsettings.py", 404, None),
    ("GET", "/nowhere", 404, None),
    ("PUT", "/", 405, None),
    ("GET", "/healthz", 200, "no-store"),
    ("GET", "/readyz", 200, "no-store"),
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route[0]} {route[1]}")
async def test_every_route(chat: Chat, guest: Visitor, route: tuple[str, str, int, str | None]) -> None:
    method, path, status, cache = route
    headers = {"X-CSRF-Token": guest.csrf, "Content-Type": "text/plain"}
    async with guest.http.request(method, chat.origin + path, headers=headers) as response:
        assert response.status == status
        assert response.headers["Content-Security-Policy"] == POLICY
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in response.headers["Permissions-Policy"]
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        shared = "cross-origin" if path == "/embed.js" else "same-origin"
        assert response.headers["Cross-Origin-Resource-Policy"] == shared
        assert response.headers.get("Cache-Control") == cache
        assert "Strict-Transport-Security" not in response.headers
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_an_event_stream_has_them_too(chat: Chat, guest: Visitor) -> None:
    async with guest.http.get(chat.origin + "/api/stream") as response:
        assert response.headers["Content-Security-Policy"] == POLICY
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"


async def test_only_listed_schools_may_show_the_chat_in_a_frame(tmp_path: Path) -> None:
    schools = ("https://truong-a.edu.vn", "https://truong-b.edu.vn")
    async with running(tmp_path, embed_origins=schools) as chat, visitor(chat) as guest:
        await guest.open()
        _, _ = await guest.post("a")
        assert guest.last.headers["Content-Security-Policy"].endswith(f"frame-ancestors {' '.join(schools)}")
        assert "X-Frame-Options" not in guest.last.headers


async def test_the_page_has_nothing_inline_and_nothing_foreign(guest: Visitor) -> None:
    page = await guest.open()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=") == 1
    assert "http://" not in page
    assert "https://" not in page


async def test_the_first_visit_stays_under_forty_kilobytes(chat: Chat, guest: Visitor) -> None:
    total = len((await guest.open()).encode())
    for name in ("chat.css", "chat.js", "icon.svg"):
        total += len(chat.site.assets[name].body)
    assert total < 40_000
    assert sum(len(chat.site.assets[name].packed) for name in ("chat.css", "chat.js", "icon.svg")) < 10_000


async def test_a_file_is_compressed_and_not_sent_twice(chat: Chat, guest: Visitor) -> None:
    url = chat.origin + chat.site.assets["chat.js"].url
    async with guest.http.get(url, headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert await response.read() == chat.site.assets["chat.js"].body
        tag = response.headers["ETag"]
    async with guest.http.get(url, headers={"If-None-Match": tag}) as response:
        assert response.status == 304
    async with guest.http.get(url, headers={"Accept-Encoding": "identity"}) as response:
        assert "Content-Encoding" not in response.headers
