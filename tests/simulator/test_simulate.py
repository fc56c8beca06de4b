"""`bhyt-bot simulate` as a process: the real bot, child process and all."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession

from bot.simulator.practice import DATABASE, SETTINGS
from bot.simulator.program import Program, ProgramError
from bot.simulator.serving import HOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 240.0
"""Seconds; loading the knowledge takes most of them on a busy machine."""


class Page:
    """The page's API."""

    def __init__(self, client: ClientSession) -> None:
        self._client = client

    async def people(self, phone: str) -> list[str]:
        async with self._client.get("/api/phones") as response:
            return [person["id"] for person in (await response.json())[phone]]

    async def act(self, phone: str, person: str, act: str, body: object, *, shows: str = "") -> None:
        """Do something, and wait until another answer of the bot shows, one that says `shows`."""
        before = len(await self.answers(phone, person))
        async with self._client.get(f"/api/{phone}/events") as events:
            async with self._client.post(f"/api/{phone}/people/{person}/{act}", json=body) as response:
                assert response.status == 204
            while not any(shows in words(answer) for answer in (await self.answers(phone, person))[before:]):
                await events.content.readuntil(b"\n\n")

    async def answers(self, phone: str, person: str) -> list[Any]:
        async with self._client.get(f"/api/{phone}/people/{person}") as response:
            messages = (await response.json())["messages"]
        return [message for message in messages if message["author"] == "bot"]


def words(message: dict[str, Any]) -> str:
    return "".join(run["text"] for run in message["runs"])


async def test_a_conversation_on_both_platforms_and_a_clean_end(
    tmp_path: Path, warm_beside: Callable[[Path], None]
) -> None:
    kept = tmp_path / "kept.sqlite3"
    warm_beside(kept)
    # What an office has set up for its real bot must not be touched.
    own = {**os.environ, "BHYT_TELEGRAM__TOKEN": "1:real", "BHYT_DATABASE__URL": "postgresql://nowhere/x"}
    own["BHYT_SEARCH__EMBEDDINGS"] = "off"
    command = (sys.executable, "-m", "bot", "simulate", "--port", "0", "--keep", str(kept))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, env=own)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            address = (await process.stdout.readline()).decode().split()[-1]
            async with ClientSession(address) as client:
                page = Page(client)
                for phone in ("telegram", "zalo"):
                    person = (await page.people(phone))[0]
                    await page.act(phone, person, "start", {})
                    first = (await page.answers(phone, person))[0]
                    assert "Chào bạn!" in words(first)
                    await page.act(phone, person, "tap", {"message": first["id"], "choice": 0})
                    await page.act(phone, person, "say", {"text": "con tôi lớp 3 đóng bao nhiêu"}, shows="đồng")
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert kept.read_bytes().startswith(b"SQLite format 3")


async def test_a_practice_goes_on_after_everything_was_killed(
    tmp_path: Path, warm_beside: Callable[[Path], None]
) -> None:
    folder = tmp_path / "tap"
    folder.mkdir()
    warm_beside(folder / DATABASE)
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    (folder / SETTINGS).write_text(f"export BHYT_WEB__PORT={port}\n", encoding="utf-8")
    for said, shows in (("chào", "Chào bạn!"), ("dừng", "Bạn sẽ không nhận")):
        command = (sys.executable, "-m", "bot", "simulate", "--port", "0", "--practice", str(folder))
        process = await asyncio.create_subprocess_exec(
            *command, stdout=PIPE, env={**os.environ, "BHYT_SEARCH__EMBEDDINGS": "off", "TMPDIR": str(tmp_path)}
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE):
                lines = [(await process.stdout.readline()).decode() for _ in range(3)]
                assert [line.split()[-1] for line in lines[1:]] == [
                    f"http://127.0.0.1:{port}",
                    f"http://127.0.0.1:{port}/console/",
                ]
                async with ClientSession(lines[0].split()[-1]) as client:
                    page = Page(client)
                    person = (await page.people("telegram"))[-1]
                    await page.act("telegram", person, "say", {"text": said}, shows=shows)
        finally:
            # Its bot has to end by itself: the second one listens at the same address.
            process.kill()
            await process.wait()


async def test_a_bot_that_cannot_start_is_told(tmp_path: Path) -> None:
    program = Program(tmp_path, {"BHYT_WEB__PORT": "no number"})
    with pytest.raises(ProgramError, match=r"web\.port"):
        await program.once("zalo", "token", given="{}")
    with pytest.raises(ProgramError, match="ended with exit code 2"):
        async with program.running():
            pass
