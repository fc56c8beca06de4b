"""Signing in and out: locks, second factor, sessions, invitations, where one is led to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlalchemy import select

from bot.console.addresses import local
from bot.console.lockout import LONGEST, pause
from bot.console.sessions import browser_of
from bot.store.models import AuditRow, StaffRole, StaffRow, StaffSessionRow
from tests.console.support import PASSWORD, office

if TYPE_CHECKING:
    from pathlib import Path

    from tests.console.support import Clerk, Office

WRONG = "Không đăng nhập được"


async def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(desk: Office) -> None:
    async with desk.clerk() as clerk:
        answer = await clerk.get("/cases?state=new")
        assert (answer.status, answer.target) == (303, "/console/sign-in?next=%2Fconsole%2Fcases%3Fstate%3Dnew")
        await clerk.get(answer.target.removeprefix("/console"))
        answer = await clerk.post("/sign-in", login="root", password=PASSWORD, next="/console/cases?state=new")
        assert (answer.status, answer.target) == (303, "/console/cases?state=new")


@pytest.mark.parametrize("bare", ["/console", "/console/"])
async def test_the_address_without_a_page_leads_in(desk: Office, bare: str) -> None:
    async with desk.clerk() as clerk, clerk.http.get(desk.origin + bare) as response:
        assert response.url.path == "/console/sign-in"


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/console/",
    "/console//evil.example",
    "/\\evil.example",
    "/console/\\evil.example",
    "/console/\n//evil.example",
    "javascript:alert(1)",
    "/console/../privacy",
    "/consoleevil",
    "console/",
    "",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_only_pages_of_the_console_are_ours(target: str) -> None:
    assert local(target) == "/console/"


async def test_nobody_is_led_elsewhere(desk: Office) -> None:
    async with desk.clerk() as clerk:
        await clerk.get("/sign-in")
        for target in ELSEWHERE:
            answer = await clerk.post("/sign-in", login="root", password=PASSWORD, next=target)
            assert answer.target == "/console/", target
            await clerk.get("/account")


async def test_every_mistake_has_the_same_answer(desk: Office) -> None:
    async with desk.clerk() as clerk:
        for login, password in (("root", "sai mật khẩu rồi"), ("nobody", PASSWORD), ("", ""), ("root' --", "x")):
            answer = await clerk.sign_in(login, password)
            assert answer.status == 403
            assert WRONG in answer.text
            assert clerk.cookie("staff") == ""
            assert (await clerk.get("/")).status == 303


def without_login(text: str) -> str:
    return re.sub(r'name="(login|csrf)" value="[^"]*"', "", text)


async def test_somebody_unknown_locked_or_shut_out_cannot_be_told_apart(desk: Office) -> None:
    await desk.hire("locked")
    await desk.hire("gone")
    async with desk.runtime.database.transaction() as session:
        for login, values in (
            ("locked", {"locked_until": desk.clock() + LONGEST}),
            ("gone", {"disabled": desk.clock()}),
        ):
            row = await session.scalar(select(StaffRow).where(StaffRow.login == login))
            for name, value in values.items():
                setattr(row, name, value)
    pages = set()
    async with desk.clerk() as clerk:
        for login in ("nobody", "locked", "gone", "root"):
            answer = await clerk.sign_in(login, PASSWORD if login != "root" else "sai")
            pages.add((answer.status, without_login(answer.text)))
    assert len(pages) == 1


async def test_wrong_tries_lock_for_a_while_that_grows(desk: Office) -> None:
    async with desk.clerk() as clerk:
        for _ in range(5):
            assert (await clerk.sign_in("root", "sai")).status == 403
        assert (await clerk.sign_in("root")).status == 403
        desk.clock.advance(seconds=61)
        assert (await clerk.sign_in("root", "sai")).status == 403
        desk.clock.advance(seconds=61)
        assert (await clerk.sign_in("root")).status == 403
        desk.clock.advance(seconds=61)
        assert (await clerk.sign_in("root")).status == 303
    async with desk.runtime.database.reading() as session:
        row = await session.scalar(select(StaffRow).where(StaffRow.login == "root"))
        assert row is not None
        assert (row.failures, row.locked_until) == (0, None)


def test_the_pause_doubles_and_ends_somewhere() -> None:
    assert pause(4) is None
    assert [pause(5), pause(6), pause(7)] == [timedelta(minutes=each) for each in (1, 2, 4)]
    assert pause(50) == pause(5000) == LONGEST


async def test_a_session_gets_a_new_id_and_a_foreign_one_is_worth_nothing(desk: Office) -> None:
    async with desk.clerk() as clerk:
        clerk.plant("staff", "chosen-by-somebody-else")
        assert (await clerk.get("/")).status == 303
        await clerk.sign_in("root")
        first = clerk.cookie("staff")
        assert first != "chosen-by-somebody-else"
        assert len(first) >= 43
        await clerk.get("/account")
        assert (await clerk.post("/sign-in", login="root", password=PASSWORD)).status == 303
        assert clerk.cookie("staff") != first
    async with desk.clerk() as thief:
        thief.plant("staff", first)
        assert (await thief.get("/")).status == 303


async def test_the_database_knows_no_cookie(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        async with desk.runtime.database.reading() as session:
            kept = list(await session.scalars(select(StaffSessionRow.id)))
        assert clerk.cookie("staff") not in kept
        assert len(kept) == 1


async def test_the_cookie_is_for_the_browser_alone(desk: Office) -> None:
    async with desk.clerk() as clerk:
        answer = await clerk.sign_in("root")
        cookie = answer.headers["Set-Cookie"]
        assert all(part in cookie for part in ("staff=", "HttpOnly", "Path=/", "SameSite=Lax"))


async def test_signing_out_ends_the_session_in_the_database(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        kept = clerk.cookie("staff")
        assert (await clerk.post("/sign-out")).target == "/console/sign-in"
        clerk.plant("staff", kept)
        assert (await clerk.get("/")).status == 303


@pytest.mark.parametrize(
    ("minutes", "times", "stays"), [(59, 1, True), (61, 1, False), (50, 11, True), (50, 13, False)]
)
async def test_a_session_ends_unused_or_after_its_hours(
    desk: Office, minutes: float, times: int, *, stays: bool
) -> None:
    async with desk.clerk("root") as clerk:
        for _ in range(times):
            desk.clock.advance(minutes=minutes)
            answer = await clerk.get("/account")
        assert (answer.status == 200) is stays


async def test_an_open_page_does_not_keep_a_session_alive(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        for _ in range(2):
            desk.clock.advance(minutes=40)
            answer = await clerk.get("/cases", **{"X-Live": "1"})
        assert answer.status == 303


async def test_one_session_can_be_ended_from_another(desk: Office) -> None:
    async with desk.clerk("root") as here, desk.clerk("root") as there:
        page = await here.get("/account")
        (other,) = set(re.findall(r'name="session" value="([0-9a-f]{16})"', page.text))
        assert (await here.post("/account/sessions", session=other)).status == 303
        assert (await there.get("/account")).status == 303
        assert (await here.get("/account")).status == 200


async def test_nobody_ends_the_session_of_somebody_else(desk: Office) -> None:
    await desk.hire("lan")
    async with desk.clerk("root") as here, desk.clerk("lan") as there:
        async with desk.runtime.database.reading() as session:
            rows = list(await session.scalars(select(StaffSessionRow.id)))
        for row in rows:
            await there.post("/account/sessions", session=row[:16])
        await there.post("/account/sessions", session="%")
        assert (await here.get("/account")).status == 200


async def switched_on(desk: Office, clerk: Clerk) -> pyotp.TOTP:
    page = await clerk.get("/account")
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text)
    assert secret
    totp = pyotp.TOTP(secret[1])
    answer = await clerk.post("/account/factor-on", secret=secret[1], code=totp.at(desk.clock()))
    assert answer.status == 303
    return totp


async def test_the_second_factor_is_asked_for_and_good_once(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        totp = await switched_on(desk, clerk)
    async with desk.clerk() as clerk:
        assert (await clerk.sign_in("root")).status == 403
        assert (await clerk.sign_in("root", code="000000")).status == 403
        assert (await clerk.sign_in("root", code=totp.at(desk.clock()))).status == 403, "used when it was switched on"
        desk.clock.advance(seconds=30)
        code = totp.at(desk.clock())
        assert (await clerk.sign_in("root", "sai", code)).status == 403
        assert (await clerk.sign_in("root", code=f"{code[:3]} {code[3:]}")).status == 303
    async with desk.clerk() as clerk:
        assert (await clerk.sign_in("root", code=code)).status == 403
        desk.clock.advance(minutes=5)
        assert (await clerk.sign_in("root", code=totp.at(desk.clock() - timedelta(seconds=90)))).status == 403


async def test_the_secret_of_the_second_factor_is_not_readable_in_the_database(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        totp = await switched_on(desk, clerk)
        async with desk.runtime.database.reading() as session:
            row = await session.scalar(select(StaffRow).where(StaffRow.login == "root"))
        assert row is not None
        assert row.totp is not None
        assert totp.secret.encode() not in row.totp
        assert (await clerk.post("/account/factor-off", current="sai")).status == 422
        assert (await clerk.post("/account/factor-off", current=PASSWORD)).status == 303
        assert 'name="secret"' in (await clerk.get("/account")).text


async def test_without_a_key_there_is_no_second_factor(tmp_path: Path) -> None:
    async with office(tmp_path, console={}) as desk, desk.clerk("root") as clerk:
        page = await clerk.get("/account")
        assert "BHYT_CONSOLE__SECRET_KEY" in page.text
        assert (await clerk.post("/account/factor-on", secret="A" * 32, code="000000")).status == 400


async def test_changing_the_password_ends_the_other_sessions(desk: Office) -> None:
    new = "một câu khác hẳn, dài hơn"
    async with desk.clerk("root") as here, desk.clerk("root") as there:
        for wrong in (
            {"current": "sai", "password": new, "again": new},
            {"current": PASSWORD, "password": new, "again": "khác"},
            {"current": PASSWORD, "password": "ngắn", "again": "ngắn"},
            {"current": PASSWORD, "password": "root root root", "again": "root root root"},
            {"current": PASSWORD, "password": "a" * 20, "again": "a" * 20},
            {"current": PASSWORD, "password": new * 20, "again": new * 20},
        ):
            assert (await here.post("/account/password", **wrong)).status == 422
        assert (await here.post("/account/password", current=PASSWORD, password=new, again=new)).status == 303
        assert (await here.get("/account")).status == 200
        assert (await there.get("/account")).status == 303
    async with desk.clerk() as clerk:
        assert (await clerk.sign_in("root")).status == 403
        assert (await clerk.sign_in("root", new)).status == 303


async def invitation(desk: Office, login: str) -> str:
    async with desk.clerk("root") as admin:
        await admin.get("/staff")
        answer = await admin.post(f"/staff/{login}/invite")
    found = re.search(r"/console(/invitation/[\w-]+)", answer.text)
    assert found
    return found[1]


async def test_an_invitation_is_good_once_and_for_some_hours(desk: Office) -> None:
    await desk.hire("lan")
    first = await invitation(desk, "lan")
    link = await invitation(desk, "lan")
    new = "lan có mật khẩu mới rồi".replace("lan", "em")
    async with desk.clerk("lan") as signed_in, desk.clerk() as clerk:
        assert (await clerk.get(first)).status == 404, "a later invitation ends it"
        assert "lan" in (await clerk.get(link)).text
        assert (await clerk.post(link, password=new, again="khác")).status == 422
        assert (await clerk.post(link, password=new, again=new)).status == 303
        assert (await clerk.get(link)).status == 404
        assert (await clerk.post(link, password=new, again=new)).status == 404
        assert (await clerk.sign_in("lan", new)).status == 303
        assert (await signed_in.get("/account")).status == 303
    late = await invitation(desk, "lan")
    desk.clock.advance(hours=49)
    async with desk.clerk() as clerk:
        assert (await clerk.get(late)).status == 404


async def test_the_door_does_not_let_one_address_try_without_end(desk: Office) -> None:
    async with desk.clerk() as clerk:
        await clerk.get("/sign-in")
        statuses = [(await clerk.post("/sign-in", login="x", password="y")).status for _ in range(25)]
    assert 429 in statuses


async def test_who_came_in_is_kept(desk: Office) -> None:
    member = await desk.hire("lan", StaffRole.EDITOR)
    async with desk.clerk() as clerk:
        await clerk.sign_in("lan", "sai")
        await clerk.sign_in("lan")
        await clerk.post("/sign-out")
    async with desk.runtime.database.reading() as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.object == f"staff:{member}")))
    assert [row.action for row in rows] == ["invitation_accepted", "sign_in_refused", "signed_in", "signed_out"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("<script>alert(1)</script>", "?"),
    ],
)
def test_a_browser_is_named_shortly(agent: str, name: str) -> None:
    assert browser_of(agent) == name
