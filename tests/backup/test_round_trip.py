"""What comes out of a backup is what went in, from and to both databases."""

from __future__ import annotations

import asyncio
import json
import stat
from threading import Thread
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, insert, select

from bot.backup.dumping import back_up
from bot.backup.errors import BackupError
from bot.errors import DatabaseError
from bot.store.database import Database
from bot.store.erasing import erase_person
from bot.store.migrations import current, head, upgrade
from bot.store.models import Base, CaseRow, InboundRow, PersonRow
from bot.store.suppression import by_phone, suppressed
from tests.backup.content import MOMENT, ROWS, fill, row
from tests.backup.support import content, load, save, silent, tables
from tests.bot.reading import rows
from tests.outreach.office import Office

if TYPE_CHECKING:
    from pathlib import Path

    from tests.backup.conftest import Make


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_everything_comes_back(full: Database, empty: Database, tmp_path: Path) -> None:
    await save(full, tmp_path / "copy.zip")
    await load(empty, tmp_path / "copy.zip")
    for table in Base.metadata.tables:
        found = await rows(empty, table)
        assert len(found) == len(ROWS)
        assert found == await rows(full, table)
    assert await current(empty.engine) == head()


async def test_a_row_may_refer_to_a_later_one_of_its_table(full: Database, empty: Database, tmp_path: Path) -> None:
    await save(full, tmp_path / "copy.zip")
    await load(empty, tmp_path / "copy.zip")
    async with empty.reading() as session:
        first = select(CaseRow.merged_into).order_by(CaseRow.id).limit(1)
        assert await session.scalar(first) == await session.scalar(select(CaseRow.id).order_by(CaseRow.id.desc()))


async def test_no_table_is_forgotten(full: Database, tmp_path: Path) -> None:
    manifest = await save(full, tmp_path / "copy.zip")
    assert {part.table for part in manifest.parts} == await tables(full) - {"alembic_version"}
    assert {part.table for part in manifest.parts} == set(Base.metadata.tables)
    for part in manifest.parts:
        assert list(part.columns) == [column.name for column in Base.metadata.tables[part.table].columns]


async def test_a_number_that_was_given_is_not_given_again(full: Database, empty: Database, tmp_path: Path) -> None:
    table = Base.metadata.tables["inbound"]
    async with full.transaction() as session:
        new = {**row(table, 1), "message_key": "new"}
        del new["id"]
        given = []
        for key in ("a", "b"):
            added = insert(InboundRow).values(new | {"message_key": key}).returning(InboundRow.id)
            given.append(await session.scalar(added))
        taken = list(await session.scalars(select(InboundRow.id)))
        await session.execute(delete(InboundRow).where(InboundRow.id.in_(given)))
    await save(full, tmp_path / "copy.zip")
    await load(empty, tmp_path / "copy.zip")
    async with empty.transaction() as session:
        assert await session.scalar(insert(InboundRow).values(new).returning(InboundRow.id)) == max(taken) + 1
        highest = max(found["id"] for found in await rows(full, "person"))
        person = insert(PersonRow).values(created=MOMENT).returning(PersonRow.id)
        assert await session.scalar(person) == highest + 1


async def test_who_asked_to_be_erased_is_still_known(make: Make, empty: Database, tmp_path: Path) -> None:
    database = await make("sqlite", schema=True)
    person = await Office(database).person(phone="+84901234567")
    async with database.transaction() as session:
        await erase_person(session, person, asked=MOMENT.date())
    await save(database, tmp_path / "copy.zip")
    await load(empty, tmp_path / "copy.zip")
    phone = by_phone("+84901234567")
    async with empty.reading() as session:
        assert await suppressed(session, [phone, by_phone("+84912345678")]) == {phone: MOMENT.date()}


async def test_the_backup_is_of_one_moment_while_others_write(full: Database, tmp_path: Path) -> None:
    before = await content(full)
    url = full.engine.url.render_as_string(hide_password=False)

    async def write() -> None:
        other = Database(url)
        async with other.transaction() as session:
            await session.execute(insert(PersonRow).values(id=999, created=MOMENT))
            await session.execute(delete(CaseRow))
        await other.close()

    written: list[str] = []

    def report(what: str, _share: float) -> None:
        if not written:
            written.append(what)
            thread = Thread(target=asyncio.run, args=(write(),))
            thread.start()
            thread.join()

    await back_up(full, tmp_path / "copy.zip", MOMENT, report)
    assert await content(full) != before
    with ZipFile(tmp_path / "copy.zip") as archive:
        people = [json.loads(line)[0] for line in archive.read("tables/person.jsonl").splitlines()]
        assert 999 not in people
        assert len(archive.read("tables/support_case.jsonl").splitlines()) == len(ROWS)


async def test_only_its_owner_may_read_the_file(make: Make, tmp_path: Path) -> None:
    database = await make("sqlite", schema=True)
    await save(database, tmp_path / "copy.zip")
    assert stat.S_IMODE((tmp_path / "copy.zip").stat().st_mode) == 0o600


async def test_an_existing_file_is_left_alone(make: Make, tmp_path: Path) -> None:
    database = await make("sqlite", schema=True)
    (tmp_path / "copy.zip").write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        await save(database, tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").read_text() == "precious"


async def test_a_backup_that_fails_leaves_no_file(make: Make, tmp_path: Path) -> None:
    database = await make("sqlite", schema=True)
    await fill(database)
    folder = tmp_path / "backups"
    folder.mkdir()

    def report(what: str, _share: float) -> None:
        if what == "outbox":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await back_up(database, folder / "copy.zip", MOMENT, report)
    with pytest.raises(BackupError, match="cannot be written"):
        await back_up(database, folder / "nowhere" / "copy.zip", MOMENT, silent)
    assert files(folder) == []


async def test_a_database_of_another_version_is_not_backed_up(make: Make, tmp_path: Path) -> None:
    database = await make("sqlite")
    await upgrade(database.engine, "0001")
    with pytest.raises(BackupError, match="0001"):
        await save(database, tmp_path / "copy.zip")


async def test_a_database_that_is_away_is_told_without_its_address(tmp_path: Path) -> None:
    database = Database("postgresql+asyncpg://somebody:hunter2@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseError) as caught:
        await save(database, tmp_path / "copy.zip")
    assert "hunter2" not in str(caught.value)
    assert files(tmp_path) == []
    await database.close()
