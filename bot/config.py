"""Reads the settings: environment (BHYT_WEB__PORT=…) over config.toml over the defaults.

Secrets come from the environment only. A wrong, unknown or misplaced setting is named; its value never appears.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.database_url import has_password
from bot.errors import ConfigError, WrongSetting
from bot.settings import (
    AlertSettings,
    CasesSettings,
    ConsoleSettings,
    DatabaseSettings,
    DeliverySettings,
    LogSettings,
    OutreachSettings,
    RetentionSettings,
    SearchSettings,
    TelegramSettings,
    WebSettings,
    ZaloSettings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = "BHYT_"
CONFIG_VARIABLE = "BHYT_CONFIG"
STAFF_VARIABLE = "BHYT_STAFF"
"""Who works at the command line; no setting of the program."""
DEFAULT_FILE = Path("config.toml")
SECRETS = frozenset(
    {
        ("web", "session_key"),
        ("telegram", "token"),
        ("telegram", "webhook_secret"),
        ("zalo", "app_secret"),
        ("zalo", "webhook_key"),
        ("zalo", "token_key"),
        ("zalo", "code_verifier"),
        ("cases", "webhook_secret"),
        ("console", "secret_key"),
        ("cases", "webhook_secret"),
        ("console", "secret_key"),
    }
)
ADDRESSES = (("database", "url"), ("outreach", "engine_url"))
"""Settings that may hold a password."""


class Settings(BaseSettings):
    """All settings, checked. Build it with `load_settings`, which turns every mistake into a ConfigError."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    telegram: TelegramSettings = TelegramSettings()
    zalo: ZaloSettings = ZaloSettings()
    delivery: DeliverySettings = DeliverySettings()
    outreach: OutreachSettings = OutreachSettings()
    cases: CasesSettings = CasesSettings()
    console: ConsoleSettings = ConsoleSettings()
    alerts: AlertSettings = AlertSettings()
    search: SearchSettings = SearchSettings()
    retention: RetentionSettings = RetentionSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file is passed to the constructor, so the environment has to come before it."""
        return env_settings, init_settings


def load_settings(path: Path | None = None) -> Settings:
    """The settings of this process; raises ConfigError naming every setting that is wrong.

    `path` is a config.toml; without one BHYT_CONFIG names it, and without that ./config.toml is read if it is there.
    """
    data = _read(path)
    wrong = [*_misplaced(data), *_unknown_variables(os.environ)]
    if wrong:
        raise ConfigError(wrong)
    try:
        return Settings(**data)
    except ValidationError as error:
        raise ConfigError(list(_mistakes(error))) from None


def variable(*names: str) -> str:
    """The environment variable of a setting: ("web", "port") → BHYT_WEB__PORT."""
    return PREFIX + "__".join(names).upper()


def _read(path: Path | None) -> dict[str, Any]:
    named = path or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    file = named or DEFAULT_FILE
    if named is None and not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ConfigError([WrongSetting(file.name, "cannot be read", CONFIG_VARIABLE)]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([WrongSetting(file.name, f"is not valid TOML: {_place(error)}")]) from None


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Only where: the parser's own words can quote the line, and the line can hold a secret."""
    _, mark, place = str(error).rpartition("(at ")
    return place.rstrip(")") if mark else "somewhere"


def _misplaced(data: Mapping[str, Any]) -> Iterator[WrongSetting]:
    """Secrets that stand in the file."""
    for section, name in SECRETS:
        if isinstance(data.get(section), dict) and name in data[section]:
            yield WrongSetting(
                f"{section}.{name}", "is a secret and must not stand in the file", variable(section, name)
            )
    for section, name in ADDRESSES:
        if isinstance(data.get(section), dict) and has_password(data[section].get(name)):
            what = "holds a password and must not stand in the file"
            yield WrongSetting(f"{section}.{name}", what, variable(section, name))


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[WrongSetting]:
    known = {variable(section, name) for section, name in known_settings()} | {CONFIG_VARIABLE, STAFF_VARIABLE}
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            yield WrongSetting(name, "is no setting")


def known_settings() -> Iterator[tuple[str, str]]:
    """All settings as (section, name), in the order of config.toml."""
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name in model.model_fields:
                yield section, name


def _mistakes(error: ValidationError) -> Iterator[WrongSetting]:
    known = set(known_settings())
    seen: set[str] = set()
    for mistake in error.errors(include_url=False, include_context=False, include_input=False):
        names = tuple(str(part) for part in mistake["loc"][:2])
        name = ".".join(names)
        if name in seen:
            continue
        seen.add(name)
        if mistake["type"] == "extra_forbidden":
            yield WrongSetting(name, "is no setting")
        else:
            what = mistake["msg"].removeprefix("Value error, ").removeprefix("Input ")
            yield WrongSetting(name, what, variable(*names) if names in known else "")
