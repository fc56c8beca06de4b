"""Who may do what: every route by every role and method, forms from elsewhere, offices, and what is kept of it."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

from aiohttp import FormData, JsonPayload
from sqlalchemy import select, update

from bot.app import build_web_app
from bot.console.console import CONSOLE
from bot.console.headers import POLICY
from bot.console.route import Scope
from bot.console.routes import TABLE
from bot.store.models import AuditRow, CaseRow, StaffRole, StaffRow
from tests.console.support import ADMIN, office

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from bot.console.route import Route
    from tests.console.support import Clerk, Office

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES = list(StaffRole)
PLACES = {"number": "YC26-000000", "login": "nobody", "token": "none", "name": "none.css"}


def path_of(route: Route) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: PLACES.get(match[1], "1"), route.path)


def test_every_change_and_every_case_that_is_seen_is_kept() -> None:
    assert [route.path for route in TABLE if route.method == "POST" and not route.audit] == []
    assert [route.path for route in TABLE if route.path.startswith("/cases") and not route.audit] == []


def test_the_names_of_the_audit_are_told_apart_and_have_words() -> None:
    from bot.console.words import words  # noqa: PLC0415

    names = Counter(route.audit for route in TABLE if route.audit)
    assert names.most_common(1)[0][1] == 1
    for language in ("vi", "en"):
        assert set(names) <= set(words(language)["audit"]["action"])
        assert {route.nav for route in TABLE if route.nav} <= set(words(language)["common"]["nav"])


def test_only_the_door_is_open() -> None:
    opened = {(route.method, route.path) for route in TABLE if route.least is None}
    assert opened == {
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/invitation/{token}"),
        ("POST", "/invitation/{token}"),
        ("GET", "/static/{name}"),
    }


def test_staff_and_audit_are_for_administrators_of_the_whole_country() -> None:
    for route in TABLE:
        if route.path.startswith(("/staff", "/audit")):
            assert (route.least, route.scope) == (StaffRole.ADMIN, Scope.COUNTRY)


async def test_there_is_no_route_beside_the_table(desk: Office) -> None:
    (console,) = (sub for sub in desk.server.app._subapps if CONSOLE in sub)  # type: ignore[union-attr]
    served = Counter((route.method, route.resource.canonical) for route in console.router.routes())
    assert served == Counter((route.method, f"/console{route.path}") for route in TABLE)


async def test_a_route_that_is_not_in_the_table_is_not_there(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        for path in ("/nowhere", "/static/", "/cases/a/b/c", "//", "/..%2f..%2fconfig.toml"):
            assert (await clerk.get(path)).status == 404, path


async def test_every_role_by_every_route_and_method(desk: Office) -> None:
    """404, 409, 422 and the like mean that the handler was reached; the door says 303, 401, 403 or 405."""
    by_path: dict[str, dict[str, Route]] = {}
    for route in TABLE:
        by_path.setdefault(route.path, {})[route.method] = route
    for role in ROLES:
        if role is not StaffRole.ADMIN:
            await desk.hire(role.value, role)
    for role in (None, *ROLES):
        login = "" if role is None else "root" if role is StaffRole.ADMIN else role.value
        async with desk.clerk(login) as clerk:
            for routes in by_path.values():
                for method in METHODS:
                    await _try(clerk, next(iter(routes.values())), routes.get(method), method, role)


async def _try(clerk: Clerk, some: Route, route: Route | None, method: str, role: StaffRole | None) -> None:
    own = route is not None and (route.path in {"/live", "/sign-out"} or route.path.startswith("/account/"))
    if own and role is not None:
        return  # everybody who is signed in may; trying it would end the session, or not end at all
    address = f"{clerk.origin}/console{path_of(some)}"
    form = {"csrf": clerk.csrf} if method == "POST" else None
    async with clerk.http.request(
        method, address, data=form, headers={"Origin": clerk.origin}, allow_redirects=False
    ) as response:
        told = f"{role} {method} {some.path}: {response.status}"
        admitted = route is not None and (
            route.least is None or (role is not None and ROLES.index(role) >= ROLES.index(StaffRole(route.least)))
        )
        if route is None:
            assert response.status == 405, told
        elif admitted:
            assert response.status != 405, told
            assert response.status != 401 or route.least is None, told
            assert response.status != 403 or route.path == "/sign-in", told
        elif role is None and method == "GET":
            assert response.status == (401 if route.background else 303), told
        else:
            assert response.status == (401 if role is None else 403), told
        assert response.headers["Content-Security-Policy"] == POLICY


async def test_nothing_is_changed_from_elsewhere(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        before = await latest_note(desk)
        good, own = clerk.csrf, {"Origin": clerk.origin}
        tries = (
            (own, ""),
            (own, "0" * 96),
            ({"Origin": "https://evil.example"}, good),
            ({"Origin": "null"}, good),
            ({**own, "Sec-Fetch-Site": "cross-site"}, good),
            ({**own, "Sec-Fetch-Site": "same-site"}, good),
            ({}, good),
        )
        for route in (route for route in TABLE if route.method == "POST"):
            for headers, token in tries:
                status = await brought(clerk, route, form_of(route, token), headers)
                assert status in {401, 403}, (route.path, headers, token)
            assert await brought(clerk, route, JsonPayload({"csrf": good}), own) == 400, route.path
        assert await latest_note(desk) == before


def form_of(route: Route, token: str) -> FormData:
    """A form with nothing but its token, as the route wants it."""
    form = FormData({"csrf": token})
    if route.upload:
        form.add_field("file", BytesIO(b"x"), filename="x")
    return form


async def brought(clerk: Clerk, route: Route, data: Any, headers: Mapping[str, str]) -> int:
    async with clerk.http.post(f"{clerk.origin}/console{path_of(route)}", data=data, headers=headers) as response:
        return response.status


async def latest_note(desk: Office) -> int | None:
    async with desk.runtime.database.reading() as session:
        return await session.scalar(select(AuditRow.id).order_by(AuditRow.id.desc()).limit(1))


async def test_the_token_of_another_session_is_worth_nothing(desk: Office) -> None:
    async with desk.clerk("root") as one, desk.clerk("root") as other:
        assert (await other.post("/account/name", name="x", csrf=one.csrf)).status == 401


async def test_too_much_is_not_read(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        assert (await clerk.post("/account/name", name="x" * 70_000)).status == 413


async def test_staff_of_a_province_see_its_cases_alone(desk: Office) -> None:
    await desk.hire("dien-bien", province="dien-bien")
    theirs = await desk.case("Câu của Điện Biên", province="dien-bien", sender="a")
    other = await desk.case("Câu của Hà Nội", province="ha-noi", sender="b")
    nowhere = await desk.case("Câu không rõ tỉnh", sender="c")
    async with desk.clerk("dien-bien") as clerk:
        for path in ("/", "/cases", "/cases?province=ha-noi", "/cases?state=new&owner=nobody"):
            page = (await clerk.get(path)).text
            assert other not in page
            assert nowhere not in page
        assert theirs in (await clerk.get("/cases")).text
        assert (await clerk.get(f"/cases/{theirs}")).status == 200
        for number in (other, nowhere):
            assert (await clerk.get(f"/cases/{number}")).status == 404
            for step in ("take", "reply", "note", "wait", "resolve", "reopen"):
                answer = await clerk.post(f"/cases/{number}/{step}", text="x")
                assert answer.status == 404, step
            assert (await clerk.post(f"/cases/{theirs}/merge", into=number)).status in {404, 409}
    async with desk.runtime.database.reading() as session:
        rows = list(await session.scalars(select(CaseRow.owner_id).where(CaseRow.number.in_([other, nowhere]))))
    assert rows == [None, None]


async def test_an_administrator_of_a_province_has_no_say_over_the_staff_of_others(desk: Office) -> None:
    await desk.hire("tinh", StaffRole.ADMIN, "dien-bien")
    async with desk.clerk("tinh") as clerk:
        assert (await clerk.get("/staff")).status == 403
        assert (await clerk.get("/audit")).status == 403
        assert "/console/staff" not in (await clerk.get("/")).text
        assert (await clerk.post(f"/staff/{ADMIN}/disable")).status == 403


async def test_a_role_that_is_taken_away_counts_at_once(desk: Office) -> None:
    await desk.hire("second", StaffRole.ADMIN)
    async with desk.clerk("second") as clerk:
        assert (await clerk.get("/staff")).status == 200
        async with desk.runtime.database.transaction() as session:
            await session.execute(update(StaffRow).where(StaffRow.login == "second").values(role="agent"))
        assert (await clerk.get("/staff")).status == 403
        async with desk.runtime.database.transaction() as session:
            await session.execute(update(StaffRow).where(StaffRow.login == "second").values(disabled=desk.clock()))
        assert (await clerk.get("/")).status == 303


async def test_who_saw_a_case_is_kept_once_an_hour(desk: Office) -> None:
    number = await desk.case()
    async with desk.clerk("root") as clerk:
        for _ in range(3):
            await clerk.get(f"/cases/{number}", **{"X-Live": "1"})
        desk.clock.advance(minutes=40)
        await clerk.get(f"/cases/{number}")
        desk.clock.advance(minutes=40)
        await clerk.get(f"/cases/{number}")
        assert "Xem yêu cầu" in (await clerk.get("/audit?object=case:1")).text
    async with desk.runtime.database.reading() as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.action == "case_viewed")))
    assert [row.object for row in rows] == ["case:1"] * 2


async def test_what_the_console_sends_is_not_kept_by_browsers(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        page = await clerk.get("/")
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Frame-Options"] == "DENY"
        for html in (page.text, (await clerk.get("/staff")).text, (await clerk.get("/account")).text):
            assert " style=" not in html
            assert "<style" not in html
            assert not re.search(r"<script(?! type=\"module\" src=\"/console/static/)", html)
            assert not re.search(r"\son\w+=", html)
            assert not re.search(r"(?:src|href|action)=\"(?!/console/|#|\?)", html)
        file = re.search(r"/console(/static/console\.\w+\.css)", page.text)
        assert file
        assert "immutable" in (await clerk.get(file[1])).headers["Cache-Control"]


async def test_schools_that_may_frame_the_chat_may_not_frame_the_console(tmp_path: Path) -> None:
    async with office(tmp_path, web={"embed_origins": ["https://truong.edu.vn"]}) as desk, desk.clerk() as clerk:
        page = await clerk.get("/sign-in")
        assert page.headers["Content-Security-Policy"] == POLICY
        assert page.headers["X-Frame-Options"] == "DENY"


async def test_a_console_that_is_switched_off_is_not_there(desk: Office) -> None:
    settings = desk.runtime.settings
    off = settings.model_copy(update={"console": settings.console.model_copy(update={"enabled": False})})
    app = build_web_app(type(desk.runtime)(**{**vars(desk.runtime), "settings": off}))
    assert [sub for sub in app._subapps if CONSOLE in sub] == []
