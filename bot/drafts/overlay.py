"""The repository's answers with the live changes of staff laid over them.

A change counts on top of the very text that it was written for. When a release brought another text since, that one is
newer and reviewed, and the change is left out; when it brought the change itself, nothing is left to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.check import check_links
from knowledge.entries import parse_entry
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.drafts.draft import Draft
    from knowledge.base import KnowledgeBase


@dataclass(frozen=True)
class Overlay:
    """The knowledge base that comes out, and which changes are not in it.

    `overtaken`: a release brought another text. `unusable`: the text cannot be read any more, or names what is gone.
    """

    base: KnowledgeBase
    overtaken: tuple[Draft, ...] = ()
    unusable: tuple[Draft, ...] = ()

    @property
    def left_out(self) -> tuple[Draft, ...]:
        return (*self.overtaken, *self.unusable)

    def used(self, drafts: Iterable[Draft]) -> list[Draft]:
        """Those of the changes that are in it, or in the repository by now."""
        return [draft for draft in drafts if draft not in self.left_out]


def lay_over(repository: KnowledgeBase, drafts: Sequence[Draft]) -> Overlay:
    """All live changes, oldest first, over the answers of the repository. Never raises for what a draft says."""
    top: dict[str, Draft] = {}
    overtaken: list[Draft] = []
    homes = {entry.id: entry.file for entry in repository.entries.values()}
    for draft in drafts:
        if homes.setdefault(draft.entry, draft.file) != draft.file:
            overtaken.append(draft)
            continue
        standing = top[draft.file].text if draft.file in top else text_of(repository, draft.file)
        if draft.before == standing:
            top[draft.file] = draft
        elif draft.text != standing:
            overtaken.append(draft)
    unusable = {file: draft for file, draft in top.items() if not _reads(draft)}
    while True:
        base = repository.having({file: draft.text for file, draft in top.items() if file not in unusable})
        broken = {
            file: draft
            for file, draft in top.items()
            if file not in unusable and any(check_links(base.entry(draft.entry), base))
        }
        if not broken:
            return Overlay(base, tuple(overtaken), tuple(unusable.values()))
        unusable |= broken


def text_of(base: KnowledgeBase, file: str) -> str | None:
    """The text of an answer by its file; None when there is none."""
    try:
        return base.text(file)
    except FileNotFoundError:
        return None


def _reads(draft: Draft) -> bool:
    try:
        return parse_entry(draft.text, draft.file).id == draft.entry
    except KnowledgeError:
        return False
