"""Saved segments, and the commands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.outreach.segments import SegmentError
from bot.outreach.segments.saved import find, remove, save, segments
from tests.outreach.office import NOW

if TYPE_CHECKING:
    from bot.store.database import Database


async def test_a_segment_is_kept_under_one_name_in_canonical_text(database: Database) -> None:
    async with database.transaction() as session:
        first = await save(session, "Tiểu  học", "lop trong 1..5", NOW)
        assert (first.name, first.query) == ("tiểu học", "lớp 1..5")
        await save(session, "TIỂU HỌC", "lớp = 1", NOW)
    async with database.reading() as session:
        assert [(row.name, row.query) for row in await segments(session)] == [("tiểu học", "lớp = 1")]
        assert (await find(session, "tiểu học")).query == "lớp = 1"


async def test_an_unknown_name_is_told_with_the_one_meant(database: Database) -> None:
    async with database.transaction() as session:
        await save(session, "điện biên", "tỉnh = Điện Biên", NOW)
        with pytest.raises(SegmentError, match="ý bạn là “điện biên”"):
            await find(session, "dien bienn")
        await remove(session, "Điện Biên")
        assert await segments(session) == []


@pytest.mark.parametrize(("name", "query"), [("", "tất cả"), ("ab" * 31, "tất cả"), ("ok", "lớp = 99")])
async def test_a_wrong_name_or_query_is_not_kept(database: Database, name: str, query: str) -> None:
    async with database.transaction() as session:
        with pytest.raises(SegmentError):
            await save(session, name, query, NOW)
        assert await segments(session) == []
