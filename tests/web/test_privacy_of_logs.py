"""What somebody wrote leaves no trace in the log but the name of what happened."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING

import pytest
import structlog

from bot.logging import configure_logging
from bot.settings import LogFormat, LogSettings

if TYPE_CHECKING:
    from tests.web.support import Chat, Visitor

SECRET = "0912345678 matkhau"


@pytest.fixture
def log():
    stream = io.StringIO()
    configure_logging(LogSettings(format=LogFormat.JSON), stream)
    yield stream
    structlog.reset_defaults()


@pytest.mark.parametrize("text", [SECRET * 50_000, SECRET * 200, SECRET, "\x00", ""])
async def test_only_names_are_logged(log: io.StringIO, chat: Chat, guest: Visitor, text: str) -> None:
    await guest.post(text)
    assert SECRET not in log.getvalue()
    assert guest.sender not in log.getvalue()
    assert log.getvalue()


async def test_a_failure_is_logged_by_its_place(
    log: io.StringIO, chat: Chat, guest: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(chat.site.renderer, "payload", broken)
    status, data = await guest.post(SECRET, id=str(uuid.uuid4()))
    assert (status, data["error"]) == (500, "failed")
    assert SECRET not in log.getvalue()
    assert '"event": "web_failed"' in log.getvalue()
    assert '"route": "post_message"' in log.getvalue()
