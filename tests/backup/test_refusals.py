"""A backup that is not whole, or does not fit, changes nothing."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from sqlalchemy import MetaData, insert

from bot.backup.archive import MANIFEST, reading
from bot.backup.errors import BackupError
from bot.store.database import Database
from bot.store.migrations import current, head, upgrade
from bot.store.models import PersonRow
from tests.backup.content import MOMENT, fill
from tests.backup.support import content, load, save, silent, tables
from tests.bot.reading import rows
from tests.databases import migrated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good backup, made once."""
    folder = tmp_path_factory.mktemp("good")

    async def make() -> None:
        database = await migrated(f"sqlite:///{folder}/bhyt.sqlite3")
        await fill(database)
        await save(database, folder / "copy.zip")
        await database.close()

    asyncio.run(make())
    return folder / "copy.zip"


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    """One to spoil."""
    return shutil.copy(good, tmp_path / "copy.zip")


def changed(file: Path, change: Callable[[Parts, dict[str, Any]], None], *, stored: bool = False) -> Path:
    """The backup with other parts, whose digests are as they should be."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop(MANIFEST))
    change(parts, manifest)
    for part in manifest["parts"]:
        lines = parts.get(f"tables/{part['table']}.jsonl", b"")
        part |= {"sha256": hashlib.sha256(lines).hexdigest(), "rows": len(lines.splitlines())}
    with ZipFile(file, "w", ZIP_STORED if stored else ZIP_DEFLATED) as archive:
        for name, lines in {**parts, MANIFEST: json.dumps(manifest).encode()}.items():
            archive.writestr(name, lines)
    return file


async def assert_refused(database: Database, file: Path, why: str) -> None:
    with pytest.raises(BackupError, match=why):
        await load(database, file)
    assert await tables(database) == set()


def assert_seen(file: Path, why: str) -> None:
    """It is refused before any database is looked at."""
    with pytest.raises(BackupError, match=why), reading(file, silent):
        pass


def all_rows(file: Path) -> list[list[Any]]:
    with reading(file, silent) as archive:
        return [row for part in archive.manifest.parts for row in archive.rows(part)]


def test_whatever_byte_is_damaged_it_is_seen_or_does_not_matter(copy: Path) -> None:
    good, whole = all_rows(copy), copy.read_bytes()
    refused = 0
    for place in range(0, len(whole), 101):
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            assert all_rows(copy) == good
        except BackupError:
            refused += 1
    assert refused > len(whole) / 101 / 2


@pytest.mark.parametrize("kept", [0, 1, 100, 5_000, -1, -23, -4_000])
def test_a_file_that_was_cut_off(copy: Path, kept: int) -> None:
    copy.write_bytes(copy.read_bytes()[:kept])
    assert_seen(copy, "damaged")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert_seen(tmp_path / "nothing.zip", "cannot be read")
    assert_seen(tmp_path, "cannot be read")


def test_another_kind_of_archive(copy: Path) -> None:
    assert_seen(changed(copy, unchanged, stored=True), "damaged")


def unchanged(parts: Parts, manifest: dict[str, Any]) -> None:
    """As it was."""


def stranger(parts: Parts, manifest: dict[str, Any]) -> None:
    parts["tables/../../evil.jsonl"] = b"[]\n"


def forgotten(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["parts"] = [part for part in manifest["parts"] if part["table"] != "consent"]
    del parts["tables/consent.jsonl"]


def no_row(parts: Parts, manifest: dict[str, Any]) -> None:
    parts["tables/outbox.jsonl"] += b"nonsense\n"


def short_row(parts: Parts, manifest: dict[str, Any]) -> None:
    parts["tables/outbox.jsonl"] += b"[1, 2]\n"


def lost_parent(parts: Parts, manifest: dict[str, Any]) -> None:
    parts["tables/identity.jsonl"] = b""


def wrong_state(parts: Parts, manifest: dict[str, Any]) -> None:
    parts["tables/support_case.jsonl"] = parts["tables/support_case.jsonl"].replace(b'"resolved"', b'"lost"')


def wrong_moment(parts: Parts, manifest: dict[str, Any]) -> None:
    parts["tables/webhook.jsonl"] = parts["tables/webhook.jsonl"].replace(b"2026-", b"20x6-")


def other_column(parts: Parts, manifest: dict[str, Any]) -> None:
    for part in manifest["parts"]:
        part["columns"] = {name + "_x": kind for name, kind in part["columns"].items()}


def clever_name(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["parts"][0]["table"] = 'person"; DROP TABLE person; --'


def newer(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["revision"] = "9999"


def other_format(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["format"] = 2


@pytest.mark.parametrize(
    ("change", "why"),
    [(stranger, "its parts"), (clever_name, "damaged"), (other_format, "damaged")],
)
def test_a_backup_that_names_other_things(
    copy: Path, change: Callable[[Parts, dict[str, Any]], None], why: str
) -> None:
    assert_seen(changed(copy, change), why)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (forgotten, "tables of its version"),
        (no_row, "damaged"),
        (short_row, "damaged"),
        (lost_parent, "does not take"),
        (wrong_state, "does not take"),
        (wrong_moment, "damaged"),
        (other_column, "does not take"),
        (newer, "newer version"),
    ],
)
async def test_a_backup_that_does_not_fit(
    copy: Path, empty: Database, change: Callable[[Parts, dict[str, Any]], None], why: str
) -> None:
    await assert_refused(empty, changed(copy, change), why)


async def test_a_database_that_was_prepared_stays_empty_too(copy: Path, empty: Database) -> None:
    await upgrade(empty.engine)
    with pytest.raises(BackupError, match="does not take"):
        await load(empty, changed(copy, lost_parent))
    assert await content(empty) == []
    assert await current(empty.engine) == head()


async def test_a_database_with_a_single_row_is_refused(copy: Path, empty: Database) -> None:
    await upgrade(empty.engine)
    async with empty.transaction() as session:
        await session.execute(insert(PersonRow).values(created=MOMENT))
    with pytest.raises(BackupError, match="not empty"):
        await load(empty, copy)
    assert len(await content(empty)) == 1


async def test_a_database_of_something_else_is_refused(copy: Path, empty: Database) -> None:
    async with empty.engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(BackupError, match="something else"):
        await load(empty, copy)
    assert await tables(empty) == {"recipes"}


async def test_a_database_of_another_version_is_refused(copy: Path, empty: Database) -> None:
    await upgrade(empty.engine, "0001")
    with pytest.raises(BackupError, match="another version"):
        await load(empty, copy)
    assert await current(empty.engine) == "0001"


def drop_all(connection: Connection) -> None:
    """Every table that is there, none before those that refer to it."""
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


async def test_a_backup_of_an_older_version_is_brought_up_to_date(copy: Path, empty: Database) -> None:
    first = {
        "account": {"id": "text", "channel": "text", "created": "moment"},
        "person": {"id": "number", "created": "moment"},
    }
    moment = MOMENT.isoformat()
    values = {"account": ["web", "web", moment], "person": [41, moment]}
    await upgrade(empty.engine, "0001")
    names = await tables(empty) - {"alembic_version"}
    async with empty.engine.begin() as connection:
        await connection.run_sync(drop_all)

    def as_of_then(parts: Parts, manifest: dict[str, Any]) -> None:
        parts.clear()
        manifest |= {"revision": "0001", "parts": []}
        for name in sorted(names):
            part = {"table": name, "columns": first.get(name, {"id": "number"}), "keys": ["id"], "numbered": None}
            manifest["parts"].append(part)
            parts[f"tables/{name}.jsonl"] = json.dumps(values[name]).encode() + b"\n" if name in values else b""

    await load(empty, changed(copy, as_of_then))
    assert await current(empty.engine) == head()
    assert await rows(empty, "person") == [{"id": 41, "created": MOMENT}]
    assert [row["id"] for row in await rows(empty, "account")] == ["web"]
