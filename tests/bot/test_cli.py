"""The command line, in processes of its own where that matters."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from bot.cli import main
from bot.store.migrations import head

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start from."""
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("BHYT_SEARCH__EMBEDDINGS", "off")
    return tmp_path


@pytest.fixture
def warm(home: Path, warm_beside: Callable[[Path], None]) -> None:
    """The folder as the second start finds it."""
    warm_beside(home / "var" / "bhyt.sqlite3")


def bot(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False, env={**os.environ, **environment})


def code(*arguments: str) -> int:
    """The exit code of a command run in this process."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    "command",
    [
        *([name] for name in ("run", "chat", "ask", "eval", "bench", "doctor", "knowledge", "db")),
        *(["knowledge", name] for name in ("check", "search", "stale", "fit")),
        ["db", "upgrade"],
        [],
    ],
)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert code(*command, "--help") == 0
    assert "Usage: bhyt-bot" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["fly"], ["ask"], ["ask", "x", "--jsonl"], ["knowledge", "stale", "--date", "x"]]
)
def test_a_wrong_command_leaves_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert code(*arguments) == 2
    assert "Usage" in capsys.readouterr().err


def test_a_wrong_setting_leaves_with_2_and_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BHYT_WEB__PORT", "hunter2")
    assert code("db", "upgrade") == 2
    told = capsys.readouterr().err
    assert "web.port" in told
    assert "BHYT_WEB__PORT" in told
    assert "hunter2" not in told
    assert list(home.iterdir()) == []


def test_another_settings_file_can_be_given(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "other.toml").write_text("[web]\nprot = 1\n", encoding="utf-8")
    assert code("--config", "other.toml", "db", "upgrade") == 2
    assert "web.prot" in capsys.readouterr().err
    assert code("db", "upgrade") == 0


def test_the_database_is_made_and_then_left_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code("db", "upgrade") == code("db", "upgrade") == 0
    assert f"database at {head()}" in capsys.readouterr().out
    assert (home / "var" / "bhyt.sqlite3").exists()


def test_a_database_that_does_not_answer_leaves_with_1_and_no_password() -> None:
    done = bot("db", "upgrade", BHYT_DATABASE__URL="postgresql://bot:hunter2@127.0.0.1:1/x")
    assert done.returncode == 1
    assert b"hunter2" not in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.usefixtures("warm")
def test_knowledge_can_be_searched_and_stale_answers_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert code("knowledge", "search", "quen mat khau vssid", "--limit", "2") == 0
    assert "vssid" in capsys.readouterr().out
    assert code("knowledge", "stale", "--date", "2020-01-01") == 0
    assert code("knowledge", "stale", "--date", "2100-01-01") == 1


def test_knowledge_check_leaves_with_1_when_answers_are_overdue(capsys: pytest.CaptureFixture[str]) -> None:
    assert code("knowledge", "check", "--date", "2100-01-01") == 1
    assert "its review was due on" in capsys.readouterr().out


@pytest.mark.usefixtures("warm")
def test_one_question_is_answered_without_a_database(home: Path) -> None:
    done = bot("ask", "quen mat khau vssid", "--date", "2026-09-05")
    assert done.returncode == 0
    assert "VssID" in done.stdout.decode()
    assert not list(home.glob("**/*.sqlite3"))


@pytest.mark.usefixtures("warm")
def test_json_lines_are_answered_one_by_one_as_they_come() -> None:
    command = [sys.executable, "-m", "bot", "ask", "--jsonl"]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line, keys in [
            ('{"id": "a", "text": "đóng bao nhiêu", "session": 1, "persona": "student"}', {"decision", "text"}),
            ("broken", {"error"}),
            ('{"id": "b", "text": "quên mật khẩu vssid", "date": "2026-09-05"}', {"decision", "sources"}),
        ]:
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline().decode("utf-8"))
            assert keys <= set(answer)
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


@pytest.mark.usefixtures("warm")
def test_chat_works_without_a_terminal_and_remembers() -> None:
    first = bot("chat", given="xin chào\n\nthoát\nnever read\n".encode())
    assert first.returncode == 0, first.stderr.decode()
    assert "Tạm biệt!" in first.stdout.decode()
    second = bot("chat", given=b"con toi 12 tuoi\n\xff\xfe\n", LC_ALL="C")
    assert second.returncode == 0, second.stderr.decode()
    assert "Bot" in second.stdout.decode()
    assert b"Traceback" not in first.stderr + second.stderr


@pytest.mark.usefixtures("warm")
def test_run_serves_the_page_and_stops_cleanly(home: Path) -> None:
    command = [sys.executable, "-m", "bot", "run"]
    environment = {**os.environ, "BHYT_WEB__PORT": "0", "BHYT_WEB__IDLE": "1", "BHYT_LOG__FORMAT": "json"}
    environment["BHYT_ZALO__APP_SECRET"] = "hunter2hunter2"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as process:  # type: ignore[call-overload]
        line = process.stdout.readline().decode("utf-8")
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, process.stderr.read()
        silent = [socket.create_connection(("127.0.0.1", int(found[0].rpartition(":")[2]))) for _ in range(2)]
        silent[1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with urlopen(found[0] + "/") as page:
            assert page.status == 200
        for connection in silent:
            with connection:
                connection.settimeout(60)
                assert connection.recv(1) == b"", "closed: it brought no whole request"
        title = Path(f"/proc/{process.pid}/cmdline")  # where every user of the machine can read it
        assert not title.exists() or b"hunter2" not in title.read_bytes()
        process.send_signal(signal.SIGTERM)
        log = process.stderr.read().decode("utf-8")
    assert process.returncode == 0, log
    assert "hunter2" not in line + log
    actions = [json.loads(line)["event"] for line in log.splitlines() if line.startswith("{")]
    assert actions in (["retention_done", "started", "stopped"], ["started", "retention_done", "stopped"])
    assert sorted(path.name for path in (home / "var").iterdir()) == ["bhyt.sqlite3", "cache", "session.key"]


def test_doctor_finds_a_fresh_machine_well_and_changes_nothing(home: Path) -> None:
    done = bot("doctor")
    told = done.stdout.decode()
    assert "configuration: read" in told
    assert "database: will be made at the first start" in told
    assert "session key: will be made at the first start" in told
    assert list(home.iterdir()) == []


def test_doctor_names_what_is_broken() -> None:
    done = bot("doctor", BHYT_WEB__PORT="hunter2", BHYT_LOG__LEVEL="loud")
    told = done.stdout.decode()
    assert done.returncode == 1
    assert "web.port" in told
    assert "log.level" in told
    assert "hunter2" not in told + done.stderr.decode()


def test_doctor_sees_a_database_that_is_behind(home: Path) -> None:
    (home / "var").mkdir()
    (home / "var" / "bhyt.sqlite3").touch()
    done = bot("doctor")
    assert done.returncode == 1
    assert "run bhyt-bot db upgrade" in done.stdout.decode()


def test_doctor_sees_a_database_that_does_not_answer() -> None:
    url, key = "postgresql://bot:hunter2@127.0.0.1:1/x", "k" * 40
    done = bot("doctor", BHYT_DATABASE__URL=url, BHYT_WEB__SESSION_KEY=key)
    assert done.returncode == 1
    assert "database: does not answer" in done.stdout.decode()
    assert "hunter2" not in done.stdout.decode() + done.stderr.decode()
