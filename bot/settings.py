"""The settings and their defaults; `bot.config` reads them. Every one of them stands in config.toml with a comment."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from bot.database_url import with_driver

SESSION_KEY_LENGTH = 32
_VERIFIER_FILE = re.compile(r"zalo_verifier[A-Za-z0-9_-]{1,99}\.html")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,}")


class Embeddings(StrEnum):
    """Whether the search also compares meanings, which needs the optional package."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class LogFormat(StrEnum):
    """How a log line is written."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important line that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _database_url(secret: SecretStr) -> SecretStr:
    return SecretStr(with_driver(secret.get_secret_value()))


def _session_key(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None and len(secret.get_secret_value()) < SESSION_KEY_LENGTH:
        raise ValueError(f"must have at least {SESSION_KEY_LENGTH} characters")
    return secret


def _filled(secret: SecretStr | None) -> SecretStr | None:
    """An empty variable is the same as none."""
    return secret if secret is not None and secret.get_secret_value().strip() else None


def _webhook_secret(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None and not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 16 to 256 of the characters A-Z a-z 0-9 _ -")
    return secret


def _token_key(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - slow to import, and only needed with Zalo

        try:
            Fernet(secret.get_secret_value())
        except ValueError:
            raise ValueError("must be a key made by `bhyt-bot zalo key`") from None
    return secret


def _engine_url(secret: SecretStr | None) -> SecretStr | None:
    filled = _filled(secret)
    if filled is not None:
        url = filled.get_secret_value()
        with_driver(url)
        if "+" in url.partition("://")[0]:
            raise ValueError("must begin with sqlite:/// or postgresql://")
    return filled


def _listed(value: Any) -> Any:
    """Environment variables have no lists: `https://a.vn, https://b.vn` is one."""
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _tables(value: Any) -> Any:
    """In an environment variable a list of tables is JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("must be a JSON list of tables") from None


def _origin(value: str) -> str:
    """A page address without path, as a Content-Security-Policy wants it: a stray `;` would end the directive."""
    if not value.startswith(("https://", "http://")) or any(letter in value for letter in " ;,'\"\n"):
        raise ValueError("must be addresses such as https://truong.edu.vn")
    return value.rstrip("/")


def _verifier_file(value: str) -> str:
    if not _VERIFIER_FILE.fullmatch(PurePath(value).name):
        raise ValueError("must be files as Zalo names them: zalo_verifier….html")
    return value


def _public_url(value: str) -> str:
    return _origin(value) if value else ""


def _posted_to(value: str) -> str:
    """Case texts leave the house only encrypted; a receiver on this very machine needs nothing of it."""
    parts = urlsplit(value)
    loopback = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if value and (not parts.hostname or not (parts.scheme == "https" or loopback)):
        raise ValueError("must be an https address")
    return value


class Section(BaseModel):
    """One table of config.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        default=SecretStr("sqlite:///var/bhyt.sqlite3"), validate_default=True
    )
    pool: int = Field(default=5, ge=1, le=100)
    patience: float = Field(default=60, ge=1, le=3600)


class WebSettings(Section):
    """The web chat. Rates are messages a minute."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    embed_origins: Annotated[
        tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    behind_proxy: bool = False
    rate_per_address: int = Field(default=120, ge=1)
    rate_per_session: int = Field(default=30, ge=1)
    max_body: int = Field(default=16_384, ge=1_024, le=1_048_576)
    idle: float = Field(default=130, ge=1, le=3600)
    session_key: Annotated[SecretStr | None, AfterValidator(_session_key)] = None


class SearchSettings(Section):
    """How answers are found."""

    embeddings: Embeddings = Embeddings.AUTO


