"""The folder to practise in: its lists, and what the local platforms know again after they were started anew."""

from __future__ import annotations

import csv
import socket
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from bot.channels.inbound import Channel
from bot.channels.zalo.account import account_of
from bot.cli import main
from bot.clock import VIETNAM
from bot.delivery.errors import Unreachable
from bot.simulator import simulation
from bot.simulator.phone import Attachment
from bot.simulator.practice import LIST, PEOPLE, SETTINGS, ZALO_LIST, ZALO_PEOPLE, kept, prepare, tell
from bot.simulator.remembering import remember
from bot.simulator.serving import HOST
from bot.simulator.stage import Stage
from bot.simulator.telegram import TelegramPlatform
from bot.simulator.telegram.world import Standing
from bot.simulator.zalo.quota import FREE, WINDOW
from bot.store.models import ConversationRow, IdentityRow
from bot.store.threads import open_thread, save_memory
from tests.databases import migrated
from tests.fakes.telegram import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from bot.clock import Clock
    from bot.simulator.phone import Phone

NOON = datetime(2026, 11, 23, 12, tzinfo=VIETNAM)


def at(moment: datetime) -> Clock:
    return lambda: moment


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def pressed(platform: TelegramPlatform, person: int) -> tuple[int, int, str]:
    """What a bot recognises a press of a button by: the numbers of the update, of the message, of the press."""
    update = platform.press(person, "menu")
    written = platform.say(person, "chào")
    return update.id, written.body["message"]["message_id"], update.body["callback_query"]["id"]


def test_numbers_of_telegram_go_on_after_a_start_anew() -> None:
    earlier, later = (TelegramPlatform(TOKEN, clock=at(NOON + timedelta(seconds=seconds))) for seconds in (0, 1))
    told = []
    for platform in (earlier, later):
        person = platform.add_person("An")
        told += [pressed(platform, person) for _ in range(300)]
    for numbers in zip(*told, strict=True):
        assert len(set(numbers)) == len(told)
    assert told[0][0] < told[-1][0] < 2**53


def acted(phone: Phone) -> list[str]:
    """The ids of what one person did."""
    person = phone.people[0].id
    phone.start(person)
    phone.say(person, "chào")
    phone.attach(person, Attachment.PHOTO)
    return [message.id for message in phone.messages(person)]


def test_messages_on_zalo_have_ids_of_their_own_after_a_start_anew() -> None:
    ids = [message for _ in range(2) for message in acted(Stage().phones["zalo"])]
    assert len(ids) == len(set(ids)) == 4


def test_the_lists_name_people_of_both_platforms(tmp_path: Path) -> None:
    stage = Stage()
    prepare(tmp_path, stage)
    known = {name: {person.id for person in phone.people} for name, phone in stage.phones.items()}
    telegram, zalo = rows(tmp_path / LIST), rows(tmp_path / ZALO_LIST)
    assert (len(telegram), len(zalo)) == (PEOPLE, ZALO_PEOPLE)
    assert {row["Mã Telegram"] for row in telegram} < known["telegram"]
    assert {row["Mã Zalo"] for row in zalo} < known["zalo"]
    assert len(known["telegram"]) == 3 + PEOPLE
    assert {row["Kênh"] for row in zalo} == {"zalo"}
    assert sum(not row["Đồng ý"] for row in zalo) == ZALO_PEOPLE // 10


def test_secrets_and_people_are_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    environments, lists = [], []
    for _ in range(2):
        stage = Stage(kept(tmp_path))
        prepare(tmp_path, stage)
        environments.append(stage.environment("http://127.0.0.1:1", "http://127.0.0.1:2"))
        tell(tmp_path, environments[-1])
        lists.append([(tmp_path / name).read_bytes() for name in (LIST, ZALO_LIST)])
    assert environments[0] == environments[1] == kept(tmp_path)
    assert lists[0] == lists[1]
    assert environments[0]["BHYT_TELEGRAM__TOKEN"] != Stage().environment("", "")["BHYT_TELEGRAM__TOKEN"]
    assert environments[0]["BHYT_TELEGRAM__USERNAME"] == "bhyt_simulator_bot"


