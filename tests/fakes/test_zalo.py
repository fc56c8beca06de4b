"""The fake Zalo's OAuth and gate, against a plain client. Sections are those of the platform reference, 2026-09."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientConnectionError

from bot.simulator.zalo.codes import Code
from bot.simulator.zalo.oauth import challenges
from tests.fakes.faults import drop_answer
from tests.fakes.zalo import APP_SECRET, CALLBACK, OA_ID, TOKEN, refusal
from tests.fakes.zalo_client import Stage, staged

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

VERIFIER = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
DETAIL = "/v3.0/oa/user/detail"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as started:
        yield started


async def test_consent_gives_a_code_for_the_callback_and_the_code_a_pair(stage: Stage) -> None:
    callback = await stage.client.consent(state="s1")
    assert (callback["oa_id"], callback["state"]) == (OA_ID, "s1")
    answer = await stage.client.exchange(grant_type="authorization_code", code=callback["code"])
    assert answer.keys() == {"access_token", "refresh_token", "expires_in"}
    assert answer["expires_in"] == "90000"  # §1.3: a string, 25 hours
    again = await stage.client.exchange(grant_type="authorization_code", code=callback["code"])
    assert "access_token" not in again  # §1.2: works once


@pytest.mark.parametrize("alphabet", [0, 1], ids=["url-safe", "standard"])  # §1.2: sources disagree
async def test_a_challenge_wants_its_verifier(stage: Stage, alphabet: int) -> None:
    challenge = challenges(VERIFIER)[alphabet]
    code = (await stage.client.consent(code_challenge=challenge))["code"]
    assert "access_token" in await stage.client.exchange(
        grant_type="authorization_code", code=code, code_verifier=VERIFIER
    )


@pytest.mark.parametrize("verifier", [{}, {"code_verifier": "another"}])
async def test_a_challenge_refuses_another_verifier(stage: Stage, verifier: dict[str, str]) -> None:
    stage.zalo.platform.oauth.challenge = challenges(VERIFIER)[0]  # fixed in the console
    code = (await stage.client.consent())["code"]
    answer = await stage.client.exchange(grant_type="authorization_code", code=code, **verifier)
    assert "access_token" not in answer
    assert "error" not in answer  # §1.4: some errors have no number


async def test_a_code_lives_ten_minutes(stage: Stage) -> None:
    code = (await stage.client.consent())["code"]
    stage.clock.move(minutes=10)
    assert "access_token" not in await stage.client.exchange(grant_type="authorization_code", code=code)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"redirect_uri": CALLBACK + "/"}, -14003),  # §1.2
        ({"app_id": "1"}, -14002),  # §1.2
    ],
)
async def test_the_consent_page_refuses(stage: Stage, query: dict[str, str], number: int) -> None:
    assert (await stage.client.consent(**query))["error"] == number


async def test_with_two_accounts_the_owner_chooses_on_a_page(stage: Stage) -> None:
    second = stage.zalo.platform.add_account("Văn phòng <B>").account
    url = f"{stage.zalo.url}/v4/oa/permission"
    params = {"app_id": stage.zalo.platform.app_id, "redirect_uri": CALLBACK}
    async with stage.client.http.get(url, params=params) as response:
        page = await response.text()
    assert "Văn phòng &lt;B&gt;" in page
    assert f"oa_id={second.id}" in page
    assert (await stage.client.consent(oa_id=second.id))["oa_id"] == second.id


async def test_a_refresh_rotates_both_tokens(stage: Stage) -> None:
    old = stage.zalo.mint()
    new = await stage.client.exchange(grant_type="refresh_token", refresh_token=old.refresh)
    assert {new["access_token"], new["refresh_token"]}.isdisjoint({old.access, old.refresh})
    assert (await get_oa(stage, old.access))["error"] == Code.TOKEN_INVALID
    assert (await get_oa(stage, new["access_token"]))["error"] == 0


async def test_a_spent_refresh_token_answers_with_nothing(stage: Stage) -> None:
    old = stage.zalo.mint()
    await stage.client.exchange(grant_type="refresh_token", refresh_token=old.refresh)
    assert await stage.client.token_call(grant_type="refresh_token", refresh_token=old.refresh) == ""  # §1.4


async def test_a_refresh_whose_answer_is_lost_has_spent_the_token(stage: Stage) -> None:
    old = stage.zalo.mint()
    stage.zalo.spoil(TOKEN, drop_answer())
    with pytest.raises(ClientConnectionError):
        await stage.client.token_call(grant_type="refresh_token", refresh_token=old.refresh)
    assert await stage.client.token_call(grant_type="refresh_token", refresh_token=old.refresh) == ""
    assert stage.zalo.platform.oauth.refreshes == 1


@pytest.mark.parametrize(("quoted", "number"), [(False, -14014), (True, "-14014")])  # §1.4
async def test_an_unknown_refresh_token(stage: Stage, quoted: bool, number: Any) -> None:
    stage.zalo.dialect.quoted_errors = quoted
    answer = await stage.client.exchange(grant_type="refresh_token", refresh_token="unknown")
    assert (answer["error"], answer["error_name"]) == (number, "Invalid refresh token.")


async def test_a_refresh_token_lives_three_months(stage: Stage) -> None:
    old = stage.zalo.mint()
    stage.clock.move(days=90)
    assert (await stage.client.exchange(grant_type="refresh_token", refresh_token=old.refresh))["error"] == -14014


@pytest.mark.parametrize("told", [3600, None, "soon"])  # §1.3: number, null, garbage
async def test_the_expiry_can_be_told_in_other_ways(stage: Stage, told: Any) -> None:
    stage.zalo.dialect.expires_in = lambda _seconds: told
    old = stage.zalo.mint()
    assert (await stage.client.exchange(grant_type="refresh_token", refresh_token=old.refresh))["expires_in"] == told


async def test_a_refresh_can_keep_the_refresh_token(stage: Stage) -> None:
    stage.zalo.dialect.keeps_refresh_token = True  # §1.4, one source
    old = stage.zalo.mint()
    for _ in range(2):
        answer = await stage.client.exchange(grant_type="refresh_token", refresh_token=old.refresh)
        assert "refresh_token" not in answer
        assert (await get_oa(stage, answer["access_token"]))["error"] == 0


@pytest.mark.parametrize(
    "form",
    [
        {"secret": "wrong", "grant_type": "refresh_token"},
        {"grant_type": "password"},
        {"grant_type": "refresh_token", "app_id": "1"},
    ],
)
async def test_the_token_endpoint_refuses(stage: Stage, form: dict[str, str]) -> None:
    old = stage.zalo.mint()
    answer = await stage.client.exchange(**{"refresh_token": old.refresh, **form})
    assert "error_name" in answer
    assert stage.zalo.platform.oauth.pairs[OA_ID] == old


async def test_the_secret_is_a_header_and_no_field(stage: Stage) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": stage.zalo.mint().refresh, "secret_key": APP_SECRET}
    assert "access_token" not in json.loads(await stage.client.token_call("", **form))


async def test_tokens_expire_and_can_be_revoked(stage: Stage) -> None:
    token = stage.zalo.mint().access
    stage.clock.move(hours=25)
    assert (await get_oa(stage, token))["error"] == Code.TOKEN_EXPIRED
    token = stage.zalo.mint().access
    stage.zalo.platform.oauth.revoke(OA_ID)
    assert (await get_oa(stage, token))["error"] == Code.TOKEN_EXPIRED


@pytest.mark.parametrize("headers", [{}, {"access_token": "unknown"}, {"Authorization": "Bearer {token}"}])  # §2.1
async def test_a_call_without_its_token(stage: Stage, headers: dict[str, str]) -> None:
    headers = {name: value.format(token=stage.client.token) for name, value in headers.items()}
    async with stage.client.http.get(f"{stage.zalo.url}/v2.0/oa/getoa", headers=headers) as response:
        assert (response.status, (await response.json())["error"]) == (200, Code.TOKEN_INVALID)


@pytest.mark.parametrize(("right", "error"), [(True, 0), (False, Code.WRONG_PROOF)])  # §1.6
async def test_a_secret_proof_is_optional_but_checked(stage: Stage, right: bool, error: int) -> None:
    proof = hmac.new(APP_SECRET.encode(), stage.client.token.encode(), hashlib.sha256).hexdigest()
    headers = {"access_token": stage.client.token, "appsecret_proof": proof if right else proof[::-1]}
    async with stage.client.http.get(f"{stage.zalo.url}/v2.0/oa/getoa", headers=headers) as response:
        assert (await response.json())["error"] == error


async def test_the_rate_is_counted_per_account_and_minute(stage: Stage) -> None:
    stage.zalo.office.account.rate = 2  # §4.3
    other = stage.zalo.platform.add_account("Khác").account
    url, headers = f"{stage.zalo.url}/v2.0/oa/getoa", {"access_token": stage.client.token}
    seen = []
    for _ in range(3):
        async with stage.client.http.get(url, headers=headers) as response:
            rate = (response.headers["X-RateLimit-Limit"], response.headers["X-RateLimit-Remain"])
            seen.append((*rate, (await response.json())["error"]))
    assert seen == [("2", "1", 0), ("2", "0", 0), ("2", "0", Code.RATE_LIMIT)]
    assert (await get_oa(stage, stage.zalo.mint(other.id).access))["error"] == 0
    stage.clock.move(minutes=1)
    assert (await get_oa(stage, stage.client.token))["error"] == 0


@pytest.mark.parametrize("code", [Code.ACCOUNT_DISABLED, Code.NOT_AUTHORISED, Code.PACKAGE_TOO_LOW])  # §4.1
async def test_an_account_can_refuse_everything(stage: Stage, code: Code) -> None:
    stage.zalo.office.account.refuses = code
    assert (await stage.client.ask(DETAIL, user_id=stage.an))["error"] == code


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v3.0/oa/message"), ("GET", "/v3.0/oa/message/cs"), ("POST", "/v3.0/oa/message/transaction")],  # §2.1
)
async def test_a_path_that_is_none(stage: Stage, method: str, path: str) -> None:
    headers = {"access_token": stage.client.token}
    async with stage.client.http.request(method, stage.zalo.url + path, headers=headers) as response:
        assert (response.status, (await response.json())["message"]) == (404, "empty api")


async def test_calls_are_recorded_and_spoiled_in_order(stage: Stage) -> None:
    stage.zalo.office.follow(stage.an)
    stage.zalo.spoil("/message/cs", refusal(-32), user=stage.an)
    assert [(await stage.client.send(stage.an))["error"] for _ in range(2)] == [-32, 0]
    recorded = stage.zalo.called("/message/cs")
    assert [(call.user, call.text, call.status, call.error) for call in recorded] == [
        (stage.an, "Chào bạn", 200, -32),
        (stage.an, "Chào bạn", 200, 0),
    ]
    assert stage.client.token not in repr(recorded)
    assert stage.zalo.shown(stage.an) == ["Chào bạn"]


async def get_oa(stage: Stage, token: str) -> dict[str, Any]:
    async with stage.client.http.get(f"{stage.zalo.url}/v2.0/oa/getoa", headers={"access_token": token}) as response:
        answer: dict[str, Any] = await response.json()
        return answer
