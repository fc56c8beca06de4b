"""The real process is killed at the worst moments. Afterwards the platforms count: nothing lost, nothing confirmed
repeated; what was in flight when it died may come twice, as `bot.delivery.policy` says."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import clock as clocks
from bot.channels.zalo.webhook import PATH
from bot.settings import TelegramMode
from bot.store.database import Database
from tests.bot.reading import rows
from tests.bot.scripted import ScriptedCore
from tests.platforms.dying import POINTS
from tests.platforms.office import (
    APP_ID,
    APP_SECRET,
    KEY,
    OA_ID,
    PATIENCE,
    SESSION_KEY,
    WEBHOOK_KEY,
    WEBHOOK_SECRET,
    Place,
    connect_zalo,
    office,
)
from tests.real_core import real_core

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo
    from tests.platforms.office import Office

ROOT = Path(__file__).parents[2]
COMMITTED, UNSENT, SENT, RENEWED = POINTS
START = 90.0
"""Seconds within which the process must be up and dead again, also on a busy machine."""
TWICE = {SENT}
"""Points at which nobody can know whether the person has the reply."""


def later() -> datetime:
    """The clock of the process that takes over: what the dead one held is free by then."""
    return clocks.now() + timedelta(minutes=1)


@pytest.fixture
def place(url: str, tmp_path: Path) -> Place:
    return Place(url, tmp_path / "inbox")


def environment(place: Place, telegram: FakeTelegram, zalo: FakeZalo, port: int) -> dict[str, str]:
    """The settings of `Place.settings` as a process gets them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BHYT_")}
    return {
        **kept,
        "BHYT_CONFIG": os.devnull,
        "BHYT_DATABASE__URL": place.url,
        "BHYT_WEB__PORT": str(port),
        "BHYT_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BHYT_WEB__SESSION_KEY": SESSION_KEY,
        "BHYT_TELEGRAM__TOKEN": telegram.token,
        "BHYT_TELEGRAM__MODE": place.mode.value,
        "BHYT_TELEGRAM__WEBHOOK_SECRET": WEBHOOK_SECRET,
        "BHYT_TELEGRAM__API_URL": telegram.url,
        "BHYT_ZALO__APP_ID": APP_ID,
        "BHYT_ZALO__APP_SECRET": APP_SECRET,
        "BHYT_ZALO__WEBHOOK_KEY": WEBHOOK_KEY,
        "BHYT_ZALO__TOKEN_KEY": KEY,
        "BHYT_ZALO__OA": f'[{{"id": "{OA_ID}", "name": "BHXH", "rate": 4000}}]',
        "BHYT_ZALO__API_URL": zalo.url,
        "BHYT_ZALO__OAUTH_URL": zalo.url,
        "BHYT_DELIVERY__INBOX": str(place.inbox),
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@asynccontextmanager
async def doomed(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo, point: str, times: int, token_life: timedelta | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A running bot that will kill itself at the point; at the end of the block it must have done so."""
    database = Database(place.url)
    port = free_port()
    settings = place.settings(telegram, zalo, f"http://127.0.0.1:{port}")
    await connect_zalo(database, settings.zalo, zalo, earlier if token_life else clocks.now, token_life)
    await database.close()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.platforms.dying", point, str(times)),
        cwd=ROOT,
        env=environment(place, telegram, zalo, port),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(START):
            assert process.stdout is not None
            await process.stdout.readline()  # the address: it is serving
            zalo.send_to(f"http://127.0.0.1:{port}{PATH}")
            ready = telegram.answered("setWebhook" if place.mode is TelegramMode.WEBHOOK else "deleteWebhook")
            waiting = [asyncio.create_task(ready), asyncio.create_task(process.wait())]
            _, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in others:
                task.cancel()
            yield process
            assert await process.wait() == -signal.SIGKILL
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def noted(place: Place) -> None:
    """Until the process has noted that its first reply was sent; only the second one is to be in doubt."""
    database = Database(place.url)
    async with asyncio.timeout(START):
        while [row["state"] for row in await rows(database, "outbox")] != ["sent"]:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    await database.close()


async def recovered(running: Office) -> None:
    """Until the new process has taken up what the dead one left."""
    async with asyncio.timeout(PATIENCE):
        await running.settled()
        await running.service.delivery.sweep()
        await running.settled()


@pytest.mark.parametrize("url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
@pytest.mark.parametrize(
    ("point", "mode"),
    [
        *((point, TelegramMode.WEBHOOK) for point in (COMMITTED, UNSENT, SENT)),
        *(pytest.param(point, TelegramMode.POLLING, marks=pytest.mark.long) for point in (COMMITTED, UNSENT)),
        (SENT, TelegramMode.POLLING),
    ],
)
async def test_telegram(place: Place, telegram: FakeTelegram, zalo: FakeZalo, point: str, mode: TelegramMode) -> None:
    place = Place(place.url, place.inbox, mode)
    person = telegram.platform.add_person("An")
    async with doomed(place, telegram, zalo, point, times=2):
        telegram.platform.say(person, "một")
        await telegram.answered("sendMessage")
        await noted(place)
        telegram.platform.say(person, "hai")
    async with office(place, telegram, zalo, real_core(ScriptedCore()), later, connected=False) as running:
        telegram.platform.say(person, "ba")
        if mode is TelegramMode.POLLING:
            await telegram.answered("sendMessage", 4 if point in TWICE else 3)
        await recovered(running)
        assert texts(telegram.shown(person)) == ["1: một", *["2: hai"] * (2 if point in TWICE else 1), "3: ba"]
        assert len(await rows(running.runtime.database, "inbound")) == 3


@pytest.mark.parametrize("url", [pytest.param("sqlite", marks=pytest.mark.long), "postgresql"], indirect=True)
@pytest.mark.parametrize("point", [COMMITTED, UNSENT, SENT])
async def test_zalo(place: Place, telegram: FakeTelegram, zalo: FakeZalo, point: str) -> None:
    person = zalo.office.add_person("An")
    async with doomed(place, telegram, zalo, point, times=2):
        zalo.office.say(person, "một")
        await zalo.arrived(person, 1)
        await noted(place)
        event = zalo.office.say(person, "hai")
    async with office(place, telegram, zalo, real_core(ScriptedCore()), later, connected=False) as running:
        await zalo.post(event, retry=1)
        zalo.office.say(person, "ba")
        await recovered(running)
        assert texts(zalo.shown(person)) == ["1: một", *["2: hai"] * (2 if point in TWICE else 1), "3: ba"]
        assert len(await rows(running.runtime.database, "inbound")) == 3


async def test_killed_while_the_tokens_are_renewed_replies_wait_for_new_ones(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    """Zalo has spent the old refresh token, and nobody kept the new one: an administrator has to consent again."""
    person = zalo.office.add_person("An")
    zalo.office.follow(person)
    async with doomed(place, telegram, zalo, RENEWED, times=1, token_life=timedelta(minutes=65)):
        pass
    async with office(place, telegram, zalo, real_core(ScriptedCore()), later, connected=False) as running:
        zalo.office.say(person, "một")
        await running.settled()
        async with asyncio.timeout(PATIENCE):
            while (await rows(running.runtime.database, "channel_token"))[0]["state"] != "reconnect":
                await zalo.settled()
        assert zalo.shown(person) == []
        await connect_zalo(running.runtime.database, running.runtime.settings.zalo, zalo)
    async with office(place, telegram, zalo, real_core(ScriptedCore()), much_later, connected=False) as running:
        await recovered(running)
        assert "1: một" in texts(zalo.shown(person))


def much_later() -> datetime:
    return clocks.now() + timedelta(minutes=10)


def earlier() -> datetime:
    """When tokens were kept that are to be renewed now."""
    return clocks.now() - timedelta(hours=1)


def texts(shown: list[str]) -> list[str]:
    """Only the answer: its source stands under it."""
    return [text.split("\n")[0] for text in shown]


async def test_two_processes_on_one_database_share_the_work(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    """Each event reaches both, as behind a proxy that tries again elsewhere."""
    people = [zalo.office.add_person(f"An {number}") for number in range(4)]
    async with (
        office(place, telegram, zalo, real_core(ScriptedCore())) as one,
        office(place, telegram, zalo, real_core(ScriptedCore()), connected=False) as other,
    ):
        with zalo.holding() as held:
            for person in people:
                for text in ("một", "hai"):
                    zalo.office.say(person, text)
        events = list(held)
        for event in events:
            zalo.send_to(one.url + PATH)
            first = zalo.post(event)
            zalo.send_to(other.url + PATH)
            await asyncio.gather(first, zalo.post(event, retry=1))
        await recovered(one)
        await recovered(other)
        for person in people:
            assert texts(zalo.shown(person)) == ["1: một", "2: hai"]
