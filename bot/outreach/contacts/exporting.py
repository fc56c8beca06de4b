"""All that is kept of one person, in words that they can read (`export.toml`)."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, or_, select

from bot.store.models import (
    Base,
    CampaignRow,
    CaseRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    QuizRow,
    SchoolRow,
)
from bot.store.replies import from_json
from bot.store.suppression import asked_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Table

    from bot.store.session import Session
    from knowledge.offices import Office

_TITLES = {
    "school_id": SchoolRow.name,
    "campaign_id": CampaignRow.title,
    "quiz_id": QuizRow.title,
    "case_id": CaseRow.number,
}
"""Columns that point to something with a name, which is what the person is told."""

_WORDS = frozenset(
    {"consent", "topic", "how", "channel", "role", "relation", "kind", "state", "reason", "unreachable", "urgency"}
)
"""Columns that hold one of our own words."""


async def export_person(
    session: Session, person: int, offices: Mapping[str, Office], without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Every table's rows about a person, under Vietnamese names, but for the tables that are to be left out.

    Of somebody who came back after they had asked to be erased also the days on which they did.
    """
    exported: dict[str, Any] = {}
    for name, section in _sections()["tables"].items():
        if name in without:
            continue
        table = Base.metadata.tables[name]
        columns: dict[str, str] = section["columns"]
        rows = await session.execute(
            select(*(table.c[column] for column in columns)).where(_about(table, person)).order_by(*table.primary_key)
        )
        told = [
            {columns[column]: await _told(session, column, value, offices) for column, value in row.items()}
            for row in rows.mappings()
        ]
        if told:
            exported[section["title"]] = told
    if asked := await asked_on(session, person):
        section = _sections()["suppression"]
        exported[section["title"]] = [{section["day"]: _plain("day", day)} for day in asked]
    return exported


def word(value: str) -> str:
    """One of our own words as people read it; any other as it is."""
    return str(_sections()["words"].get(value, value))


@cache
def _sections() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("export.toml").read_text(encoding="utf-8"))


def _about(table: Table, person: int) -> ColumnElement[bool]:
    """Which rows of a table are about a person: by whichever column leads to them."""
    identities = select(IdentityRow.id).where(IdentityRow.person_id == person)
    conversations = select(ConversationRow.id).where(ConversationRow.identity_id.in_(identities))
    cases = select(CaseRow.id).where(CaseRow.conversation_id.in_(conversations))
    ways: dict[str, Any] = {
        "person": [person],
        "identity": identities,
        "conversation": conversations,
        "support_case": cases,
    }
    leading = [
        column.in_(ways[key.column.table.name])
        for column in table.c
        for key in column.foreign_keys
        if key.column.table.name in ways
    ]
    return table.c.id == person if table.name == PersonRow.__tablename__ else or_(false(), *leading)


async def _told(session: Session, column: str, value: Any, offices: Mapping[str, Office]) -> Any:
    """A value as a person reads it."""
    if value is None:
        return None
    if column in _TITLES:
        title = _TITLES[column]
        return await session.scalar(select(title).where(title.class_.id == value))
    if column == "province":
        return offices[value].name if value in offices else value
    if column == "memory":
        return _remembered(value)
    if column == "reply":
        return from_json(value).plain
    if column == "params":
        return ", ".join(str(given) for given in value.values() if given) or None
    return _plain(column, value)


def _remembered(value: Any, key: str = "") -> Any:
    names = _sections()["memory"]
    if isinstance(value, dict):
        return {names.get(name, name): _remembered(inner, name) for name, inner in value.items()}
    return [_remembered(inner) for inner in value] if isinstance(value, list) else _plain(key, value)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    words = _sections()["words"]
    if isinstance(value, bool):
        return words[str(value).lower()]
    return words.get(value, value) if name in _WORDS else value
