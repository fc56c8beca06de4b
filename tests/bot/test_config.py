"""Settings: where they come from, and what is said when one is wrong."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.config import SECRETS, Settings, known_settings, load_settings, variable
from bot.errors import ConfigError
from bot.session_key import session_key

SHIPPED = Path(__file__).parents[2] / "config.toml"
SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start from, and none of our variables."""
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def wrong(path: Path | None = None) -> dict[str, str]:
    """The wrong settings by name; also makes sure that no value is told."""
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    return {setting.name: setting.what for setting in caught.value.wrong}


def test_without_anything_the_defaults_hold() -> None:
    settings = load_settings()
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert settings.database.url.get_secret_value() == "sqlite+inline:///var/bhyt.sqlite3"


def test_the_environment_goes_before_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(elsewhere, "[web]\nport = 9000\nhost = '::1'\n")
    monkeypatch.setenv("BHYT_WEB__PORT", "9001")
    settings = load_settings()
    assert (settings.web.host, settings.web.port) == ("::1", 9001)


def test_another_file_can_be_named(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "other.toml").write_text("[web]\nport = 9000\n", encoding="utf-8")
    monkeypatch.setenv("BHYT_CONFIG", "other.toml")
    assert load_settings().web.port == 9000


def test_lists_come_from_the_file_and_from_the_environment(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(elsewhere, "[web]\nembed_origins = ['https://a.vn']\n")
    assert load_settings(file).web.embed_origins == ("https://a.vn",)
    monkeypatch.setenv("BHYT_WEB__EMBED_ORIGINS", "https://b.vn, https://c.vn/")
    assert load_settings(file).web.embed_origins == ("https://b.vn", "https://c.vn")


@pytest.mark.parametrize(
    ("toml", "name"),
    [
        (f"[web]\nport = '{SECRET}'", "web.port"),
        ("[web]\nport = 99999", "web.port"),
        (f"[web]\nprot = '{SECRET}'", "web.prot"),
        (f"[wbe]\nport = '{SECRET}'", "wbe"),
        (f"port = '{SECRET}'", "port"),
        (f"web = '{SECRET}'", "web"),
        (f"[log]\nlevel = '{SECRET}'", "log.level"),
        (f"[search]\nembeddings = '{SECRET}'", "search.embeddings"),
        (f"[database]\nurl = 'mysql://{SECRET}'", "database.url"),
        (f"[database]\nurl = '{SECRET}'", "database.url"),
        (f"[database]\nurl = 'postgresql://db:{SECRET}/bhyt'", "database.url"),
        (f"[database]\nurl = 'postgresql://bot:a/{SECRET}@db/bhyt'", "database.url"),
        (f"[database]\nurl = 'postgresql://db/bhyt?password={SECRET}'", "database.url"),
        ("[database]\nurl = 'sqlite://bhyt.sqlite3'", "database.url"),
        (f"[database]\nurl = 'postgresql://bot:{SECRET}@db/bhyt'", "database.url"),
        (f"[web]\nsession_key = '{SECRET}{SECRET}{SECRET}'", "web.session_key"),
        (f"[web]\nembed_origins = ['{SECRET}']", "web.embed_origins"),
        (f"[web]\nembed_origins = ['https://a.vn; script-src {SECRET}']", "web.embed_origins"),
        ("[retention]\nmessages = 0", "retention.messages"),
        (f"[web\n{SECRET}", "config.toml"),
        (f"[web]\nhost = {SECRET}", "config.toml"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(elsewhere: Path, toml: str, name: str) -> None:
    assert list(wrong(written(elsewhere, toml))) == [name]


def test_every_wrong_setting_is_named_at_once(elsewhere: Path) -> None:
    file = written(elsewhere, f"[web]\nport = '{SECRET}'\nprot = 1\n[log]\nlevel = '{SECRET}'\n")
    assert list(wrong(file)) == ["log.level", "web.port", "web.prot"]


@pytest.mark.parametrize("name", ["BHYT_WEB__PROT", "BHYT_PORT", "BHYT_WEB", "BHYT_DATABASE_URL"])
def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRET)
    assert wrong() == {name: "is no setting"}


def test_a_secret_in_the_file_tells_which_variable_to_use(elsewhere: Path) -> None:
    with pytest.raises(ConfigError, match="BHYT_WEB__SESSION_KEY"):
        load_settings(written(elsewhere, "[web]\nsession_key = 'x'\n"))


def test_a_short_session_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHYT_WEB__SESSION_KEY", SECRET)
    assert wrong() == {"web.session_key": "must have at least 32 characters"}


def test_a_file_that_is_not_there_or_not_text_is_named(elsewhere: Path) -> None:
    assert wrong(elsewhere / "nowhere.toml") == {"nowhere.toml": "cannot be read"}
    (elsewhere / "binary.toml").write_bytes(b"\xff\xfe\x00")
    assert wrong(elsewhere / "binary.toml") == {"binary.toml": "cannot be read"}


ANY_TEXT = {("web", "host"), ("delivery", "inbox"), ("outreach", "engine_url"), ("outreach", "worker")} | {
    *(("telegram", name) for name in ("token", "province", "username")),
    *(("zalo", name) for name in ("app_secret", "webhook_key", "code_verifier")),
    ("cases", "webhook_secret"),
}
"""Settings in which any text may stand, as far as reading them goes."""


@given(st.sampled_from(sorted(known_settings())), st.text("abcxyz@:/", min_size=6, max_size=20))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_value_from_the_environment_is_ever_told(name: tuple[str, str], value: str) -> None:
    value = f"q7{value}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable(*name), value)
        told = ""
        try:
            load_settings()
        except ConfigError as error:
            told = str(error)
    assert value not in told
    assert told or name in ANY_TEXT


def test_no_setting_with_a_password_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHYT_DATABASE__URL", f"postgresql://bot:{SECRET}@db/bhyt")
    monkeypatch.setenv("BHYT_WEB__SESSION_KEY", SECRET * 3)
    settings = load_settings()
    assert SECRET not in repr(settings)
    assert SECRET in settings.database.url.get_secret_value()


def test_the_shipped_file_changes_nothing() -> None:
    assert load_settings(SHIPPED) == load_settings()


def test_the_shipped_file_shows_every_setting_with_its_default() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    values: dict[str, Any] = tomllib.loads("\n".join(_uncommented(line) for line in lines))
    shown = {(section, name) for section, table in values.items() for name in table}
    assert shown == set(known_settings()) - SECRETS
    assert Settings(**values) == load_settings()


def _uncommented(line: str) -> str:
    """The line of a default without its `# `; prose stays a comment."""
    bare = line.removeprefix("# ")
    name = bare.split(" = ")[0]
    return bare if any(name == known for _, known in known_settings()) else line


def test_a_session_key_is_made_once_and_only_for_us(elsewhere: Path) -> None:
    settings = load_settings()
    key = session_key(settings)
    assert len(key) == 64
    assert session_key(settings) == key
    file = elsewhere / "var" / "session.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["session.key"]


def test_a_given_session_key_is_used_and_none_is_made(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHYT_WEB__SESSION_KEY", "k" * 32)
    assert session_key(load_settings()) == b"k" * 32
    assert not (elsewhere / "var").exists()


def test_with_postgresql_a_session_key_has_to_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHYT_DATABASE__URL", "postgresql://bot@db/bhyt")
    with pytest.raises(ConfigError, match="BHYT_WEB__SESSION_KEY"):
        session_key(load_settings())


def test_the_engine_of_campaigns_has_no_password_in_the_file_either(elsewhere: Path) -> None:
    file = written(elsewhere, f"[outreach]\nengine_url = 'postgresql://bot:{SECRET}@db/engine'\n")
    assert wrong(file) == {"outreach.engine_url": "holds a password and must not stand in the file"}


@pytest.mark.parametrize("url", [f"mysql://{SECRET}", f"postgresql+asyncpg://bot:{SECRET}@db/engine", SECRET])
def test_the_engine_of_campaigns_wants_an_address_that_it_can_open(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BHYT_OUTREACH__ENGINE_URL", url)
    assert set(wrong()) == {"outreach.engine_url"}


@pytest.mark.parametrize(("section", "name"), [("cases", "webhook_secret"), ("console", "secret_key")])
def test_secrets_of_staff_do_not_stand_in_the_file(elsewhere: Path, section: str, name: str) -> None:
    file = written(elsewhere, f"[{section}]\n{name} = '{SECRET}'\n")
    assert "is a secret" in wrong(file)[f"{section}.{name}"]
