"""Reads the query language of segments, in Vietnamese or English words:

vai trò = phụ huynh và tỉnh = Điện Biên và lớp trong 1..5
thẻ hết hạn trong 30 ngày và không nhãn = đã-gọi
hỏi về vssid trong 90 ngày hoặc (kênh = zalo và nguồn = c-kg26)
năm sinh con 2012..2015, lớp >= 10, trường trống, tất cả
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outreach.contacts.words import plain
from bot.outreach.segments.cursor import Cursor
from bot.outreach.segments.errors import SegmentError
from bot.outreach.segments.predicates import read_condition
from bot.outreach.segments.scanner import Kind, scan
from bot.outreach.segments.tree import AND, NOT, OR, And, Everyone, Not, Or, Query

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 2000
"""Characters of a query."""
DEEPEST = 20
"""Brackets and negations inside each other."""


def parse(text: str) -> Query:
    """The query that a text means. Raises SegmentError, which names the place and how to mend it."""
    if len(text) > LONGEST:
        raise SegmentError(LONGEST, "truy vấn dài quá", f"tối đa {LONGEST} ký tự")
    cursor = Cursor(scan(text))
    query = _either(cursor, 0)
    if cursor.here.kind is not Kind.END:
        raise cursor.wrong(f"không hiểu “{cursor.here.text}”", "nối các điều kiện bằng và, hoặc")
    return query


def _either(cursor: Cursor, depth: int) -> Query:
    parts = [_both(cursor, depth)]
    while cursor.takes(OR):
        parts.append(_both(cursor, depth))
    return _joined(parts, Or)


def _both(cursor: Cursor, depth: int) -> Query:
    parts = [_single(cursor, depth)]
    while cursor.takes(AND):
        parts.append(_single(cursor, depth))
    return _joined(parts, And)


def _joined(parts: Collection[Query], kind: type[And | Or]) -> Query:
    """The parts as one query; what brackets only grouped is flat."""
    flat = tuple(each for part in parts for each in (part.parts if isinstance(part, kind) else (part,)))
    return flat[0] if len(flat) == 1 else kind(flat)


def _single(cursor: Cursor, depth: int) -> Query:
    if depth > DEEPEST:
        raise cursor.wrong("quá nhiều ngoặc lồng nhau", "viết gọn lại")
    opening = cursor.here
    if cursor.takes(NOT):
        return Not(_single(cursor, depth + 1))
    if cursor.takes({"("}):
        inside = _either(cursor, depth + 1)
        if not cursor.takes({")"}):
            raise cursor.wrong("ngoặc chưa đóng", "thêm )", opening)
        return inside
    if plain(cursor.words(2)) == "tat ca":
        cursor.step(2)
        return Everyone()
    return Everyone() if cursor.takes({"everyone", "all"}) else read_condition(cursor)
