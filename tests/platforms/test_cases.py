"""A citizen asks something hard, staff answers, the bot keeps quiet and comes back: whole, over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiohttp import ClientSession, CookieJar
from sqlalchemy import insert, select

from bot import clock as clocks
from bot.cases.desk import CaseDesk
from bot.cases.errors import NotOwnerError
from bot.cases.holding import Attendant
from bot.settings import CasesSettings
from bot.store.database import Database
from bot.store.models import CaseCardRow, CaseRow, StaffRow
from tests.bot.reading import rows
from tests.bot.scripted import hotline
from tests.platforms.office import PATIENCE, Office, Place, office
from tests.web.support import Visitor
from tests.web.test_stream import next_event

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo

LAN = 1
HARD = "cho tôi gặp cán bộ, tôi muốn khiếu nại vì trường thu sai tiền"


async def hired(running: Office, telegram: str | None = None) -> None:
    async with running.runtime.database.transaction() as session:
        values = {"id": LAN, "login": "lan", "name": "Chị Lan", "role": "agent", "telegram": telegram}
        await session.execute(insert(StaffRow).values(**values, created=running.runtime.clock()))


async def number(running: Office) -> str:
    async with running.runtime.database.reading() as session:
        return str((await session.execute(select(CaseRow.number))).scalar_one())


async def cards(running: Office, count: int) -> list[int]:
    """The messages that show cases in the group, when there are so many."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with running.runtime.database.reading() as session:
                shown = select(CaseCardRow.message).where(CaseCardRow.message.is_not(None)).order_by(CaseCardRow.id)
                found = [int(message) for message in (await session.execute(shown)).scalars()]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.01)


