"""`bhyt-bot zalo …`"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli import main
from tests.channels.zalo.support import TOKEN_KEY
from tests.fakes.zalo import APP_ID, APP_SECRET, OA_ID, WEBHOOK_KEY

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "access-token-that-nobody-may-see"
PAIR = {"oa_id": OA_ID, "access_token": SECRET, "refresh_token": f"{SECRET}-2", "expires_in": "90000"}


class Shell:
    """Runs commands; gives exit code, standard output and standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as left:
            main(["zalo", *arguments])
        out = self._capsys.readouterr()
        assert SECRET not in out.out + out.err
        return int(left.value.code or 0), out.out, out.err


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A command line with an account in its settings."""
    file = tmp_path / "config.toml"
    file.write_text(
        f'[web]\npublic_url = "https://bot.example.vn"\n[zalo]\napp_id = "{APP_ID}"\n'
        f'[[zalo.oa]]\nid = "{OA_ID}"\nname = "BHXH thử nghiệm"\n',
        encoding="utf-8",
    )
    values = {
        "BHYT_CONFIG": str(file),
        "BHYT_DATABASE__URL": f"sqlite:///{tmp_path}/bhyt.sqlite3",
        "BHYT_ZALO__APP_SECRET": APP_SECRET,
        "BHYT_ZALO__WEBHOOK_KEY": WEBHOOK_KEY,
        "BHYT_ZALO__TOKEN_KEY": TOKEN_KEY,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Shell(capsys, monkeypatch)


def test_a_key_is_made(shell: Shell) -> None:
    code, out, _ = shell.run("key")
    assert code == 0
    assert len(out.strip()) == 44
    assert out != shell.run("key")[1]


def test_login_prints_the_address(shell: Shell) -> None:
    code, out, err = shell.run("login")
    assert code == 0
    assert out.startswith("https://oauth.zaloapp.com/v4/oa/permission?app_id=")
    assert out.count("\n") == 1
    assert "https://bot.example.vn/zalo/callback" in err


def test_login_for_an_account_that_is_not_ours(shell: Shell) -> None:
    code, out, err = shell.run("login", "--oa", "1234567")
    assert (code, out) == (1, "")
    assert "config.toml" in err


def test_login_names_what_is_missing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BHYT_ZALO__TOKEN_KEY")
    code, _, err = shell.run("login")
    assert code == 2
    assert "zalo.token_key" in err
    assert "BHYT_ZALO__TOKEN_KEY" in err
    monkeypatch.setenv("BHYT_WEB__PUBLIC_URL", "")
    assert "web.public_url" in shell.run("login")[2]


def test_a_fixed_proof_key_is_made_and_works(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = shell.run("pkce")
    assert code == 0
    (_, verifier), (_, challenge) = (re.split("[=:] ?", line) for line in out.splitlines())
    assert shell.run("pkce")[1] != out
    monkeypatch.setenv("BHYT_ZALO__PKCE", "fixed")
    monkeypatch.setenv("BHYT_ZALO__CODE_VERIFIER", verifier)
    assert f"&code_challenge={challenge}&" in shell.run("login")[1]


def test_a_pasted_pair_is_kept(shell: Shell) -> None:
    assert shell.run("status")[:2] == (1, f"BHXH thử nghiệm ({OA_ID}): missing\n")
    code, _, _ = shell.run("token", typed=json.dumps(PAIR))
    assert code == 0
    code, out, _ = shell.run("status")
    assert code == 0
    assert "ok, refreshed" in out
    assert "90 days left" in out or "89 days left" in out


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("", "one JSON object"),
        ("[]", "one JSON object"),
        (SECRET, "one JSON object"),
        (json.dumps({**PAIR, "refresh_token": ""}), "refresh_token"),
        (json.dumps({**PAIR, "access_token": 5}), "access_token"),
        (json.dumps({**PAIR, "access_token": f"{SECRET}\nx"}), "access_token"),
        (json.dumps({"access_token": SECRET}), "oa_id"),
    ],
)
def test_a_pair_that_is_none_is_refused_without_being_shown(shell: Shell, typed: str, named: str) -> None:
    code, _, err = shell.run("token", typed=typed)
    assert code == 2
    assert named in err


def test_a_pair_of_another_account_is_refused(shell: Shell) -> None:
    code, _, err = shell.run("token", typed=json.dumps({**PAIR, "oa_id": "1234567"}))
    assert code == 1
    assert "config.toml" in err


def test_without_accounts_status_finds_none(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text("", encoding="utf-8")
    monkeypatch.setenv("BHYT_CONFIG", str(empty))
    assert shell.run("status")[:2] == (1, "")