async def test_people_on_zalo_are_in_every_state_of_the_window_however_often_it_is_opened(tmp_path: Path) -> None:
    database = await migrated(f"sqlite:///{tmp_path}/bhyt.sqlite3")
    for moment in (NOON, NOON + timedelta(days=6)):
        stage = Stage(kept(tmp_path))
        regulars = prepare(tmp_path, stage)
        await remember(stage, f"sqlite:///{tmp_path}/bhyt.sqlite3", regulars, at(moment))
        async with database.reading() as session:
            seen = list(await session.scalars(select(ConversationRow.last_interaction)))
        silent = [moment - last for last in seen if last is not None]
        free = sum(one <= FREE for one in silent)
        paid = sum(FREE < one <= WINDOW for one in silent)
        assert (free, paid, len(silent)) == (ZALO_PEOPLE // 3, ZALO_PEOPLE // 3, ZALO_PEOPLE)
        members = stage.office.account.members
        assert [members[each.id].last_interaction for each in regulars] == seen
        assert stage.office.account.quotas["sub_quota"].remain > 0
    await database.close()


async def test_who_wrote_blocked_or_was_erased_is_so_after_a_start_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bhyt.sqlite3"
    database = await migrated(url)
    first = Stage()
    regulars = prepare(tmp_path, first)
    await remember(first, url, regulars, at(NOON))
    pupil, parent = (person.id for person in first.phones["telegram"].people[:2])
    teacher = first.phones["zalo"].people[2].id
    async with database.transaction() as session:
        zalo = account_of(first.office.account.id)
        for account, channel, sender in (
            ("telegram", Channel.TELEGRAM, pupil),
            ("telegram", Channel.TELEGRAM, parent),
            (zalo, Channel.ZALO, teacher),
        ):
            thread = await open_thread(session, account, channel, sender, NOON)
            await save_memory(session, thread, thread.memory, NOON, NOON)
        blocked = update(IdentityRow).where(IdentityRow.sender == parent)
        await session.execute(blocked.values(unreachable=Unreachable.BLOCKED.value))
        erased = select(IdentityRow.id).where(IdentityRow.sender == regulars[0].id).scalar_subquery()
        await session.execute(delete(ConversationRow).where(ConversationRow.identity_id == erased))
        await session.execute(delete(IdentityRow).where(IdentityRow.sender == regulars[0].id))
    second = Stage()
    await remember(second, url, prepare(tmp_path, second), at(NOON + timedelta(hours=1)))
    chats = second.telegram.world.chats
    assert (chats[int(pupil)].standing, chats[int(parent)].standing) == (Standing.OPEN, Standing.BLOCKED)
    assert second.office.account.members[teacher].last_interaction == NOON
    assert second.office.account.members[regulars[0].id].last_interaction is None
    async with database.reading() as session:
        assert await session.scalar(select(IdentityRow.id).where(IdentityRow.sender == regulars[0].id)) is None
    await database.close()


def test_a_port_that_another_program_has_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulation, "PATIENCE", 0)
    with socket.create_server((HOST, 0)) as other:
        taken = other.getsockname()[1]
        (tmp_path / SETTINGS).write_text(f"export BHYT_WEB__PORT={taken}\n", encoding="utf-8")
        for arguments, way in (
            (["--port", str(taken)], "chọn cổng khác bằng --port"),
            (["--port", "0", "--practice", str(tmp_path)], f"đổi BHYT_WEB__PORT trong {tmp_path / SETTINGS}"),
        ):
            with pytest.raises(SystemExit) as left:
                main(["simulate", *arguments])
            told = capsys.readouterr().err
            assert left.value.code == 2
            assert f"Cổng {taken} trên máy này đang có chương trình khác dùng" in told
            assert way in told
