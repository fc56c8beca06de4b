"""Takes a list of contacts: first all of it is looked at, then it is written, or not.

Nothing is written while any line is wrong, unless the wrong ones are to be left out. People are written in chunks, each
in one transaction: a bot that answers meanwhile never waits long. A run that was cut off leaves whole people only; the
same list again finishes it and changes nothing about the others. Who asked to be erased is left out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.outreach.contacts.changes import change_of
from bot.outreach.contacts.grouping import Group, grouped
from bot.outreach.contacts.holdings import Holding, find_keys, holdings
from bot.outreach.contacts.joining import can_join, join
from bot.outreach.contacts.outcomes import Fate, ListReport, Outcome, Problem, ordered
from bot.outreach.contacts.reading import read_sheet
from bot.outreach.contacts.rows import check_line
from bot.outreach.contacts.suppressing import agreed_after, erased_on
from bot.outreach.contacts.texts import tell, tell_problem
from bot.outreach.contacts.writing import Writer
from bot.store.statistics import count_people
from bot.store.suppression import release, suppressed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.outreach.contacts.reading import Sheet
    from bot.outreach.contacts.rows import ListRules
    from bot.store.database import Database
    from bot.store.session import Session
    from bot.store.suppression import Key

Progress = Callable[[str, float], None]
CHUNK = 100
"""People looked up, or written, at once."""


async def import_contacts(
    database: Database,
    data: bytes,
    rules: ListRules,
    now: datetime,
    *,
    write: bool,
    leave_out_wrong: bool = False,
    progress: Progress = lambda _what, _share: None,
) -> ListReport:
    """Check a list and, with `write`, take it. Raises SheetError for a file that is no list."""
    # Reading a workbook takes seconds, in which the bot has to answer.
    sheet, groups, problems = await asyncio.to_thread(_read, data, rules)
    looked = _Pass(rules, now, write=False)
    await looked.go_through(database, groups, progress)
    problems += looked.problems
    if not write or (problems and not leave_out_wrong):
        return ordered(looked.outcomes, problems, sheet.unread, written=False)
    unclear = {problem.row for problem in looked.problems}
    written = _Pass(rules, now, write=True)
    await written.go_through(database, [group for group in groups if group.lines[0].row not in unclear], progress)
    await count_people(database)
    return ordered(written.outcomes, [*problems, *written.problems], sheet.unread, written=True)


def _read(data: bytes, rules: ListRules) -> tuple[Sheet, list[Group], list[Problem]]:
    sheet = read_sheet(data, "contacts")
    lines, problems = [], []
    for line in sheet.lines:
        read, wrong = check_line(line, sheet.columns, rules)
        problems += wrong
        if read is not None:
            lines.append(read)
    groups, wrong = grouped(lines, sheet.columns)
    return sheet, groups, problems + wrong


class _Pass:
    """Goes through the people of a list once, to look or to write, and notes what comes of their lines."""

    def __init__(self, rules: ListRules, now: datetime, *, write: bool) -> None:
        self._rules, self._now, self._write = rules, now, write
        self.outcomes: list[Outcome] = []
        self.problems: list[Problem] = []
        self._moved: dict[int, int] = {}

    async def go_through(self, database: Database, groups: Sequence[Group], progress: Progress) -> None:
        label = tell("progress", "write" if self._write else "look")
        for start in range(0, len(groups), CHUNK):
            async with database.transaction() if self._write else database.reading() as session:
                await self._chunk(session, groups[start : start + CHUNK])
            progress(label, (start + CHUNK) / len(groups))

    async def _chunk(self, session: Session, groups: Sequence[Group]) -> None:
        keys = await find_keys(session, groups)
        whose = [keys.people(group) for group in groups]
        held = dict(await holdings(session, {person for people in whose for person in people}))
        # After the people were looked up: who was erased before that is gone from there and stands here.
        days = await suppressed(session, [key for group in groups for key in group.keys])
        named = Counter(person for people in whose for person in people)
        writer = Writer(session, self._rules.accounts, self._now) if self._write else None
        for group, found in zip(groups, whose, strict=True):
            people = sorted({self._moved.get(person, person) for person in found})
            if writer and (len(people) > 1 or any(named[person] > 1 for person in people)):
                # Lines without a key in common may still be about one person, as we know them.
                await writer.flush()
                held.update(await holdings(session, people))
            if await self._is_left_out(session, group, days, [held[person] for person in people]):
                continue
            if len(people) < 2:
                await self._person(writer, group, people[0] if people else None, held)
            elif pair := can_join(held, people):
                await self._joined(session, writer, group, pair, held)
            else:
                wrong = tell_problem("two_people", people=", ".join(map(str, people)))
                self.problems += [Problem(line.row, tell("field", "external_id"), *wrong) for line in group.lines]
        if writer:
            await writer.flush()

    async def _is_left_out(
        self, session: Session, group: Group, days: Mapping[Key, date], known: Sequence[Holding]
    ) -> bool:
        """Whether they asked to be erased. When they have agreed since, that is forgotten with the writing."""
        day = erased_on(days, group)
        if day is None:
            return False
        if agreed_after(day, group, known):
            if self._write:
                await release(session, group.keys)
            return False
        self._note(group, Fate.ERASED, erased=day)
        return True

    async def _joined(
        self,
        session: Session,
        writer: Writer | None,
        group: Group,
        pair: tuple[int, int],
        held: dict[int, Holding],
    ) -> None:
        """What a list knew and who writes to us turn out to be one person."""
        listed, writing = pair
        if writer is None:
            self._note(group, Fate.CHANGED, writing)
            return
        await join(session, listed, writing, held)
        self._moved[listed] = writing
        held.update(await holdings(session, {writing}))
        await self._person(writer, group, writing, held)

    async def _person(self, writer: Writer | None, group: Group, person: int | None, held: dict[int, Holding]) -> None:
        holding = held[person] if person is not None else Holding()
        change = change_of(holding, group)
        fate = Fate.NEW if person is None else Fate.SAME if change.empty else Fate.CHANGED
        if writer:
            person = await writer.write(person, holding, change)
        self._note(group, fate, person, change.refusals)

    def _note(
        self, group: Group, fate: Fate, person: int | None = None, refusals: int = 0, erased: date | None = None
    ) -> None:
        first, *others = group.lines
        self.outcomes.append(Outcome(first.row, fate, None, person, refusals, erased))
        self.outcomes += [Outcome(line.row, fate, first.row, person, erased=erased) for line in others]
