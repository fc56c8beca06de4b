"""Lists of contacts and schools: checked line by line, and taken once staff has seen what comes of each line."""

from __future__ import annotations

import hashlib
from hmac import compare_digest
from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.accounts import channel_of, provinces
from bot.console.route import Route, Scope
from bot.outreach.contacts.importing import import_contacts
from bot.outreach.contacts.outcomes import Fate
from bot.outreach.contacts.provinces import ProvinceNames
from bot.outreach.contacts.rows import ListRules
from bot.outreach.contacts.schools import SchoolRules, import_schools, load_schools
from bot.outreach.errors import SheetError
from bot.store.models import StaffRole
from knowledge.entries import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.console.visit import Visit
    from bot.outreach.contacts.outcomes import ListReport

SIZE = 5 * 1024 * 1024
"""Bytes of a file; a larger list is split, or taken on the command line."""
SHOWN = 100
"""Problems, and lines left out, on the page."""
KINDS = ("contacts", "schools")
QUOTED = 60
"""Characters of what was typed that a problem quotes."""
_COUNT = ("kind", "role", "province", "school")
"""Fields of the form besides the file that change what comes of a list."""


async def get_lists(visit: Visit) -> web.Response:
    return _page(visit)


async def post_check(visit: Visit) -> web.StreamResponse:
    """What would come of the list; nothing is written."""
    return await _told(visit, _seal(visit), write=False)


async def post_take(visit: Visit) -> web.StreamResponse:
    """Take the list that was checked. Another file, or another field, is checked only."""
    seal = _seal(visit)
    checked = compare_digest(visit.field("checked"), seal)
    return await _told(visit, seal, write=checked, problem="" if checked else visit.word("people", "list_other"))


async def _told(visit: Visit, seal: str, *, write: bool, problem: str = "") -> web.Response:
    try:
        report = await _import(visit, write=write)
    except SheetError as error:
        return _page(visit, problem=str(error))
    if write and not report.written:
        problem = visit.word("people", "list_not_taken")
    visit.object = f"list:{seal[:12]}"
    visit.detail = {"kind": visit.field("kind"), **{fate.value: count for fate, count in report.fates.items()}}
    return _page(visit, report, seal, problem)


async def _import(visit: Visit, *, write: bool) -> ListReport:
    """Raises SheetError for what staff can mend, and HTTPBadRequest for what our form does not send."""
    console = visit.console
    offices, database = console.pages.offices, console.database
    kind, role = _one_of(visit, "kind", KINDS), _one_of(visit, "role", ("", *Role))
    names, home = ProvinceNames(offices), _one_of(visit, "province", ("", *offices)) or None
    if kind == "schools":
        return await import_schools(database, visit.file, SchoolRules(names, home, visit.province), write=write)
    async with database.reading() as session:
        schools = await load_schools(session)
    named = visit.field("school")
    school = schools.find(named) if named else None
    if named and school is None:
        raise SheetError(visit.word("people", "list_no_school").format(school=named[:QUOTED]))
    rules = ListRules(
        today=visit.now.date(),
        provinces=names,
        schools=schools,
        accounts={account: channel_of(account) for account in provinces(console.settings)},
        role=Role(role) if role else None,
        province=home,
        school=school,
        only=visit.province,
    )
    leave_out = bool(visit.field("leave_out"))
    return await import_contacts(database, visit.file, rules, visit.now, write=write, leave_out_wrong=leave_out)


def _one_of(visit: Visit, name: str, known: Collection[str]) -> str:
    value = visit.field(name)
    if value not in known:
        raise web.HTTPBadRequest
    return value


def _seal(visit: Visit) -> str:
    """Names the file and the fields that change what comes of it, so that only what was checked is taken."""
    fields = "\0".join(visit.field(name) for name in _COUNT)
    return hashlib.sha256(fields.encode() + b"\0" + visit.file).hexdigest()


def _page(visit: Visit, report: ListReport | None = None, seal: str = "", problem: str = "") -> web.Response:
    good = report.fates.total() - report.fates[Fate.WRONG] if report else 0
    return visit.page(
        "people_lists",
        status=409 if problem else 200,
        form={name: visit.field(name) for name in _COUNT},
        kinds=KINDS,
        roles=[role.value for role in Role],
        offices=visit.console.pages.in_order,
        report=report,
        seal=seal,
        good=good,
        may_take=report is not None and not report.written and good > 0,
        joined=sum(outcome.joined is not None for outcome in report.outcomes) if report else 0,
        refused=sum(outcome.refusals > 0 for outcome in report.outcomes) if report else 0,
        left_out=[outcome for outcome in report.outcomes if outcome.erased] if report else [],
        shown=SHOWN,
        problem=problem,
    )


_AT = "/people/lists"
routes = (
    Route("GET", _AT, get_lists, StaffRole.EDITOR, Scope.OFFICE),
    Route("POST", f"{_AT}/check", post_check, StaffRole.EDITOR, Scope.OFFICE, audit="list_checked", upload=SIZE),
    Route("POST", f"{_AT}/take", post_take, StaffRole.EDITOR, Scope.OFFICE, audit="list_taken", upload=SIZE),
)
