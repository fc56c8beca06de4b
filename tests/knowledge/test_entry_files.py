"""Entries are kept as they were read, and never longer than their files stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.base import ROOT
from knowledge.entry_files import load_entries
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.knowledge.tiny import Tiny

PAY, LOST = "faq/tien/tien-dong.md", "faq/the/mat-the.md"


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var") / "cache" / "entries.json"


def test_every_kept_answer_is_as_it_was_read(kept: Path) -> None:
    read = load_entries(ROOT)
    assert load_entries(ROOT, kept) == read
    again = load_entries(ROOT, kept)
    assert again == read
    assert list(again) == list(read)


def test_what_was_kept_is_used(tiny: Tiny, kept: Path) -> None:
    load_entries(tiny.root, kept)
    kept.write_text(kept.read_text(encoding="utf-8").replace("Mất thẻ", "Đã giữ"), encoding="utf-8")
    assert load_entries(tiny.root, kept)["mat-the"].title == "Đã giữ"


def test_a_changed_answer_is_read_anew(tiny: Tiny, kept: Path) -> None:
    load_entries(tiny.root, kept)
    tiny.swap(LOST, "cấp lại thẻ", "cấp thẻ mới")
    for _ in range(2):
        assert load_entries(tiny.root, kept) == load_entries(tiny.root)
    assert load_entries(tiny.root, kept)["mat-the"].body == "Bạn xin cấp thẻ mới."


def test_a_file_that_was_moved_or_removed_is_noticed(tiny: Tiny, kept: Path) -> None:
    load_entries(tiny.root, kept)
    (tiny.root / LOST).rename(tiny.root / "faq/the/the-mat.md")
    assert load_entries(tiny.root, kept)["mat-the"].file == "faq/the/the-mat.md"
    (tiny.root / "faq/the/the-mat.md").unlink()
    assert list(load_entries(tiny.root, kept)) == ["tien-dong"]


def test_a_wrong_file_is_told_although_an_earlier_one_is_kept(tiny: Tiny, kept: Path) -> None:
    load_entries(tiny.root, kept)
    tiny.swap(PAY, 'topic = "tien"\n', "")
    for _ in range(2):
        with pytest.raises(KnowledgeError, match="lacks topic"):
            load_entries(tiny.root, kept)


@pytest.mark.parametrize("damage", ["empty", "text", "half", "other"])
def test_a_damaged_file_is_replaced(tiny: Tiny, kept: Path, damage: str) -> None:
    load_entries(tiny.root, kept)
    raw = kept.read_bytes()
    parts = {
        "empty": b"",
        "text": b"not JSON",
        "half": raw[: len(raw) // 2],
        "other": raw.replace(b"handoff", b"moved"),
    }
    kept.write_bytes(parts[damage])
    assert load_entries(tiny.root, kept) == load_entries(tiny.root)
    assert kept.read_bytes() == raw
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_nothing_is_kept_without_a_place_for_it(tiny: Tiny) -> None:
    before = sorted(tiny.root.rglob("*"))
    load_entries(tiny.root)
    assert sorted(tiny.root.rglob("*")) == before
