"""The same question about people of other ages; one answer per file that can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.entries import Kind, Stage
from knowledge.errors import KnowledgeError
from knowledge.stages import load_stages

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.base import KnowledgeBase

TABLE = """\
[pay]
title = "Đóng bao nhiêu"
under6 = "mien-phi"
pupil = "hoc-sinh"
grade12 = "lop-12"
student = "sinh-vien"

[end]
title = "Đến khi nào"
pupil = "hoc-sinh"
student = "den-khi-nao"
"""


@pytest.mark.parametrize(
    ("found", "stage", "answers"),
    [
        ("hoc-sinh", None, "hoc-sinh"),
        ("hoc-sinh", Stage.UNDER6, "mien-phi"),
        ("hoc-sinh", Stage.GRADE12, "lop-12"),
        ("mien-phi", Stage.GRADE1, "hoc-sinh"),
        ("mien-phi", Stage.PUPIL, "hoc-sinh"),
        ("hoc-sinh", Stage.YEAR1, "sinh-vien"),
        ("hoc-sinh", Stage.FINAL_YEAR, "sinh-vien"),
        ("hoc-sinh", Stage.GRADUATE, "hoc-sinh"),
        ("den-khi-nao", Stage.UNDER6, "den-khi-nao"),
        ("den-khi-nao", Stage.GRADE12, "hoc-sinh"),
        ("khac", Stage.UNDER6, "khac"),
    ],
)
def test_the_entry_of_the_stage_answers(tmp_path: Path, found: str, stage: Stage | None, answers: str) -> None:
    (tmp_path / "stages.toml").write_text(TABLE, encoding="utf-8")
    assert load_stages(tmp_path / "stages.toml").entry_for(found, stage) == answers


def test_an_entry_of_two_groups_belongs_to_the_first(tmp_path: Path) -> None:
    (tmp_path / "stages.toml").write_text(TABLE, encoding="utf-8")
    group = load_stages(tmp_path / "stages.toml").group_of("hoc-sinh")
    assert group is not None
    assert group.id == "pay"


def test_an_unknown_stage_is_reported(tmp_path: Path) -> None:
    (tmp_path / "stages.toml").write_text(TABLE.replace("grade12", "grade13"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="grade13"):
        load_stages(tmp_path / "stages.toml")


def test_no_table_is_an_empty_table(tmp_path: Path) -> None:
    assert load_stages(tmp_path / "none.toml").entry_for("a", Stage.PUPIL) == "a"


def test_an_answer_for_a_stage_is_an_answer(base: KnowledgeBase) -> None:
    kinds = {(group.id, base.entry(entry).kind) for group in base.stages.groups for entry in group.by_stage.values()}
    assert {kind for _, kind in kinds} <= {Kind.ANSWER, Kind.HANDOFF}


@pytest.mark.parametrize("stage", [Stage.UNDER6, Stage.PUPIL, Stage.STUDENT])
def test_asking_again_for_the_same_stage_changes_nothing(base: KnowledgeBase, stage: Stage) -> None:
    for group in base.stages.groups:
        for entry in group.by_stage.values():
            once = base.stages.entry_for(entry, stage)
            assert base.stages.entry_for(once, stage) == once


@pytest.mark.parametrize(
    ("found", "stage", "answers"),
    [
        ("muc-dong-hien-nay", Stage.UNDER6, "tre-duoi-6-the-mien-phi"),
        ("muc-dong-hien-nay", Stage.GRADE1, "lop-1-dong-may-thang"),
        ("muc-dong-hien-nay", Stage.GRADE12, "lop-12-dong-may-thang"),
        ("muc-dong-hien-nay", Stage.FINAL_YEAR, "nam-cuoi-dong-may-thang"),
        ("lop-12-the-den-khi-nao", Stage.FINAL_YEAR, "nam-cuoi-the-den-khi-nao"),
        ("muc-huong-hssv", Stage.UNDER6, "duoi-6-tuoi-huong-100"),
    ],
)
def test_the_most_asked_questions_have_their_stages(
    base: KnowledgeBase, found: str, stage: Stage, answers: str
) -> None:
    assert base.stages.entry_for(found, stage) == answers
