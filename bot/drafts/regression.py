"""Questions that staff found an answer for: each change of the answers is held against all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.memory import Memory
from handlers.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.core import Core
    from bot.drafts.draft import Draft


@dataclass(frozen=True)
class Broken:
    """A question that should lead to one answer and leads to another, or to none."""

    question: str
    wanted: str
    got: str | None


def broken(core: Core, drafts: Iterable[Draft], today: date) -> list[Broken]:
    """The questions of live changes that this core does not answer as was approved."""
    wanted = {draft.question: draft.entry for draft in drafts if draft.question}
    return [
        Broken(question, entry, got)
        for question, entry in wanted.items()
        if not _same(core, entry, got := answered_by(core, question, today))
    ]


def answered_by(core: Core, question: str, today: date) -> str | None:
    """The answer that somebody gets who has said nothing before; None when it is none of the knowledge base."""
    return core.respond(Turn(Memory(), today, question)).entry


def _same(core: Core, wanted: str, got: str | None) -> bool:
    """The same question has other answers for other ages: any of them is right for somebody of no known age."""
    if got is None or got == wanted:
        return got == wanted
    group = core.base.stages.group_of(wanted)
    return group is not None and group is core.base.stages.group_of(got)
