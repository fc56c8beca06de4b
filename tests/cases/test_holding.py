"""When the bot keeps quiet, when it speaks again, and what belongs to a case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cases.holding import REOPEN
from bot.cases.sweeping import CaseSweep
from handlers.turn import Standing
from tests.bot.reading import rows
from tests.cases.conftest import HOA, LAN, Office

if TYPE_CHECKING:
    from bot.cases.events import Change
    from tests.bot.conftest import FakeClock


def sweep(office: Office) -> CaseSweep:
    return CaseSweep(office.database, office.attendant, office.clock)


async def test_a_hold_ends_when_staff_says_nothing(office: Office) -> None:
    number = await office.case()
    await office.desk.reply(number, LAN, "chờ nhé")
    office.clock.advance(hours=23)
    assert (await office.say("sao rồi")).messages == ()
    office.clock.advance(hours=1)
    back, answer = (await office.say("một hai")).messages
    assert number in back.reply.text
    assert "một hai" in answer.reply.text
    assert await office.holder() is None
    assert (await office.steps(number))[-1] == ("told", "back")
    await office.desk.reply(number, LAN, "đây")
    assert (await office.say("ba")).messages == ()


async def test_a_hold_ends_without_a_turn_and_says_so_once(office: Office) -> None:
    number = await office.case()
    await office.desk.take(number, LAN)
    await sweep(office).sweep()
    assert await office.holder() is not None
    office.clock.advance(hours=24)
    await sweep(office).sweep()
    await sweep(office).sweep()
    assert await office.holder() is None
    assert sum("bot trả lời lại" in text for text in await office.told()) == 1
    assert len((await office.say("một")).messages) == 1


async def test_a_failing_core_keeps_quiet_too_and_the_message_reaches_staff(office: Office) -> None:
    number = await office.case()
    await office.desk.take(number, LAN)
    office.core.respond = _broken  # type: ignore[method-assign]
    assert (await office.say("giúp với")).messages == ()
    assert (await office.steps(number))[-1] == ("citizen", "giúp với")


def _broken(_turn: object) -> object:
    raise RuntimeError


async def test_erasing_ends_the_hold(office: Office) -> None:
    number = await office.case()
    await office.desk.take(number, LAN)
    assert len((await office.say("forget")).messages) == 1
    row = await office.row(number)
    assert (row.conversation_id, row.state) == (None, "open")
    assert {held["held_by"] for held in await rows(office.database, "conversation")} == {None}


async def test_a_settled_case_is_open_again_for_some_days(office: Office) -> None:
    number = await office.case()
    await office.desk.resolve(number, LAN)
    office.clock.advance(days=REOPEN.days)
    await office.say("rate again")
    assert office.core.turns[-1].standing is Standing.RESOLVED
    row = await office.row(number)
    assert (row.state, row.resolved, row.satisfaction, row.owner_id) == ("reopened", None, 2, LAN)
    kinds = [kind for kind, _ in await office.steps(number)]
    assert kinds[-3:] == ["rated", "state", "citizen"]


async def test_later_it_is_forgotten(office: Office) -> None:
    number = await office.case()
    await office.desk.resolve(number, LAN)
    office.clock.advance(days=REOPEN.days, minutes=1)
    await office.say("again")
    assert office.core.turns[-1].memory.case is None
    assert (await office.row(number)).state == "resolved"


async def test_nobody_speaks_into_the_case_of_somebody_else(office: Office) -> None:
    number = await office.case()
    other = await office.case(sender="nguoi-2")
    await office.desk.merge(number, HOA, other)
    await office.say("again")
    assert [kind for kind, _ in await office.steps(other)] == ["opened", "merged"]


async def test_outside_office_hours_somebody_is_told_once(office: Office) -> None:
    office.clock.moment = office.clock.moment.replace(day=11, hour=19)
    result = await office.say("case")
    text = result.messages[-1].reply.text
    assert "14/9/2026" in text
    assert "8 giờ" in text
    office.clock.advance(days=7)
    await sweep(office).sweep()
    assert sum("ngoài giờ" in told for told in await office.told()) == 1
    assert len(await office.told()) == 2


async def test_who_waits_longer_than_promised_is_told_once(office: Office) -> None:
    number = await office.case()
    answered = await office.case(sender="nguoi-2")
    await office.desk.reply(answered, LAN, "đây")
    office.clock.advance(hours=4)
    await sweep(office).sweep()
    assert not any("chờ lâu" in told for told in await office.told())
    office.clock.advance(minutes=1)
    await sweep(office).sweep()
    await sweep(office).sweep()
    late = [told for told in await office.told() if "chờ lâu" in told]
    assert len(late) == 1
    assert number in late[0]


async def test_listeners_hear_of_every_step_after_the_commit(office: Office) -> None:
    heard: list[Change] = []
    with office.attendant.bus.listen() as queue:
        number = await office.case()
        await office.desk.reply(number, LAN, "x")
        await office.say("y")
        while not queue.empty():
            heard.append(queue.get_nowait())
    assert [change.kind.value for change in heard] == ["opened", "state", "taken", "reply", "citizen"]
    assert {change.number for change in heard} == {number}


async def test_a_slow_listener_loses_the_oldest(office: Office, clock: FakeClock) -> None:
    number = await office.case()
    with office.attendant.bus.listen() as queue:
        await office.desk.note(number, LAN, "x")
        change = queue.get_nowait()
        for index in range(queue.maxsize + 1):
            office.attendant.bus.publish([replace(change, case=index)])
        assert queue.qsize() == queue.maxsize
        assert queue.get_nowait().case == 1
