"""Which student of a contact is meant: nobody's name is kept, so year of birth, school and grade have to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.store.models import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence


class Described(Protocol):
    """What a list, a row or a conversation tells of a student."""

    @property
    def relation(self) -> str: ...
    @property
    def birth_year(self) -> int | None: ...
    @property
    def grade(self) -> int | None: ...
    @property
    def school_id(self) -> int | None: ...


Known = TypeVar("Known", bound=Described)
New = TypeVar("New", bound=Described)


def likeness(one: Described, other: Described) -> int:
    """How much speaks for both being the same student; 0 when nothing does, or something speaks against it."""
    if one.relation != other.relation:
        return 0
    if one.relation == Relation.SELF:
        return 1
    if _differ(one.birth_year, other.birth_year):
        return 0
    same_year = one.birth_year is not None and other.birth_year is not None
    if not same_year and _differ(one.school_id, other.school_id):
        return 0
    same_school = one.school_id is not None and one.school_id == other.school_id
    same_grade = one.grade is not None and one.grade == other.grade
    return 4 * same_year + 2 * same_school + same_grade


def paired(known: Sequence[Known], new: Sequence[New]) -> list[tuple[Known | None, New]]:
    """Each new description with the student that it is most likely of; nobody is taken twice."""
    likely = ((likeness(one, other), -i, -j) for i, one in enumerate(known) for j, other in enumerate(new))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for score, i, j in sorted(likely, reverse=True):
        if score and -j not in taken and -i not in used:
            taken[-j] = -i
            used.add(-i)
    return [(known[taken[j]] if j in taken else None, other) for j, other in enumerate(new)]


def _differ(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other
