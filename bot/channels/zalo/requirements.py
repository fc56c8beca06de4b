"""Which settings must be there before Zalo can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config import variable
from bot.errors import ConfigError, WrongSetting
from bot.settings import Pkce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr

    from bot.settings import ZaloSettings

CALLBACK = "/zalo/callback"


def missing(settings: ZaloSettings) -> list[WrongSetting]:
    """What keeps Zalo from working although an account is named; nothing when there is no account."""
    return list(_missing(settings)) if settings.oa else []


def require(settings: ZaloSettings) -> SecretStr:
    """The key that seals the tokens. Raises ConfigError naming every setting that is missing, `zalo.oa` included."""
    wrong = list(_missing(settings))
    if not settings.oa:
        wrong.append(WrongSetting("zalo.oa", "needs one [[zalo.oa]] table for each Official Account"))
    if settings.token_key is None or wrong:
        raise ConfigError(wrong)
    return settings.token_key


def redirect_uri(public_url: str) -> str:
    """Where the consent page comes back to; must be in Zalo's console letter for letter. Raises ConfigError."""
    if not public_url:
        what = "is needed: the address under which Zalo reaches this server"
        raise ConfigError([WrongSetting("web.public_url", what, variable("web", "public_url"))])
    return public_url + CALLBACK


def _missing(settings: ZaloSettings) -> Iterator[WrongSetting]:
    needed = {
        "app_id": (bool(settings.app_id), "is needed: the app's number in Zalo's console"),
        "app_secret": (settings.app_secret is not None, "is needed: the app's secret key, for OAuth"),
        "webhook_key": (settings.webhook_key is not None, "is needed: the OA Secret Key of the Webhook page"),
        "token_key": (settings.token_key is not None, "is needed: a key made by `bhyt-bot zalo key`"),
    }
    if settings.pkce is Pkce.FIXED:
        needed["code_verifier"] = (settings.code_verifier is not None, "is needed when zalo.pkce is fixed")
    for name, (there, what) in needed.items():
        if not there:
            yield WrongSetting(f"zalo.{name}", what, variable("zalo", name))
