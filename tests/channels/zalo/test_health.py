"""What the doctor finds about Zalo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.zalo.health import examine
from bot.channels.zalo.requirements import missing, redirect_uri, require
from bot.errors import ConfigError
from bot.findings import Health
from bot.settings import OfficialAccount, Pkce, ZaloSettings
from tests.channels.zalo.support import Office, zalo_settings
from tests.fakes.faults import empty, reply
from tests.fakes.zalo import TOKEN

if TYPE_CHECKING:
    from bot.findings import Finding

URL = "https://bot.example.vn"


async def found(office: Office, public_url: str = URL) -> list[Finding]:
    return await examine(office.settings, public_url, office.database, office.clock())


async def test_without_accounts_there_is_nothing_to_say(office: Office) -> None:
    assert await examine(ZaloSettings(), "", office.database, office.clock()) == []


async def test_missing_settings_are_named(office: Office) -> None:
    bare = ZaloSettings(oa=(OfficialAccount(id="12345", name="BHXH"),), pkce=Pkce.FIXED)
    findings = await examine(bare, "", office.database, office.clock())
    said = "\n".join(finding.what for finding in findings if finding.health is Health.BROKEN)
    for name in ("app_id", "app_secret", "webhook_key", "token_key", "code_verifier"):
        assert f"zalo.{name}: " in said
        assert f"BHYT_ZALO__{name.upper()}" in said
    assert any("BHYT_WEB__PUBLIC_URL" in finding.what for finding in findings)


async def test_an_account_that_is_not_connected(office: Office) -> None:
    (finding,) = await found(office)
    assert (finding.health, finding.what) == (Health.BROKEN, "not connected yet; run bhyt-bot zalo login")


async def test_an_account_that_works(connected: Office) -> None:
    (finding,) = await found(connected)
    assert (finding.health, finding.what) == (
        Health.WELL,
        f"connected, refreshed {connected.clock():%d/%m/%Y %H:%M}, 90 days left",
    )


async def test_an_account_that_was_quiet_for_a_day(connected: Office) -> None:
    connected.clock.advance(hours=26)
    (finding,) = await found(connected)
    assert finding.health is Health.NOTE
    assert "not refreshed" in finding.what


async def test_a_refresh_token_that_grows_old(connected: Office) -> None:
    connected.clock.advance(days=76)
    (finding,) = await found(connected)
    assert finding.health is Health.BROKEN
    assert "dies in 14 days" in finding.what


async def test_a_refresh_that_was_cut_off(connected: Office) -> None:
    connected.fake.spoil(TOKEN, reply(502, {}))
    with pytest.raises(Exception, match="http_502"):
        await connected.renewal.renew(await connected.stored())
    (finding,) = await found(connected)
    assert (finding.health, "cut off" in finding.what) == (Health.NOTE, True)


async def test_a_dead_refresh_token(connected: Office) -> None:
    connected.fake.spoil(TOKEN, empty())
    with pytest.raises(Exception, match="empty"):
        await connected.renewal.renew(await connected.stored())
    (finding,) = await found(connected)
    assert (finding.health, "refused" in finding.what) == (Health.BROKEN, True)


def test_requirements() -> None:
    assert missing(ZaloSettings()) == []
    assert missing(zalo_settings("https://a.vn")) == []
    assert require(zalo_settings("https://a.vn")) is not None
    with pytest.raises(ConfigError) as raised:
        require(ZaloSettings())
    assert {wrong.name for wrong in raised.value.wrong} == {
        *("zalo.oa", "zalo.app_id", "zalo.app_secret", "zalo.webhook_key", "zalo.token_key")
    }


def test_the_callback_needs_a_public_address() -> None:
    assert redirect_uri(URL) == "https://bot.example.vn/zalo/callback"
    with pytest.raises(ConfigError, match=r"web\.public_url"):
        redirect_uri("")
