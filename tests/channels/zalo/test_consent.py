"""From the address of the consent page to a stored pair, in all ways that the platform is said to work."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import text

from bot.channels.zalo.account import account_of
from bot.channels.zalo.callback import Callback
from bot.channels.zalo.consent import LIFETIME, ConsentError, Consents, Refused
from bot.channels.zalo.pkce import challenge_of
from bot.settings import Pkce
from bot.store.tokens import read_token
from tests.channels.zalo.support import Office, zalo_settings
from tests.fakes.faults import reply
from tests.fakes.serving import serving
from tests.fakes.zalo import CALLBACK, OA_ID, TOKEN, FakeZalo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.database import Database

OTHER = "4000000000000000001"
VERIFIER = "dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1gFWFOEjXkab"


async def consented(office: Office, address: str) -> dict[str, str]:
    """An administrator opens the address and agrees; what the callback is given."""
    async with office.session.get(address, allow_redirects=False) as response:
        assert response.status == 302, await response.text()
        query = parse_qs(urlsplit(response.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


async def finish(office: Office, given: dict[str, str], **changed: Any) -> Any:
    told = {**given, **changed}
    return await office.consents.finish(told["code"], told.get("state"), office.oauth, office.api)


@pytest.mark.parametrize("pkce", list(Pkce))
async def test_the_whole_way(office: Office, pkce: Pkce) -> None:
    verifier = SecretStr(VERIFIER) if pkce is Pkce.FIXED else None
    office.consents._settings = zalo_settings(office.fake.url, pkce=pkce, code_verifier=verifier)
    if pkce is Pkce.FIXED:
        office.fake.platform.oauth.challenge = challenge_of(VERIFIER)
    account = await finish(office, await consented(office, await office.consents.begin(CALLBACK)))
    assert account.id == OA_ID
    granted = office.fake.platform.oauth.pairs[OA_ID]
    assert await office.pair() == (granted.access, granted.refresh)
    assert (await office.keeper.health()).days_left == 90


async def test_a_state_that_does_not_come_back_is_not_needed(office: Office) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    del given["state"]
    assert (await finish(office, given)).id == OA_ID


async def test_without_state_two_consents_under_way_cannot_be_told_apart(office: Office) -> None:
    await office.consents.begin(CALLBACK)
    given = await consented(office, await office.consents.begin(CALLBACK))
    del given["state"]
    with pytest.raises(ConsentError) as raised:
        await finish(office, given)
    assert raised.value.reason is Refused.UNKNOWN
    assert office.fake.called(TOKEN) == []


@pytest.mark.parametrize("state", ["", "made-up"])
async def test_a_callback_that_nobody_began_asks_nothing(office: Office, state: str) -> None:
    await office.consents.begin(CALLBACK)
    with pytest.raises(ConsentError) as raised:
        await finish(office, {"code": "c", "oa_id": OA_ID, "state": state})
    assert raised.value.reason is Refused.UNKNOWN
    assert office.fake.called(TOKEN) == []


async def test_a_consent_is_used_once(office: Office) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    await finish(office, given)
    with pytest.raises(ConsentError, match="đã dùng"):
        await finish(office, given)
    assert len(office.fake.called(TOKEN)) == 1


async def test_a_consent_that_took_too_long_is_refused(office: Office) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    office.clock.advance(seconds=(LIFETIME + timedelta(seconds=1)).total_seconds())
    with pytest.raises(ConsentError) as raised:
        await finish(office, given)
    assert raised.value.reason is Refused.UNKNOWN


async def test_a_code_that_zalo_does_not_take(office: Office) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    with pytest.raises(ConsentError) as raised:
        await finish(office, given, code="another")
    assert raised.value.reason is Refused.CODE


async def test_a_token_endpoint_that_fails(office: Office) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    office.fake.spoil(TOKEN, reply(502, {}))
    with pytest.raises(ConsentError) as raised:
        await finish(office, given)
    assert raised.value.reason is Refused.TRY_AGAIN


async def test_the_token_proves_the_account_not_the_callback(office: Office, sqlite: Database) -> None:
    """Somebody consents for an account of their own and claims ours in the address."""
    office.fake.platform.add_account("OA lạ", OTHER)
    address = await office.consents.begin(CALLBACK)
    given = await consented(office, f"{address}&oa_id={OTHER}")
    with pytest.raises(ConsentError) as raised:
        await finish(office, given, oa_id=OA_ID)
    assert raised.value.reason is Refused.ACCOUNT
    async with sqlite.reading() as session:
        assert await read_token(session, account_of(OA_ID)) is None


async def test_an_account_that_is_not_in_the_settings(office: Office) -> None:
    office.fake.platform.add_account("OA lạ", OTHER)
    given = await consented(office, f"{await office.consents.begin(CALLBACK)}&oa_id={OTHER}")
    with pytest.raises(ConsentError) as raised:
        await finish(office, given)
    assert raised.value.reason is Refused.ACCOUNT
    with pytest.raises(ConsentError):
        await office.consents.begin(CALLBACK, OTHER)


async def test_another_account_of_ours_than_the_one_that_was_meant(office: Office) -> None:
    office.fake.platform.add_account("OA thứ hai", OTHER)
    office.consents = Consents(office.database, zalo_settings(office.fake.url, OA_ID, OTHER), office.seal, office.clock)
    given = await consented(office, f"{await office.consents.begin(CALLBACK, OA_ID)}&oa_id={OTHER}")
    with pytest.raises(ConsentError) as raised:
        await finish(office, given)
    assert raised.value.reason is Refused.ACCOUNT
    given = await consented(office, f"{await office.consents.begin(CALLBACK, OTHER)}&oa_id={OTHER}")
    assert (await finish(office, given)).id == OTHER


async def test_an_account_that_does_not_answer_for_itself(office: Office) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    office.fake.spoil("/getoa", reply(500, {}))
    with pytest.raises(ConsentError) as raised:
        await finish(office, given)
    assert raised.value.reason is Refused.TRY_AGAIN


async def test_no_secret_stands_in_the_database_in_the_clear(office: Office, fake: FakeZalo) -> None:
    await finish(office, await consented(office, await office.consents.begin(CALLBACK)))
    access, refresh = await office.pair()
    verifier = fake.called(TOKEN)[0].body["code_verifier"]
    async with office.database.reading() as session:
        rows = [
            *(await session.execute(text("SELECT * FROM channel_token"))),
            *(await session.execute(text("SELECT * FROM oauth_consent"))),
        ]
    for secret in (access, refresh, verifier):
        assert secret not in str(rows)


@pytest.fixture
async def page(office: Office) -> AsyncIterator[str]:
    """The callback's address on a server of ours."""
    app = web.Application()
    app.add_routes([web.get("/zalo/callback", Callback(office.consents, office.oauth, office.api).receive)])
    async with serving(app) as url:
        yield f"{url}/zalo/callback"


