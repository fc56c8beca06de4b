"""Who may write: the session cookie, the token, the origin."""

from __future__ import annotations

import pytest

from bot.web.session import Session, SessionSigner, set_cookie
from tests.web.support import KEY, Chat, Visitor, running, visitor

NOW = 1_790_000_000
SIGNER = SessionSigner(KEY, days=30)


def test_a_session_survives_the_cookie() -> None:
    session = SIGNER.issue(NOW)
    assert SIGNER.decode(SIGNER.encode(session), NOW + 5) == session
    assert len(session.id) == 32


@pytest.mark.parametrize(
    "change",
    [
        lambda value: "0" * 32 + value[32:],
        lambda value: value[:-1] + ("0" if value[-1] != "0" else "1"),
        lambda value: value.replace(f".{NOW}.", f".{NOW + 9}."),
        lambda value: value.upper(),
        lambda value: value + "\n",
        lambda value: value.partition(".")[0],
        lambda _: "",
        lambda value: "٣" * 32 + value[32:],
    ],
)
def test_a_cookie_that_was_touched_is_no_session(change) -> None:
    assert SIGNER.decode(change(SIGNER.encode(SIGNER.issue(NOW))), NOW) is None


def test_another_key_makes_another_signature() -> None:
    assert SessionSigner(b"x" * 32, 30).decode(SIGNER.encode(SIGNER.issue(NOW)), NOW) is None


@pytest.mark.parametrize("age", [-2 * 86400, 30 * 86400])
def test_a_cookie_from_the_future_or_too_old_is_no_session(age: int) -> None:
    assert SIGNER.decode(SIGNER.encode(Session("a" * 32, NOW - age)), NOW) is None


def test_a_regular_visitor_keeps_the_session() -> None:
    assert SIGNER.renewed(Session("a" * 32, NOW), NOW + 2 * 86400) == Session("a" * 32, NOW + 2 * 86400)


COOKIES = {
    (False, False): "chat=v; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax",
    (False, True): "chat=v; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax",
    (True, False): "__Host-chat=v; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax",
    (True, True): "__Host-chat=v; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=None; Partitioned",
}


@pytest.mark.parametrize(("secure", "embedded"), COOKIES.keys())
def test_the_cookie_line(secure: bool, embedded: bool) -> None:
    assert set_cookie("chat", "v", days=1, secure=secure, embedded=embedded) == COOKIES[secure, embedded]


async def test_the_session_outlives_a_reload_and_not_its_days(chat: Chat, guest: Visitor) -> None:
    first = guest.sender
    chat.times.pass_days(20)
    await guest.open()
    chat.times.pass_days(20)
    await guest.open()
    assert guest.sender == first
    chat.times.pass_days(31)
    await guest.open()
    assert guest.sender != first


async def test_a_forged_cookie_is_refused_and_history_starts_afresh(chat: Chat, guest: Visitor) -> None:
    headers = {"Cookie": f"chat={'0' * 32}.1790000000.{'0' * 64}"}
    async with visitor(chat) as forger:
        forger.csrf = guest.csrf
        status, data = await forger.post("a", headers=headers)
        assert (status, data["error"]) == (401, "session")
        async with forger.http.get(chat.origin + "/api/history", headers=headers) as response:
            assert (await response.json())["lines"] == []
            assert "chat=" in response.headers["Set-Cookie"]


FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "another subdomain": {"Sec-Fetch-Site": "same-site"},
    "typed": {"Sec-Fetch-Site": "none"},
    "another origin": {"Origin": "https://evil.example"},
    "sandboxed": {"Origin": "null"},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
async def test_another_page_cannot_write(chat: Chat, guest: Visitor, headers: dict[str, str]) -> None:
    status, data = await guest.post("a", headers=headers)
    assert (status, data["error"]) == (403, "foreign")
    assert not chat.core.turns


async def test_our_own_page_can_write(chat: Chat, guest: Visitor) -> None:
    status, _ = await guest.post("a", headers={"Origin": chat.origin, "Sec-Fetch-Site": "same-origin"})
    assert status == 200


async def test_the_token_of_another_session_is_refused(chat: Chat, guest: Visitor) -> None:
    async with visitor(chat) as other:
        await other.open()
        status, data = await guest.post("a", headers={"X-CSRF-Token": other.csrf})
        assert (status, data["error"]) == (401, "session")


@pytest.mark.parametrize("token", ["", "x", "é" * 96, "0" * 96])
async def test_a_wrong_token_is_refused(guest: Visitor, token: str) -> None:
    guest.csrf = token
    status, data = await guest.post("a")
    assert (status, data["error"]) == (401, "session")


async def test_each_page_has_another_token_and_all_of_them_work(guest: Visitor) -> None:
    first = guest.csrf
    await guest.open()
    assert guest.csrf != first
    assert (await guest.post("a", headers={"X-CSRF-Token": first}))[0] == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_cannot_pass_for_json(guest: Visitor, kind: str) -> None:
    status, data = await guest.post("a", headers={"Content-Type": kind})
    assert (status, data["error"]) == (415, "not_json")


async def test_another_page_cannot_read(chat: Chat, guest: Visitor) -> None:
    for path in ("/api/history", "/api/stream"):
        async with guest.http.get(chat.origin + path, headers={"Sec-Fetch-Site": "cross-site"}) as response:
            assert response.status == 403


async def test_behind_a_trusted_proxy_with_https(tmp_path) -> None:
    forwarded = {"X-Forwarded-Proto": "https"}
    settings = {"trusted_proxies": ("127.0.0.1",), "public_url": "https://chat.example"}
    async with running(tmp_path, **settings) as chat, visitor(chat) as guest:
        async with guest.http.get(chat.origin + "/?embed=1", headers=forwarded) as response:
            cookie, html = response.headers["Set-Cookie"], await response.text()
            assert response.headers["Strict-Transport-Security"]
        assert cookie.startswith("__Host-chat=")
        assert cookie.endswith("Secure; SameSite=None; Partitioned")
        guest.csrf = html.partition('name="csrf" content="')[2].partition('"')[0]
        own = {"Cookie": cookie.partition(";")[0], "Origin": "https://chat.example", **forwarded}
        assert (await guest.post("a", headers=own))[0] == 200