class TelegramMode(StrEnum):
    """How messages come from Telegram."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class TelegramSettings(Section):
    """The Telegram bot; off while there is no token. Rates are messages a second, in a group a minute."""

    token: Annotated[SecretStr | None, AfterValidator(_filled)] = None
    mode: TelegramMode = TelegramMode.POLLING
    webhook_secret: Annotated[SecretStr | None, AfterValidator(_webhook_secret)] = None
    api_url: Annotated[str, AfterValidator(_origin)] = "https://api.telegram.org"
    account: str = Field(default="telegram", pattern=r"^[a-z0-9_-]{1,32}$")
    username: str = Field(default="", pattern=r"^([A-Za-z]\w{4,31})?$")
    province: str = ""
    rate: float = Field(default=200, gt=0, le=1_000)
    rate_per_chat: float = Field(default=1, gt=0, le=30)
    burst_per_chat: int = Field(default=10, ge=1, le=100)
    rate_per_group: int = Field(default=20, ge=1, le=1_000)


class Pkce(StrEnum):
    """Which proof key the consent page of Zalo gets."""

    GENERATED = "generated"
    FIXED = "fixed"
    NONE = "none"


class OfficialAccount(Section):
    """One Zalo Official Account of ours. `rate` is requests a minute of its package.

    `wallet`: whether messages outside the free window may be charged when the package's quota is used up.
    """

    id: str = Field(pattern=r"^\d{5,25}$")
    name: str = Field(min_length=1, max_length=100)
    province: str = ""
    rate: int = Field(default=100, ge=1, le=4_000)
    contact_form: Annotated[str, AfterValidator(_public_url)] = ""
    wallet: bool = False


class ZaloSettings(Section):
    """The Zalo app and its Official Accounts; off while there is none."""

    app_id: str = Field(default="", pattern=r"^\d{0,25}$")
    app_secret: Annotated[SecretStr | None, AfterValidator(_filled)] = None
    webhook_key: Annotated[SecretStr | None, AfterValidator(_filled)] = None
    token_key: Annotated[SecretStr | None, AfterValidator(_token_key)] = None
    oa: Annotated[tuple[OfficialAccount, ...], NoDecode, BeforeValidator(_tables)] = ()
    pkce: Pkce = Pkce.GENERATED
    code_verifier: Annotated[SecretStr | None, AfterValidator(_filled)] = None
    verifier_files: Annotated[
        tuple[Annotated[str, AfterValidator(_verifier_file)], ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    replay_hours: float = Field(default=3, gt=0, le=48)
    api_url: Annotated[str, AfterValidator(_origin)] = "https://openapi.zalo.me"
    oauth_url: Annotated[str, AfterValidator(_origin)] = "https://oauth.zaloapp.com"


class DeliverySettings(Section):
    """How messages are taken in and replies sent out. Times in seconds."""

    inbox: str = "var/inbox"
    budget: float = Field(default=1.2, gt=0, le=1.8)
    lease: float = Field(default=30, ge=1, le=600)
    give_up_hours: float = Field(default=24, gt=0, le=168)
    drain: float = Field(default=10, ge=0, le=120)
    rate_per_person: int = Field(default=20, ge=1)


class OutreachSettings(Section):
    """Campaigns. Shares are parts of one; `quiet_from` to `quiet_to` are hours of the Vietnamese day."""

    engine_url: Annotated[SecretStr | None, AfterValidator(_engine_url)] = None
    telegram_rate: float = Field(default=30, gt=0, le=1_000)
    zalo_share: float = Field(default=0.5, gt=0, le=1)
    quiet_from: int = Field(default=21, ge=0, le=23)
    quiet_to: int = Field(default=7, ge=0, le=23)
    cap_messages: int = Field(default=3, ge=1, le=100)
    cap_days: int = Field(default=7, ge=1, le=365)
    pause_errors: float = Field(default=0.2, gt=0, le=1)
    pause_opt_outs: float = Field(default=0.05, gt=0, le=1)
    pause_cases: int = Field(default=200, ge=1)
    reply_share: float = Field(default=0.05, ge=0, le=1)
    cases_per_day: int = Field(default=100, ge=1)
    paid_price: int = Field(default=0, ge=0)
    waiting_days: int = Field(default=30, ge=1, le=365)
    group_size: int = Field(default=5, ge=1, le=100)
    worker: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]{0,64}$")
    lost_after: float = Field(default=60, ge=5, le=3_600)


class CasesSettings(Section):
    """How staff works on cases. Hours are of the Vietnamese day; days of the week count from Monday as 1."""

    opens: int = Field(default=8, ge=0, le=23)
    closes: int = Field(default=17, ge=1, le=24)
    days: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(1, 2, 3, 4, 5), min_length=1
    )
    first_response_hours: float = Field(default=4, gt=0, le=200)
    resolution_hours: float = Field(default=24, gt=0, le=2_000)
    hold_hours: float = Field(default=24, gt=0, le=720)
    telegram_group: str = Field(default="", pattern=r"^-?\d{0,20}$")
    webhook_url: Annotated[str, AfterValidator(_posted_to)] = ""
    webhook_secret: Annotated[SecretStr | None, AfterValidator(_filled)] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes must be later than opens")
        if self.webhook_url and self.webhook_secret is None:
            raise ValueError("webhook_url needs BHYT_CASES__WEBHOOK_SECRET")
        return self


class ConsoleSettings(Section):
    """The staff console. `secret_key` encrypts second factors; made by `bhyt-bot zalo key` like the token key."""

    enabled: bool = True
    session_hours: float = Field(default=10, gt=0, le=168)
    idle_minutes: float = Field(default=60, gt=0, le=1_440)
    invitation_hours: float = Field(default=48, gt=0, le=720)
    secret_key: Annotated[SecretStr | None, AfterValidator(_token_key)] = None


class AlertSettings(Section):
    """Who is told when something needs an operator."""

    telegram_chat: str = Field(default="", pattern=r"^-?\d{0,20}$")


class RetentionSettings(Section):
    """After how many days what is deleted."""

    messages: int = Field(default=90, ge=1, le=3650)
    question_log: int = Field(default=365, ge=1, le=3650)
    idle_people: int = Field(default=730, ge=1, le=3650)
    unseen_contacts: int = Field(default=540, ge=1, le=3650)
    recipients: int = Field(default=365, ge=1, le=3650)
    consent_events: int = Field(default=1_095, ge=1, le=3650)
    suppressions: int = Field(default=1_825, ge=1, le=3650)


class LogSettings(Section):
    """What is written to standard error."""

    level: LogLevel = LogLevel.INFO
    format: LogFormat = LogFormat.CONSOLE
