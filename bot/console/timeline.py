"""One thread of what was said and done on a case, from the conversation and the steps of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.store.models import CaseEventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.cases.reading import Said, StepTaken

APART = timedelta(minutes=10)
"""Between a message and the step that keeps it; the platform's clock may differ from ours."""
SPOKEN = (CaseEventKind.CITIZEN, CaseEventKind.REPLY)


@dataclass(frozen=True)
class Line:
    """One line. `who` is "citizen", "bot", "staff", "note" or "step"; `key` names the words of a step."""

    happened: datetime
    who: str
    text: str
    name: str = ""
    key: str = ""
    delivery: str | None = None
    reason: str | None = None


def timeline(said: Sequence[Said], steps: Sequence[StepTaken]) -> list[Line]:
    """Both, oldest first; what stands in both is shown once, as the step, which knows who wrote and what arrived."""
    spoken = [step for step in steps if step.kind in SPOKEN]
    lines = [
        Line(one.happened, "citizen" if one.citizen else "bot", one.text)
        for one in said
        if not any(_same(one, step) for step in spoken)
    ]
    return sorted([*lines, *map(_step, steps)], key=lambda line: line.happened)


def _same(said: Said, step: StepTaken) -> bool:
    if abs(said.happened - step.happened) > APART or not step.text:
        return False
    if step.kind is CaseEventKind.CITIZEN:
        return said.citizen and said.text == step.text
    return not said.citizen and said.text.endswith(step.text.replace("**", ""))


def _step(step: StepTaken) -> Line:
    if step.kind is CaseEventKind.CITIZEN:
        return Line(step.happened, "citizen", step.text)
    if step.kind is CaseEventKind.REPLY:
        return Line(step.happened, "staff", step.text, step.staff or "", delivery=step.delivery, reason=step.reason)
    if step.kind is CaseEventKind.NOTE:
        return Line(step.happened, "note", step.text, step.staff or "")
    text = "" if step.kind is CaseEventKind.OPENED else step.text
    return Line(step.happened, "step", text, step.staff or "", key=step.kind.value)
