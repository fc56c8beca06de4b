"""Writes live changes back into the files of the repository, where the next release takes them from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.entries import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.drafts.draft import Draft
    from knowledge.base import KnowledgeBase

FAQ = "knowledge"
QUESTIONS = "tests/evaluation/questions-office.jsonl"
_EXPECTED = {Kind.ANSWER: "answer", Kind.HANDOFF: "handoff", Kind.REFUSE: "refuse", Kind.SMALLTALK: "smalltalk"}


@dataclass(frozen=True)
class Exported:
    """The files that were written, below the folder, and how many questions stand in the file of questions."""

    files: tuple[str, ...]
    questions: int


def export(base: KnowledgeBase, live: Sequence[Draft], folder: Path) -> Exported:
    """Write every changed answer of `base`, and the questions of its live changes, below the top of a repository."""
    files = []
    for file, text in sorted(base.changed.items()):
        (folder / FAQ / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / FAQ / file).write_text(text, encoding="utf-8")
        files.append(f"{FAQ}/{file}")
    return Exported(tuple(files), _export_questions(base, live, folder / QUESTIONS))


def _export_questions(base: KnowledgeBase, live: Sequence[Draft], file: Path) -> int:
    """Questions that stand in the file already stay, so that those of several offices come together."""
    kept = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    asked = {json.loads(line)["text"] for line in kept}
    new = {draft.question: draft for draft in live if draft.question and draft.question not in asked}
    lines = [*kept, *(_line(base, draft) for draft in new.values())]
    if new:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def _line(base: KnowledgeBase, draft: Draft) -> str:
    entry = base.entry(draft.entry)
    values = {
        "id": f"office-{draft.id}",
        "text": draft.question,
        "topic": entry.topic,
        "expect": _EXPECTED.get(entry.kind, "clarify"),
        "entries": [entry.id],
    }
    return json.dumps(values, ensure_ascii=False)
