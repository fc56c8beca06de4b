"""Images are kept once for each content; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bot.settings import RetentionSettings
from bot.store.images import (
    Image,
    PlatformImage,
    forget_platform_image,
    keep_image,
    note_platform_image,
    read_image,
    read_platform_image,
)
from bot.store.retention import apply_retention
from tests.bot.reading import rows

if TYPE_CHECKING:
    from bot.store.database import Database
    from tests.bot.conftest import FakeClock

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 9
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 9


async def test_the_same_content_is_kept_once(database: Database, clock: FakeClock) -> None:
    for content in (PNG, JPEG, PNG):
        async with database.transaction() as session:
            digest = await keep_image(session, content, clock())
        assert digest == sha256(content).hexdigest()
    assert len(await rows(database, "image")) == 2
    async with database.reading() as session:
        assert await read_image(session, digest) == Image("image/png", PNG)
        assert await read_image(session, "0" * 64) is None


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", PNG[1:]])
async def test_what_no_platform_takes_is_not_kept(database: Database, clock: FakeClock, content: bytes) -> None:
    async with database.transaction() as session:
        with pytest.raises(ValueError, match="neither"):
            await keep_image(session, content, clock())


def test_a_picture_is_not_written_into_logs() -> None:
    assert "PNG" not in repr(Image("image/png", PNG))
    assert Image("image/jpeg", JPEG).name == "image.jpeg"


async def test_what_a_platform_calls_it_is_replaced_forgotten_and_outlived(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as session:
        digest = await keep_image(session, PNG, clock())
        for ref in ("a", "b"):
            await note_platform_image(session, "zalo:1", digest, PlatformImage(ref, clock() + timedelta(days=7)))
        await note_platform_image(session, "telegram", digest, PlatformImage("t"))
    async with database.reading() as session:
        found = await read_platform_image(session, "zalo:1", digest)
        assert found == PlatformImage("b", clock() + timedelta(days=7))
        assert await read_platform_image(session, "zalo:2", digest) is None
    clock.advance(days=8)
    assert await apply_retention(database, RetentionSettings(), clock()) == 1
    assert [row["ref"] for row in await rows(database, "platform_image")] == ["t"]
    async with database.transaction() as session:
        await forget_platform_image(session, "telegram", digest)
    assert await rows(database, "platform_image") == []
