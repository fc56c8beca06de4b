"""What a list changes about one person. Decided without touching the database, so that a dry run tells the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.outreach.consents import list_may_change
from bot.outreach.contacts.students import paired
from bot.store.models import Consent, InsuredRow
from handlers.effects import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.outreach.contacts.grouping import Group
    from bot.outreach.contacts.holdings import Holding
    from bot.outreach.contacts.rows import Agreement, Student

_STUDENT = ("relation", "birth_year", "grade", "school_id", "card_end")


@dataclass
class Change:
    """New values of columns, students to change (a row) or add (None), and statements of consent to record."""

    contact: dict[str, Any] = field(default_factory=dict)
    insured: list[tuple[InsuredRow | None, dict[str, Any]]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    agreements: list[tuple[Agreement, tuple[Topic, ...]]] = field(default_factory=list)
    refusals: int = 0
    """Topics that the list says yes to and the person had refused; the refusal stays."""

    @property
    def empty(self) -> bool:
        return not (self.contact or self.insured or self.tags or self.addresses or self.agreements)


def change_of(holding: Holding, group: Group) -> Change:
    """What the lines of one person change about what is known of them."""
    change = Change(
        contact=_columns(holding, group),
        insured=_students(holding, group),
        tags=[tag for tag in group.tags if tag not in holding.tags],
        addresses=[address for address in group.addresses if address not in holding.addresses],
    )
    _agree(change, holding, group)
    return change


def _columns(holding: Holding, group: Group) -> dict[str, Any]:
    """The list is newer than what is there; only the office's first key of a person stays."""
    told = {name: group.first(name) for name in ("name", "phone", "role", "province", "language", "external_id")}
    there = {name: getattr(holding.contact, name, None) for name in told}
    if there["external_id"] is not None:
        del told["external_id"]
    return {name: value for name, value in told.items() if value is not None and value != there[name]}


def _students(holding: Holding, group: Group) -> list[tuple[InsuredRow | None, dict[str, Any]]]:
    changes = []
    for row, student in paired(holding.insured, group.students):
        values = {name: value for name, value in _told(student).items() if getattr(row, name, None) != value}
        if values or (row is not None and not row.listed):
            changes.append((row, values))
    return changes


def _told(student: Student) -> Mapping[str, Any]:
    return {name: value for name in _STUDENT if (value := getattr(student, name)) is not None}


def _agree(change: Change, holding: Holding, group: Group) -> None:
    """The latest statement on a topic holds, and of two of the same day the refusal."""
    latest: dict[Topic, Agreement] = {}
    for said in sorted(group.agreements, key=lambda said: (said.when, said.consent is Consent.WITHDRAWN)):
        latest.update(dict.fromkeys(said.topics, said))
    statements: dict[Agreement, list[Topic]] = {}
    for topic, said in latest.items():
        standing = holding.standings.get(topic)
        if list_may_change(standing, said.consent, said.when):
            statements.setdefault(said, []).append(topic)
        elif standing is not None and standing.consent is Consent.WITHDRAWN and said.consent is Consent.GIVEN:
            change.refusals += 1
    change.agreements = [(said, tuple(topics)) for said, topics in statements.items()]
