"""One line of a contact list → what it says, checked; or what is wrong with it and how to mend that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.channels.inbound import Channel
from bot.clock import VIETNAM
from bot.outreach.contacts.days import read_day, read_year
from bot.outreach.contacts.outcomes import Problem
from bot.outreach.contacts.phones import e164
from bot.outreach.contacts.tags import TAG_LIMIT, read_tag
from bot.outreach.contacts.texts import tell, tell_problem
from bot.outreach.contacts.words import known, meaning, plain
from bot.store.models import Consent, Relation
from bot.store.texts import clean
from handlers.consent import versions
from handlers.effects import Topic
from knowledge.entries import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.outreach.contacts.provinces import ProvinceNames
    from bot.outreach.contacts.reading import Line
    from bot.outreach.contacts.schools import SchoolNames

GUARDIAN_AGE = 16
"""Below it a parent or guardian acts for a child (Law 91/2025/QH15 art. 24, Decree 147/2024/NĐ-CP)."""
LAST_CHILD_GRADE = 9
"""The grade at whose end a pupil is about to reach that age, for lists without a year of birth."""
NAME_LIMIT = 100
KEY_LIMIT = 64
SHOWN = 40
"""Characters of a cell that a problem quotes."""
LATEST_CARD = 10
"""Years ahead in which a card can end."""

_GRADE = re.compile(r"(?:lop |khoi )?(1[0-2]|[1-9])(?: ?[a-z].*)?")
_NO_GRADE = re.compile(r"(?:nam (?:thu )?\w+|k ?\d+|(?:lop )?(?:mam|choi|la|nha tre|mau giao|mam non)\b.*)")
_SENDER = re.compile(r"\d{5,25}")
_SEPARATED = re.compile(r"[,;|/+]")


@dataclass(frozen=True)
class Student:
    """Whose card a line is about."""

    relation: Relation
    birth_year: int | None = None
    grade: int | None = None
    school_id: int | None = None
    card_end: date | None = None


@dataclass(frozen=True)
class Agreement:
    """What a line says about consent: for which topics, since when, how it is proved."""

    consent: Consent
    topics: tuple[Topic, ...]
    when: datetime
    how: str
    version: str | None = None


@dataclass(frozen=True)
class ContactLine:
    """A line of a contact list that can be taken. `address` is an account of ours and the person's id there."""

    row: int
    external_id: str | None = None
    phone: str | None = None
    address: tuple[str, str] | None = None
    name: str | None = None
    role: Role | None = None
    province: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    student: Student | None = None
    agreement: Agreement | None = None


@dataclass(frozen=True)
class ListRules:
    """What lines are checked against. `role`, `province` and `school` hold where a line does not say.

    `only` is the one province whose people may be in the list; None for all.
    """

    today: date
    provinces: ProvinceNames
    schools: SchoolNames
    accounts: Mapping[str, Channel]
    role: Role | None = None
    province: str | None = None
    school: int | None = None
    only: str | None = None


def check_line(line: Line, columns: Mapping[str, str], rules: ListRules) -> tuple[ContactLine | None, list[Problem]]:
    """What a line says, or all that is wrong with it. `columns` are the titles in the file."""
    cells = _Cells(line, columns, rules)
    found = cells.read()
    return (None if cells.problems else found), cells.problems


