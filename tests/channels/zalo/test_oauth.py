"""The consent page's address, the proof keys, and what answers of the token endpoint mean (reference §1.2 to §1.4)."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from pydantic import SecretStr

from bot.channels.zalo.oauth import LIFETIME, OAuth, OAuthLaterError, OAuthRefusedError, consent_url
from bot.channels.zalo.pkce import LENGTH, Proof, challenge_of, generated, proof_for
from bot.settings import Pkce
from bot.simulator.zalo.oauth import challenges
from tests.channels.zalo.support import zalo_settings
from tests.fakes.faults import Gate, drop_answer, empty, gateway_page, hang, reply, reset, text
from tests.fakes.zalo import APP_ID, APP_SECRET, CALLBACK, OA_ID, TOKEN, FakeZalo

if TYPE_CHECKING:
    from tests.fakes.faults import Fault

VERIFIER = "dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1gFWFOEjXkab"


@pytest.fixture
def oauth(fake: FakeZalo, http: aiohttp.ClientSession) -> OAuth:
    return OAuth(http, zalo_settings(fake.url))


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


def test_the_address_has_exactly_the_four_parameters() -> None:
    settings = zalo_settings("https://oauth.zaloapp.com")
    url = consent_url(settings, CALLBACK, "abc", Proof("v", "c"))
    assert url.startswith("https://oauth.zaloapp.com/v4/oa/permission?")
    assert query_of(url) == {"app_id": APP_ID, "redirect_uri": CALLBACK, "code_challenge": "c", "state": "abc"}
    assert "code_challenge" not in query_of(consent_url(settings, CALLBACK, "abc", Proof()))


def test_a_generated_proof_reads_the_same_in_both_alphabets() -> None:
    proofs = [generated() for _ in range(20)]
    assert len({proof.verifier for proof in proofs}) == 20
    for proof in proofs:
        assert proof.verifier is not None
        assert len(proof.verifier) == LENGTH
        assert proof.verifier.isalnum()
        url_safe, standard = challenges(proof.verifier)
        assert proof.challenge == url_safe == standard


def test_a_verifier_with_an_ambiguous_challenge_is_thrown_away() -> None:
    ambiguous = next(letter * LENGTH for letter in "abcdefgh" if not challenge_of(letter * LENGTH).isalnum())
    good = next(letter * LENGTH for letter in "abcdefghijklmnopqrstuvwxyz" if challenge_of(letter * LENGTH).isalnum())
    letters = cycle(ambiguous + good)
    assert generated(lambda _: next(letters)).verifier == good


def test_the_three_variants() -> None:
    assert proof_for(zalo_settings("https://a.vn", pkce=Pkce.NONE)) == Proof()
    fixed = proof_for(zalo_settings("https://a.vn", pkce=Pkce.FIXED, code_verifier=SecretStr(VERIFIER)))
    assert (fixed.verifier, fixed.challenge) == (VERIFIER, challenge_of(VERIFIER))
    assert proof_for(zalo_settings("https://a.vn")).verifier is not None


@pytest.mark.parametrize("proof", [Proof(), Proof(VERIFIER, challenge_of(VERIFIER)), generated()])
async def test_a_code_becomes_a_pair(fake: FakeZalo, oauth: OAuth, proof: Proof) -> None:
    code = fake.platform.oauth.permit(fake.office.account, proof.challenge or "")
    pair = await oauth.exchange(code, proof.verifier)
    granted = fake.platform.oauth.pairs[OA_ID]
    assert (pair.access, pair.refresh, pair.lifetime) == (granted.access, granted.refresh, timedelta(hours=25))
    asked = fake.called(TOKEN)[0].body
    assert set(asked) == {"code", "app_id", "grant_type", *(["code_verifier"] if proof.verifier else [])}


async def test_the_app_secret_travels_in_a_header_only(fake: FakeZalo, oauth: OAuth) -> None:
    await oauth.refresh(fake.mint().refresh)
    assert set(fake.called(TOKEN)[0].body) == {"refresh_token", "app_id", "grant_type"}
    assert APP_SECRET not in str(fake.called(TOKEN))


async def test_a_wrong_code_is_refused(oauth: OAuth) -> None:
    with pytest.raises(OAuthRefusedError):
        await oauth.exchange("not-a-code", None)


async def test_a_refresh_token_works_once(fake: FakeZalo, oauth: OAuth) -> None:
    first = fake.mint().refresh
    pair = await oauth.refresh(first)
    assert pair.refresh not in {None, first}
    with pytest.raises(OAuthRefusedError) as raised:
        await oauth.refresh(first)
    assert raised.value.reason == "empty"


ANSWERS: list[tuple[Fault, type[Exception], str, bool | None]] = [
    # what came, what it means, the reason, whether the platform surely did nothing; reference §1.4, 2026-08 and -09
    (empty(), OAuthRefusedError, "empty", None),  # GO-ZNS 2026-08-14: already consumed
    (text(200, "  \n"), OAuthRefusedError, "empty", None),
    (reply(200, {"error": -14014, "error_name": "Invalid refresh token."}), OAuthRefusedError, "refused", None),
    (reply(200, {"error": "-14014"}), OAuthRefusedError, "refused", None),  # NET-BOT: quoted
    (reply(200, {"error_name": "x", "error_reason": "y"}), OAuthRefusedError, "refused", None),  # CHATBOTX #1019
    (reply(200, {"access_token": ""}), OAuthRefusedError, "refused", None),
    (reply(200, {"access_token": None, "refresh_token": "r"}), OAuthRefusedError, "refused", None),
    (reply(200, {"error": -32}), OAuthLaterError, "rate_limited", True),
    (reply(200, {"error": "-32"}), OAuthLaterError, "rate_limited", True),
    (gateway_page(502), OAuthLaterError, "http_502", False),
    (gateway_page(200), OAuthLaterError, "unreadable", False),
    (text(200, '{"access_token": "a'), OAuthLaterError, "unreadable", False),
    (reply(200, ["access_token"]), OAuthLaterError, "unreadable", False),
    (reply(500, {"error": -14014}), OAuthLaterError, "http_500", False),  # 5xx is transient, also with a JSON body
    (reply(503, {"access_token": "a", "refresh_token": "r"}), OAuthLaterError, "http_503", False),
    (reply(429, {}), OAuthLaterError, "http_429", False),
    (reply(302, {}, {"Location": "https://elsewhere.example"}), OAuthLaterError, "http_302", False),
    (reset(), OAuthLaterError, "no_answer", False),
    (drop_answer(), OAuthLaterError, "no_answer", False),
]


@pytest.mark.parametrize(("fault", "error", "reason", "settled"), ANSWERS)
async def test_what_answers_mean(
    fake: FakeZalo, oauth: OAuth, fault: Fault, error: type[Exception], reason: str, settled: bool | None
) -> None:
    fake.spoil(TOKEN, fault)
    with pytest.raises((OAuthRefusedError, OAuthLaterError)) as raised:
        await oauth.refresh(fake.mint().refresh)
    assert type(raised.value) is error
    assert raised.value.reason == reason
    if isinstance(raised.value, OAuthLaterError):
        assert raised.value.settled is settled


async def test_no_answer_in_time_leaves_it_open(fake: FakeZalo, oauth: OAuth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.zalo.oauth.TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    gate = Gate()
    fake.spoil(TOKEN, hang(gate))
    with pytest.raises(OAuthLaterError, match="no_answer") as raised:
        await oauth.refresh(fake.mint().refresh)
    gate.release()
    assert not raised.value.settled


async def test_where_nobody_listens_nothing_was_spent(http: aiohttp.ClientSession, unused_tcp_port: int) -> None:
    oauth = OAuth(http, zalo_settings(f"http://127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(OAuthLaterError, match="connect") as raised:
        await oauth.refresh("r")
    assert raised.value.settled


@pytest.mark.parametrize(
    ("told", "lifetime"),
    [
        ("90000", timedelta(hours=25)),
        (3600, timedelta(hours=1)),
        ("3600.5", timedelta(seconds=3600.5)),
        (None, LIFETIME),
        ("", LIFETIME),
        ("sớm", LIFETIME),
        ("-5", LIFETIME),
        (0, LIFETIME),
        ("nan", LIFETIME),
        ("1e400", LIFETIME),
        ([], LIFETIME),
        ({"a": 1}, LIFETIME),
        ("99999999999", LIFETIME),
    ],
)
async def test_a_bad_expiry_never_costs_the_pair(fake: FakeZalo, oauth: OAuth, told: Any, lifetime: timedelta) -> None:
    fake.dialect.expires_in = lambda _: told
    pair = await oauth.refresh(fake.mint().refresh)
    assert pair.access == fake.platform.oauth.pairs[OA_ID].access
    assert pair.lifetime == lifetime


async def test_an_answer_without_refresh_token_leaves_the_old_one(fake: FakeZalo, oauth: OAuth) -> None:
    fake.dialect.keeps_refresh_token = True
    assert (await oauth.refresh(fake.mint().refresh)).refresh is None
