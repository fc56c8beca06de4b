"""A whole bot is written to by somebody hostile, and much goes wrong: nothing of it, and no secret, is in the log."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from bot.actions import Action
from bot.channels.zalo.webhook import PATH
from bot.logging import FRAME, MEASURES, NAMES, configure_logging
from bot.settings import LogFormat, LogLevel, LogSettings
from tests.bot.scripted import ScriptedCore
from tests.fakes.telegram import refusal
from tests.fakes.zalo import APP_SECRET, WEBHOOK_KEY
from tests.fakes.zalo import refusal as zalo_refusal
from tests.platforms.office import KEY, SESSION_KEY, WEBHOOK_SECRET, office
from tests.real_core import real_core

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo
    from tests.platforms.office import Place

MARK = "zqxjk"
TYPED = f"{MARK} cccd 001099012345 sđt 0912345678 thẻ GD4797912345678 an.{MARK}@example.vn"
HOSTILE = [
    TYPED,
    f"boom {TYPED}",
    f"case log good join {TYPED}",
    f"taken {TYPED}",
    f'{MARK}\n{{"event": "started", "level": "info", "reason": "{MARK}"}}\r\n',
    f"<script>alert('{MARK}')</script>{{{{ {MARK} }}}} ${{{MARK}}} %s %(x)s {{0.__class__}}",
    f"'; DROP TABLE person; -- {MARK}",
    f'=HYPERLINK("http://{MARK}.example") \x1b[2J\x07 \u202e{MARK}',
    f"{MARK} " * 3_000,
    f"stop forget {MARK}",
]


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure_logging(LogSettings(level=LogLevel.DEBUG, format=LogFormat.JSON), stream)
    return stream


async def test_nothing_that_was_typed_and_no_secret_is_logged(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    parent = telegram.platform.add_person(f"An {MARK}")
    teacher = zalo.office.add_person(f"Bình {MARK}")
    async with office(place, telegram, zalo, real_core(ScriptedCore())) as running:
        token = zalo.mint()
        telegram.spoil("sendMessage", refusal(400, f"Bad Request: can't parse {TYPED}"))
        zalo.spoil("/v3.0/oa/message/cs", zalo_refusal(-201, TYPED))
        for text in HOSTILE:
            telegram.platform.say(parent, text)
            zalo.office.say(teacher, text)
            await running.settled()
        await telegram.post(f'{{"update_id": "{MARK}", "message": "{TYPED}"'.encode())
        await telegram.post(TYPED.encode(), secret=f"{MARK}-not-the-secret")
        await zalo.post_raw(TYPED.encode(), {"X-ZEvent-Signature": f"mac={MARK}"})
        await zalo.post({"event_name": MARK, "sender": {"id": MARK}}, key=MARK)
        for path in (f"/{MARK}", f"/?q={MARK}", f"/%0a{MARK}", PATH, "/console/sign-in", "/api/messages"):
            async with running.http.post(running.url + path, data={MARK: TYPED}) as response:
                await response.read()
    assert any(MARK in text for text in [*telegram.shown(parent), *zalo.shown(teacher)])
    told = capfd.readouterr()
    written = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {"turn_failed", "turn_done", "case_opened", "send_failed"} <= {line["event"] for line in written}
    for line in written:
        assert set(line) <= NAMES | MEASURES | FRAME
        assert line["event"] in set(Action)
    everything = (log.getvalue() + told.out + told.err).casefold()
    typed = (MARK, "001099012345", "0912345678", "gd4797912345678", "drop table", "<script", str(parent), teacher)
    secrets = (telegram.token, WEBHOOK_SECRET, SESSION_KEY, KEY, APP_SECRET, WEBHOOK_KEY, token.access, token.refresh)
    for private in (*typed, *secrets):
        assert private.casefold() not in everything, private