async def test_on_zalo_staff_answers_in_the_same_chat(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    person = zalo.office.add_person("An")
    async with office(place, telegram, zalo) as running:
        desk = running.runtime.desk
        await hired(running)
        zalo.office.say(person, HARD)
        await running.settled()
        case = await number(running)
        assert any(case in shown for shown in zalo.shown(person))

        await desk.reply(case, LAN, "Chị đã gọi cho trường, mai trường trả lại tiền.")
        await running.settled()
        assert "mai trường trả lại tiền" in zalo.shown(person)[-1]

        before = zalo.shown(person)
        zalo.office.say(person, "học sinh đóng BHYT bao nhiêu tiền?")
        await running.settled()
        assert zalo.shown(person) == before

        await desk.resolve(case, LAN)
        await running.settled()
        assert "Bạn có hài lòng không" in zalo.shown(person)[-1]
        zalo.office.say(person, "học sinh đóng BHYT bao nhiêu tiền?")
        await running.settled()
        assert "683.100" in " ".join(zalo.shown(person)[len(before) + 1 :])

        zalo.office.say(person, "vẫn chưa xong bạn ơi")
        await running.settled()
        assert case in zalo.shown(person)[-1]
        async with running.runtime.database.reading() as session:
            assert (await session.execute(select(CaseRow.state))).scalar_one() == "reopened"


async def test_opt_out_emergencies_and_data_are_answered_while_staff_has_it(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    person = telegram.platform.add_person("An")
    async with office(place, telegram, zalo) as running:
        await hired(running)
        telegram.platform.say(person, HARD)
        await running.settled()
        await running.runtime.desk.take(await number(running), LAN)
        for said, answer in (
            ("con tôi bị co giật tím tái phải làm sao", "115"),
            ("dừng", "không"),
            ("xem dữ liệu của tôi", await number(running)),
        ):
            before = len(telegram.shown(person))
            telegram.platform.say(person, said)
            await running.settled()
            assert answer in " ".join(telegram.shown(person)[before:]), said
        before = len(telegram.shown(person))
        for said in ("bạn là ai", "học sinh đóng bao nhiêu tiền", "menu", "1", "/start"):
            telegram.platform.say(person, said)
        await running.settled()
        assert len(telegram.shown(person)) == before


async def test_the_staff_group_answers_the_citizen(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    group, lan, stranger = telegram.platform.add_group("Cán bộ"), *map(telegram.platform.add_person, ("Lan", "Ai đó"))
    person = telegram.platform.add_person("An")
    place = replace(place, cases=CasesSettings(telegram_group=str(group)))
    async with office(place, telegram, zalo) as running:
        await hired(running, str(lan))
        telegram.platform.say(person, HARD)
        await running.settled()
        case = await number(running)
        (card,) = await cards(running, 1)
        assert case in telegram.shown(group)[0]
        assert "trường thu sai tiền" in telegram.shown(group)[0]

        telegram.platform.say(stranger, "để mình trả lời", chat=group, reply_to=card)
        await running.settled()
        assert str(stranger) in telegram.shown(group)[-1]
        telegram.platform.say(lan, "chuyện riêng của nhóm", chat=group)
        with telegram.holding():
            answer = telegram.platform.say(lan, "Chị xử lý cho em nhé.", chat=group, reply_to=card)
        for _ in range(2):
            assert await telegram.post(answer) == 200
        await running.settled()
        assert [shown for shown in telegram.shown(person) if "Chị xử lý cho em nhé." in shown] == telegram.shown(
            person
        )[-1:]

        telegram.platform.say(person, "em cảm ơn, bao giờ xong ạ")
        await running.settled()
        *_, followed = await cards(running, 2)
        telegram.platform.say(lan, "Chiều nay.", chat=group, reply_to=followed)
        await running.settled()
        assert "Chiều nay." in telegram.shown(person)[-1]

        telegram.platform.say(lan, "/dong", chat=group, reply_to=card)
        await running.settled()
        assert "hài lòng" in telegram.shown(person)[-1]
        edits = 1
        while "đã xong" not in telegram.shown(group)[0]:
            await asyncio.wait_for(telegram.answered("editMessageText", edits), PATIENCE)
            edits += 1
        telegram.platform.say(lan, "/nhan YC99-000001", chat=group)
        await running.settled()
        assert "YC99-000001" in telegram.shown(group)[-1]
        assert {row["sender"] for row in await rows(running.runtime.database, "identity")} == {str(person)}


async def test_in_the_web_chat_the_answer_appears_on_the_open_page(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    async with (
        office(place, telegram, zalo) as running,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as http,
        asyncio.timeout(PATIENCE),
    ):
        await hired(running)
        guest = Visitor(cast("Any", SimpleNamespace(origin=running.url)), http)
        await guest.open()
        _, answer = await guest.post(HARD)
        last = answer["messages"][-1]["id"]
        async with http.get(f"{running.url}/api/stream?after={last}") as stream:
            await running.runtime.desk.reply(await number(running), LAN, "Chị trả lời đây.")
            assert "Chị trả lời đây." in (await next_event(stream))["text"]
        status, silent = await guest.post("bao giờ xong ạ")
        assert (status, silent["messages"]) == (200, [])


async def test_an_answer_that_was_written_while_nothing_ran_is_sent_once(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    person = telegram.platform.add_person("An")
    async with office(place, telegram, zalo) as running:
        await hired(running)
        telegram.platform.say(person, HARD)
        await running.settled()
        case = await number(running)
    database = Database(place.url)
    desk = CaseDesk(database, Attendant(hotline), clocks.now)
    await desk.reply(case, LAN, "Đã có kết quả.")
    await database.close()
    telegram.calls.clear()
    async with office(place, telegram, zalo, connected=False) as running:
        await telegram.answered("sendMessage")
        await running.settled()
    assert sum("Đã có kết quả." in shown for shown in telegram.shown(person)) == 1


async def test_nothing_is_written_when_the_step_fails(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    person = telegram.platform.add_person("An")
    async with office(place, telegram, zalo) as running:
        await hired(running)
        async with running.runtime.database.transaction() as session:
            values = {"id": 2, "login": "hoa", "role": "agent", "created": running.runtime.clock()}
            await session.execute(insert(StaffRow).values(values))
        telegram.platform.say(person, HARD)
        await running.settled()
        case = await number(running)
        await running.runtime.desk.take(case, LAN)
        before = telegram.shown(person)
        with pytest.raises(NotOwnerError):
            await running.runtime.desk.reply(case, 2, "Không phải việc của tôi")
        await running.settled()
        assert telegram.shown(person) == before
