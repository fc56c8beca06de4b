"""The same question asked about people of different ages (`stages.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.entries import Stage
from knowledge.errors import KnowledgeError, Problem

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class QuestionGroup:
    """One question and, for each stage of school life, the entry that answers it."""

    id: str
    title: str
    by_stage: dict[Stage, str]
    anybody: tuple[str, ...] = ()
    """Entries that answer while nobody knows whom it is about."""


class StageTable:
    """Finds the entry that answers for another person what one entry answers for this one."""

    def __init__(self, groups: tuple[QuestionGroup, ...]) -> None:
        self.groups = groups
        self._groups_of: dict[str, QuestionGroup] = {}
        for group in groups:
            for entry_id in (*group.by_stage.values(), *group.anybody):
                self._groups_of.setdefault(entry_id, group)

    def group_of(self, entry_id: str) -> QuestionGroup | None:
        """The question group that an entry belongs to, if any."""
        return self._groups_of.get(entry_id)

    def only_stage_of(self, entry_id: str) -> Stage | None:
        """The stage that an entry is for, when it answers its question for one only."""
        group = self._groups_of.get(entry_id)
        stages = [stage for stage, answers in group.by_stage.items() if answers == entry_id] if group else []
        return stages[0] if len(stages) == 1 else None

    def entry_for(self, entry_id: str, stage: Stage | None) -> str:
        """The entry that answers the same question for a person of this stage; the same entry when none differs."""
        group = self._groups_of.get(entry_id)
        if group is None or stage is None:
            return entry_id
        return group.by_stage.get(stage, group.by_stage.get(_WIDER.get(stage, stage), entry_id))


_WIDER = {
    Stage.GRADE1: Stage.PUPIL,
    Stage.GRADE12: Stage.PUPIL,
    Stage.YEAR1: Stage.STUDENT,
    Stage.FINAL_YEAR: Stage.STUDENT,
}


def load_stages(path: Path) -> StageTable:
    """Read `stages.toml`; raises KnowledgeError for an unknown stage."""
    raw = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    groups: list[QuestionGroup] = []
    problems: list[Problem] = []
    for group_id, table in raw.items():
        fields = dict(table)
        title, anybody = fields.pop("title", group_id), tuple(fields.pop("anybody", ()))
        try:
            by_stage = {Stage(stage): entry_id for stage, entry_id in fields.items()}
        except ValueError as error:
            problems.append(Problem(path.name, 0, f"[{group_id}] {error}"))
            continue
        groups.append(QuestionGroup(group_id, title, by_stage, anybody))
    if problems:
        raise KnowledgeError(problems)
    return StageTable(tuple(groups))
