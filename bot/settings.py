"""The settings and their defaults; `bot.config` reads them. Every one of them stands in config.toml with a comment."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import NoDecode

from bot.database_url import with_driver

SESSION_KEY_LENGTH = 32


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


def _listed(value: Any) -> Any:
    """Environment variables have no lists: `https://a.vn, https://b.vn` is one."""
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _origin(value: str) -> str:
    """A page address without path, as a Content-Security-Policy wants it: a stray `;` would end the directive."""
    if not value.startswith(("https://", "http://")) or any(letter in value for letter in " ;,'\"\n"):
        raise ValueError("must be addresses such as https://truong.edu.vn")
    return value.rstrip("/")


def _public_url(value: str) -> str:
    return _origin(value) if value else ""


class Section(BaseModel):
    """One table of config.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        default=SecretStr("sqlite:///var/bhyt.sqlite3"), validate_default=True
    )
    pool: int = Field(default=5, ge=1, le=100)


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
    session_key: Annotated[SecretStr | None, AfterValidator(_session_key)] = None


class SearchSettings(Section):
    """How answers are found."""

    embeddings: Embeddings = Embeddings.AUTO


class RetentionSettings(Section):
    """After how many days what is deleted."""

    messages: int = Field(default=90, ge=1, le=3650)
    question_log: int = Field(default=365, ge=1, le=3650)
    idle_people: int = Field(default=730, ge=1, le=3650)


class LogSettings(Section):
    """What is written to standard error."""

    level: LogLevel = LogLevel.INFO
    format: LogFormat = LogFormat.CONSOLE
