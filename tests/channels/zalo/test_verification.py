"""The file by which Zalo knows our domain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web
from pydantic import ValidationError

from bot.channels.zalo.verification import LIMIT, routes
from bot.config import Settings
from bot.doctor import examine
from bot.errors import ConfigError
from bot.findings import Health
from bot.settings import ZaloSettings
from tests.fakes.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = '<html><meta content="AbC"/>\r\nGiới hạn</html>'.encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "zalo_verifierAbC-1_2.html"
    written.write_bytes(CONTENT)
    return written


async def test_the_file_is_served_as_it_is(file: Path, http: ClientSession) -> None:
    app = web.Application()
    app.add_routes(routes(ZaloSettings(verifier_files=(str(file),))))
    async with serving(app) as origin:
        async with http.get(f"{origin}/{file.name}") as response:
            assert (response.status, response.content_type) == (200, "text/html")
            assert await response.read() == CONTENT
        async with http.get(f"{origin}/zalo_verifierOther.html") as response:
            assert response.status == 404


def test_several_files_come_from_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = file.with_name("zalo_verifierX.html")
    other.write_bytes(b"x")
    monkeypatch.setenv("BHYT_ZALO__VERIFIER_FILES", f"{file}, {other}")
    assert [route.path for route in routes(Settings().zalo)] == ["/zalo_verifierAbC-1_2.html", "/zalo_verifierX.html"]


@pytest.mark.parametrize(
    "name", ["", "index.html", "zalo_verifier.html", "zalo_verifierA.php", "zalo_verifierA b.html"]
)
def test_only_files_as_zalo_names_them_are_served(name: str) -> None:
    with pytest.raises(ValidationError, match="zalo_verifier"):
        ZaloSettings(verifier_files=(f"/etc/{name}",))


def test_a_file_that_cannot_be_served_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.unlink()
    with pytest.raises(ConfigError, match=f"{file.name} cannot be read"):
        routes(ZaloSettings(verifier_files=(str(file),)))
    file.write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(ConfigError, match="too large"):
        routes(ZaloSettings(verifier_files=(str(file),)))
    monkeypatch.setenv("BHYT_ZALO__VERIFIER_FILES", str(file))
    broken = [finding.what for finding in asyncio.run(examine(None)) if finding.health is Health.BROKEN]
    assert any(file.name in what for what in broken)


async def test_the_doctor_says_when_no_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: Any = {"BHYT_CONFIG": "", "BHYT_DATABASE__URL": f"sqlite:///{tmp_path}/none.sqlite3"}
    for name, value in {**said, "BHYT_ZALO__OA": '[{"id": "12345", "name": "BHXH"}]'}.items():
        monkeypatch.setenv(name, value)
    notes = [finding.what for finding in await examine(None) if finding.health is Health.NOTE]
    assert any("zalo.verifier_files is empty" in note for note in notes)