class _Cells:
    """The cells of one line; reading them collects problems."""

    def __init__(self, line: Line, columns: Mapping[str, str], rules: ListRules) -> None:
        self._line, self._columns, self._rules = line, columns, rules
        self.problems: list[Problem] = []

    def read(self) -> ContactLine:
        role = self._role()
        line = ContactLine(
            row=self._line.row,
            external_id=self._text("external_id", KEY_LIMIT),
            phone=self._phone(),
            address=self._address(),
            name=self._text("name", NAME_LIMIT)
            or (self._text("own_name", NAME_LIMIT) if role != Role.PARENT else None),
            role=role,
            province=self._province(),
            language=self._word("language"),
            tags=self._tags(),
            student=self._student(role),
            agreement=self._agreement(),
        )
        if not (line.external_id or line.phone or line.address) and not self.problems:
            self._wrong("phone", "key")
        return line

    def _get(self, field: str) -> str:
        return clean(self._line.cells.get(field, ""))

    def _wrong(self, field: str, key: str = "", **values: object) -> None:
        column = self._columns.get(field) or tell("field", field)
        what, mend = tell_problem(key or field, value=self._get(field)[:SHOWN], **values)
        self.problems.append(Problem(self._line.row, column, what, mend))

    def _text(self, field: str, limit: int) -> str | None:
        text = self._get(field)
        if len(text) > limit:
            self._wrong(field, "long", limit=limit)
        return text or None

    def _word(self, field: str) -> str | None:
        """A cell that holds one of the words of a kind of the same name."""
        text = self._get(field)
        found = meaning(field, text)
        if text and found is None:
            self._wrong(field)
        return found

    def _role(self) -> Role | None:
        word = self._word("role")
        return Role(word) if word else self._rules.role

    def _phone(self) -> str | None:
        text = self._get("phone")
        number = e164(text)
        if text and number is None:
            self._wrong("phone")
        return number

    def _address(self) -> tuple[str, str] | None:
        sender, name = self._get("sender"), self._get("account")
        if not sender:
            return None
        accounts = self._rules.accounts
        fitting = [account for account, channel in accounts.items() if name in {account, channel.value, ""}]
        fitting = fitting or [account for account, channel in accounts.items() if plain(name) == channel.value]
        if len(fitting) != 1:
            self._wrong("account", accounts=", ".join(accounts) or "-")
        elif not _SENDER.fullmatch(sender):
            self._wrong("sender")
        return (fitting[0], sender) if len(fitting) == 1 else None

    def _province(self) -> str | None:
        text = self._get("province")
        found = self._rules.provinces.find(text) if text else self._rules.province or self._rules.only
        if text and found is None:
            self._wrong("province")
        elif self._rules.only not in {None, found}:
            self._wrong("province", "elsewhere")
        return found

    def _tags(self) -> tuple[str, ...]:
        tags = []
        for text in re.split(r"[,;|]", self._get("tags")):
            if not text.strip():
                continue
            if (tag := read_tag(text)) is None:
                self._wrong("tags", limit=TAG_LIMIT)
            else:
                tags.append(tag)
        return tuple(dict.fromkeys(tags))

    def _student(self, role: Role | None) -> Student | None:
        student = Student(
            relation=Relation.CHILD if role is Role.PARENT else Relation.SELF,
            birth_year=None if role is Role.TEACHER else self._birth_year(),
            grade=None if role is Role.TEACHER else self._grade(),
            school_id=self._school(),
            card_end=self._card_end(),
        )
        if role in {Role.STUDENT, None} and self._is_child(student):
            self._wrong("role", "guardian" if role else "whose", age=GUARDIAN_AGE)
        return student if student != Student(student.relation) else None

    def _is_child(self, student: Student) -> bool:
        if student.birth_year is not None:
            return self._rules.today.year - student.birth_year < GUARDIAN_AGE
        return student.grade is not None and student.grade <= LAST_CHILD_GRADE

    def _birth_year(self) -> int | None:
        text = self._get("birth_year")
        year = read_year(text, self._rules.today)
        if text and year is None:
            self._wrong("birth_year")
        return year

    def _grade(self) -> int | None:
        words = plain(self._get("grade"))
        match = _GRADE.fullmatch(words)
        if words and match is None and not _NO_GRADE.fullmatch(words):
            self._wrong("grade")
        return int(match[1]) if match else None

    def _school(self) -> int | None:
        text = self._get("school")
        found = self._rules.schools.find(text) if text else self._rules.school
        if text and found is None:
            self._wrong("school")
        return found

    def _card_end(self) -> date | None:
        text = self._get("card_end")
        day = read_day(text)
        if text and (day is None or not 2000 <= day.year <= self._rules.today.year + LATEST_CARD):
            self._wrong("card_end")
        return day

    def _agreement(self) -> Agreement | None:
        text = self._get("consent")
        if not text:
            return None
        consent, topics = _said(text)
        if not topics:
            self._wrong("consent")
        when, given = read_day(self._get("consent_date")), consent is Consent.GIVEN
        if (when is None and (given or self._get("consent_date"))) or (when and when > self._rules.today):
            self._wrong("consent_date")
        how = self._text("consent_how", NAME_LIMIT) or ""
        if given and not how:
            self._wrong("consent_how")
        version = self._get("consent_version") or None
        if version is not None and version not in versions():
            self._wrong("consent_version", versions=", ".join(sorted(versions())))
        since = datetime.combine(when or self._rules.today, time(), VIETNAM)
        return Agreement(consent, topics, since, how, version if given else None)


def _said(text: str) -> tuple[Consent, tuple[Topic, ...]]:
    """What a cell says: yes, no, or the topics that somebody agreed to; no topics when it is none of these."""
    answer = meaning("answer", text)
    if answer is not None:
        return (Consent.GIVEN if answer == "yes" else Consent.WITHDRAWN), tuple(Topic)
    words = [plain(word) for word in _SEPARATED.split(text) if plain(word)]
    named = [known("topic").get(word) for word in words]
    topics = tuple(Topic(name) for name in dict.fromkeys(named) if name is not None)
    return Consent.GIVEN, topics if None not in named else ()