async def test_the_page_says_that_it_worked(office: Office, page: str, http: aiohttp.ClientSession) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    async with http.get(page, params=given) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert f"Đã kết nối BHXH {OA_ID[-2:]}." in await response.text()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({}, "Liên kết này đã cũ"),
        ({"code": "c", "oa_id": OA_ID, "state": "<script>"}, "Liên kết này đã cũ"),
        ({"code": "c", "oa_id": OA_ID, "state": "a\x00b"}, "Liên kết này đã cũ"),
        ({"code": "c", "oa_id": OA_ID, "state": "made-up"}, "Liên kết này đã cũ"),
        ({"code": "c" * 3000, "oa_id": "x" * 3000}, "Liên kết này đã cũ"),
    ],
)
async def test_the_page_says_what_to_do(
    page: str, http: aiohttp.ClientSession, query: dict[str, str], text: str
) -> None:
    async with http.get(page, params=query) as response:
        assert response.status == 400
        shown = await response.text()
    assert text in shown
    assert "<script" not in shown


async def test_the_code_reaches_no_log(
    office: Office, page: str, http: aiohttp.ClientSession, log_lines: list[Any]
) -> None:
    given = await consented(office, await office.consents.begin(CALLBACK))
    async with http.get(page, params={**given, "code": "secret-code"}) as response:
        assert response.status == 400
    assert log_lines
    assert all("secret-code" not in str(line) and given["state"] not in str(line) for line in log_lines)
