"""Fixtures of the web chat, and Debian's Chromium for the tests marked `browser`."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, async_playwright

from tests.web.support import Chat, Visitor, running, visitor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """A running web chat with limits that no test reaches by accident."""
    async with running(tmp_path) as started:
        yield started


@pytest.fixture
async def guest(chat: Chat) -> AsyncIterator[Visitor]:
    """Somebody who has opened the page."""
    async with visitor(chat) as somebody:
        await somebody.open()
        yield somebody


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A fresh Chromium; without one the test is skipped, but never in CI."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI is set, but Debian's chromium is not installed")
        pytest.skip("Debian's chromium is not installed (apt-get install chromium)")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        await started.close()
