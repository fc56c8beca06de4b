"""People whose data is kept: find one, see, write down what they said about messages, hand out a copy, erase."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.route import Route, Scope
from bot.console.words import words
from bot.outreach.contacts.days import read_day
from bot.outreach.contacts.exporting import export_person
from bot.outreach.contacts.finding import find_contact
from bot.outreach.contacts.keeping import kept_of
from bot.outreach.contacts.phones import national
from bot.outreach.contacts.statements import take_statement
from bot.outreach.errors import ContactError
from bot.store.erasing import erase_person
from bot.store.models import Consent, StaffRole
from handlers.consent import wording
from handlers.effects import Topic

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from bot.console.visit import Visit
    from bot.store.session import Session

SEARCH, WORDING = 60, 300
WAYS = ("phone", "counter", "letter", "other")
"""How a person told staff; their words stand in the texts."""


async def get_people(visit: Visit) -> web.Response:
    return _finder(visit)


async def post_people(visit: Visit) -> web.StreamResponse:
    """Look for somebody. It is a POST, so that no telephone number gets into an address; a vain try is noted too."""
    text = visit.field("text")[:SEARCH]
    try:
        async with visit.console.database.reading() as session:
            person = await find_contact(session, text, visit.province)
    except ContactError:
        return _finder(visit, text, missing=True)
    visit.object = f"contact:{person}"
    return visit.go(f"/people/{person}")


async def get_person(visit: Visit) -> web.Response:
    return await _page(visit)


async def post_consent(visit: Visit) -> web.StreamResponse:
    """What the person told staff; it holds at once."""
    said, topic, day = _said(visit), _topic(visit), _day(visit)
    told = visit.field("words")[:WORDING]
    proof = f"{words('vi')['people']['way'][_way(visit)]}: {told}" if told else ""
    try:
        async with visit.console.database.transaction() as session:
            person = await _person(visit, session)
            await take_statement(session, person, said, topic, wording=proof, day=day, now=visit.now)
    except ContactError as error:
        return await _page(visit, str(error))
    visit.detail = {"consent": said.value, "topic": topic.value if topic else None}
    return visit.go(f"/people/{person}", done="saved")


async def get_export(visit: Visit) -> web.Response:
    """The copy as a file."""
    person, sections = await _exported(visit)
    return web.Response(
        text=json.dumps(sections, ensure_ascii=False, indent=2) + "\n",
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="lien-he-{person}.json"'},
    )


async def get_copy(visit: Visit) -> web.Response:
    """The copy as a page to be printed, in Vietnamese: it is for the person."""
    person, sections = await _exported(visit)
    return replace(visit, language="vi").page("person_copy", person=person, sections=sections)


async def post_erase(visit: Visit) -> web.StreamResponse:
    """Erase the person, once their number was typed; it cannot be undone."""
    async with visit.console.database.transaction() as session:
        person = await _person(visit, session)
        confirmed = visit.field("confirm") == str(person)
        if confirmed:
            await erase_person(session, person, asked=visit.now.date())
    if not confirmed:
        return await _page(visit, visit.word("people", "erase_unconfirmed").format(number=person))
    return visit.go("/people", done="erased")


def _finder(visit: Visit, text: str = "", *, missing: bool = False) -> web.Response:
    return visit.page("people", text=text, missing=missing, may_write=visit.me.staff.may(StaffRole.EDITOR))


async def _page(visit: Visit, problem: str = "") -> web.Response:
    async with visit.console.database.reading() as session:
        kept = await kept_of(session, await _person(visit, session), visit.province)
    staff, contact = visit.me.staff, kept.holding.contact
    return visit.page(
        "person",
        status=409 if problem else 200,
        kept=kept,
        contact=contact,
        phone=national(contact.phone) if contact and contact.phone else "",
        topics=[(topic.value, kept.holding.standings.get(topic)) for topic in Topic],
        agreed=wording(None, visit.language),
        ways=WAYS,
        form=visit.form,
        today=visit.now.date(),
        problem=problem,
        may_write=staff.may(StaffRole.EDITOR),
        may_erase=staff.may(StaffRole.ADMIN),
    )


async def _exported(visit: Visit) -> tuple[int, dict[str, Any]]:
    async with visit.console.database.reading() as session:
        person = await _person(visit, session)
        return person, await export_person(session, person, visit.console.pages.offices)


async def _person(visit: Visit, session: Session) -> int:
    """Who the address is about. Only a number counts there, nothing else by which people can be found."""
    number = visit.request.match_info["number"]
    try:
        person = await find_contact(session, number, visit.province)
    except ContactError:
        raise web.HTTPNotFound from None
    if str(person) != number:
        raise web.HTTPNotFound
    visit.object = f"contact:{person}"
    return person


def _said(visit: Visit) -> Consent:
    try:
        return Consent(visit.field("consent"))
    except ValueError:
        raise web.HTTPBadRequest from None


def _topic(visit: Visit) -> Topic | None:
    """One topic, None for all."""
    chosen = visit.field("topic")
    try:
        return Topic(chosen) if chosen else None
    except ValueError:
        raise web.HTTPBadRequest from None


def _day(visit: Visit) -> date | None:
    """When it was said; None for now."""
    day = read_day(visit.field("day"))
    if day is None and visit.field("day"):
        raise web.HTTPBadRequest
    return day


def _way(visit: Visit) -> str:
    way = visit.field("way")
    if way not in WAYS:
        raise web.HTTPBadRequest
    return way


_OF = "/people/{number}"
routes = (
    Route("GET", "/people", get_people, StaffRole.AGENT, Scope.OFFICE, nav="people"),
    Route("POST", "/people", post_people, StaffRole.AGENT, Scope.OFFICE, audit="person_searched"),
    Route("GET", _OF, get_person, StaffRole.AGENT, Scope.OFFICE, audit="person_viewed"),
    Route("POST", f"{_OF}/consent", post_consent, StaffRole.EDITOR, Scope.OFFICE, audit="person_consent"),
    Route("GET", f"{_OF}/export", get_export, StaffRole.ADMIN, Scope.OFFICE, audit="person_exported"),
    Route("GET", f"{_OF}/copy", get_copy, StaffRole.ADMIN, Scope.OFFICE, audit="person_printed"),
    Route("POST", f"{_OF}/erase", post_erase, StaffRole.ADMIN, Scope.OFFICE, audit="person_erased"),
)
