"""Schools: their list, and finding one by what a contact list calls it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from bot.outreach.contacts.outcomes import Fate, ListReport, Outcome, Problem, ordered
from bot.outreach.contacts.reading import read_sheet
from bot.outreach.contacts.texts import tell, tell_problem
from bot.outreach.contacts.words import meaning, plain
from bot.store.models import SchoolRow
from bot.store.texts import clean
from handlers.privacy import mask
from knowledge.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.outreach.contacts.provinces import ProvinceNames
    from bot.outreach.contacts.reading import Line
    from bot.store.database import Database
    from bot.store.session import Session

CODE_LIMIT = 24
"""Characters of a code that fits into a link (see `handlers.arrival`)."""
NAME_LIMIT = 200
SHOWN = 40
_CODE = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class School:
    """A school as a list gives it."""

    code: str
    name: str
    province: str
    level: str | None


class SchoolNames:
    """Finds a school by its code, or by its name when only one bears it."""

    def __init__(self, schools: Iterable[SchoolRow]) -> None:
        self._codes: dict[str, int] = {}
        self._names: dict[str, int | None] = {}
        for school in schools:
            self._codes[school.code] = school.id
            name = plain(school.name)
            self._names[name] = None if name in self._names else school.id

    def find(self, text: str) -> int | None:
        """The id of the school, None when there is no such school or more than one."""
        return self._codes.get(read_code(text) or "") or self._names.get(plain(text))


def read_code(text: str) -> str | None:
    """A school's code as it is kept and stands in links; None when it cannot be one."""
    code = fold("-".join(text.replace("_", " ").replace(".", " ").split()))
    return code if len(code) <= CODE_LIMIT and _CODE.fullmatch(code) and not mask(f"s-{code}").found else None


async def load_schools(session: Session) -> SchoolNames:
    """All schools, by name."""
    return SchoolNames((await session.execute(select(SchoolRow))).scalars())


@dataclass(frozen=True)
class SchoolRules:
    """What lines are checked against. `province` holds where a line names none, `only` is the one that may be named."""

    provinces: ProvinceNames
    province: str | None = None
    only: str | None = None


async def import_schools(database: Database, data: bytes, rules: SchoolRules, *, write: bool) -> ListReport:
    """Check a list of schools, and take it with `write` if nothing is wrong: all of it in one transaction, or nothing.

    Raises SheetError for a file that is no list.
    """
    sheet = await asyncio.to_thread(read_sheet, data, "schools")
    schools: dict[int, School] = {}
    problems: list[Problem] = []
    for line in sheet.lines:
        school, wrong = _check(line, sheet.columns, rules)
        problems += wrong
        if school is not None:
            schools[line.row] = school
    problems += _doubles(schools, sheet.columns)
    writes = write and not problems
    async with database.transaction() if writes else database.reading() as session:
        outcomes = await _take(session, schools, write=writes)
    return ordered(outcomes, problems, sheet.unread, written=writes)


def _check(line: Line, columns: Mapping[str, str], rules: SchoolRules) -> tuple[School | None, list[Problem]]:
    problems: list[Problem] = []

    def wrong(field: str, key: str, **values: object) -> None:
        what, mend = tell_problem(key, value=line.cells.get(field, "")[:SHOWN], **values)
        problems.append(Problem(line.row, columns.get(field) or tell("field", field), what, mend))

    code = read_code(line.cells.get("code", ""))
    if code is None:
        wrong("code", "code", limit=CODE_LIMIT)
    name = clean(line.cells.get("name", ""))
    if not name:
        wrong("name", "name")
    elif len(name) > NAME_LIMIT:
        wrong("name", "long", limit=NAME_LIMIT)
    named = line.cells.get("province", "")
    home = rules.provinces.find(named) if named else rules.province or rules.only
    if home is None:
        wrong("province", "province" if named else "no_province")
    elif rules.only not in {None, home}:
        wrong("province", "elsewhere")
    written = line.cells.get("level", "")
    level = meaning("level", written)
    if written and level is None:
        wrong("level", "level")
    return (School(code, name, home, level) if code and home and not problems else None), problems


def _doubles(schools: Mapping[int, School], columns: Mapping[str, str]) -> list[Problem]:
    """Lines that give a code to another school."""
    problems, first = [], dict[str, int]()
    for row, school in schools.items():
        before = first.setdefault(school.code, row)
        if schools[before] != school:
            column = columns.get("code") or tell("field", "code")
            problems.append(Problem(row, column, *tell_problem("double", row=before)))
    return problems


async def _take(session: Session, schools: Mapping[int, School], *, write: bool) -> list[Outcome]:
    known = {school.code: school for school in (await session.execute(select(SchoolRow))).scalars()}
    outcomes, seen = [], dict[str, int]()
    for row, school in schools.items():
        joined = seen.get(school.code)
        seen.setdefault(school.code, row)
        there = known.get(school.code)
        values = {"name": school.name, "province": school.province, "level": school.level}
        if joined is not None:
            outcomes.append(Outcome(row, Fate.SAME, joined))
            continue
        same = there is not None and all(getattr(there, name) == value for name, value in values.items())
        outcomes.append(Outcome(row, Fate.SAME if same else Fate.NEW if there is None else Fate.CHANGED))
        if write and there is None:
            await session.execute(insert(SchoolRow).values(code=school.code, **values))
        elif write and not same:
            await session.execute(update(SchoolRow).where(SchoolRow.code == school.code).values(**values))
    return outcomes
