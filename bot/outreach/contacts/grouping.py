"""Lines of one list that are about the same person: the same key of the office, telephone number or address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.outreach.contacts.outcomes import Problem
from bot.outreach.contacts.rows import Agreement, ContactLine, Student
from bot.outreach.contacts.texts import tell, tell_problem
from bot.store.suppression import Key, by_address, by_external_id, by_phone


@dataclass(frozen=True)
class Group:
    """One person in a list: their lines in order. Where lines differ the first that says something holds."""

    lines: tuple[ContactLine, ...]

    @property
    def external_ids(self) -> tuple[str, ...]:
        return _each(line.external_id for line in self.lines)

    @property
    def phones(self) -> tuple[str, ...]:
        return _each(line.phone for line in self.lines)

    @property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys(line.address for line in self.lines if line.address is not None))

    @property
    def keys(self) -> tuple[Key, ...]:
        """All by which the person is named."""
        named = (*map(by_external_id, self.external_ids), *map(by_phone, self.phones))
        return (*named, *(by_address(*address) for address in self.addresses))

    @property
    def tags(self) -> tuple[str, ...]:
        return _each(tag for line in self.lines for tag in line.tags)

    @property
    def students(self) -> tuple[Student, ...]:
        return tuple(dict.fromkeys(line.student for line in self.lines if line.student is not None))

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        return tuple(dict.fromkeys(line.agreement for line in self.lines if line.agreement is not None))

    def first(self, field: str) -> str | None:
        """The first line's value of a field that holds one."""
        return next((value for line in self.lines if (value := getattr(line, field)) is not None), None)


def grouped(lines: Sequence[ContactLine], columns: Mapping[str, str]) -> tuple[list[Group], list[Problem]]:
    """The people of a list in order. Lines that give one person two telephone numbers are problems and left out."""
    problems: list[Problem] = []
    while True:
        groups = _joined(lines)
        wrong = {row: problem for group in groups for row, problem in _two_phones(group, columns)}
        if not wrong:
            return groups, problems
        problems += wrong.values()
        # Without these lines others may no longer belong together.
        lines = [line for line in lines if line.row not in wrong]


def _each(values: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _joined(lines: Sequence[ContactLine]) -> list[Group]:
    leader = list(range(len(lines)))

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    owner: dict[object, int] = {}
    for index, line in enumerate(lines):
        for key in (("id", line.external_id), ("phone", line.phone), ("address", line.address)):
            if key[1] is not None:
                one, other = lead(owner.setdefault(key, index)), lead(index)
                leader[max(one, other)] = min(one, other)
    groups = defaultdict[int, list[ContactLine]](list)
    for index, line in enumerate(lines):
        groups[lead(index)].append(line)
    return [Group(tuple(members)) for members in groups.values()]


def _two_phones(group: Group, columns: Mapping[str, str]) -> Iterator[tuple[int, Problem]]:
    first = next((line for line in group.lines if line.phone is not None), None)
    column = columns.get("phone") or tell("field", "phone")
    for line in group.lines:
        if first is not None and line.phone not in {None, first.phone}:
            yield line.row, Problem(line.row, column, *tell_problem("two_phones", row=first.row))
