"""What staff does with a case, what the citizen reads, and who speaks meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.cases.errors import (
    CaseError,
    NoCaseError,
    NoStaffError,
    NotOwnerError,
    SaidBeforeError,
    UnreachableError,
    WrongStepError,
)
from bot.cases.events import Written
from bot.cases.reach import Reach
from bot.store.models import CaseState
from tests.bot.reading import rows
from tests.cases.conftest import FAR, HOA, LAN

if TYPE_CHECKING:
    from tests.cases.conftest import Office


async def test_an_answer_goes_into_the_outbox_of_the_citizen(office: Office) -> None:
    sent: list[Written] = []
    office.attendant.bus.on_written(sent.append)
    number = await office.case()
    case = await office.desk.reply(number, LAN, "Chào bạn, mình đã tra. Gọi lại 0912345678 nhé.")
    assert case.state is CaseState.OPEN
    assert (case.owner, case.first_response) == (LAN, office.clock())
    *_, reply = await rows(office.database, "outbox")
    assert "mình đã tra. Gọi lại 0912345678" in reply["reply"]["text"]
    assert (reply["state"], reply["lease"]) == ("pending", None)
    assert [message.sender for message in sent] == ["nguoi-1"]
    kinds = await office.steps(number)
    assert kinds[-1] == ("reply", "Chào bạn, mình đã tra. Gọi lại ••• nhé.")
    assert [kind for kind, _ in kinds] == ["opened", "state", "taken", "reply"]


async def test_the_bot_is_silent_until_the_case_is_settled(office: Office) -> None:
    number = await office.case()
    await office.desk.take(number, LAN)
    before = await office.told()
    held = await office.say("còn gì nữa không")
    assert held.messages == ()
    assert await office.told() == before
    assert (await office.steps(number))[-1] == ("citizen", "còn gì nữa không")

    await office.desk.resolve(number, LAN)
    assert number in (await office.told())[-1]
    *_, asked = await rows(office.database, "outbox")
    assert [action for _, action in asked["reply"]["buttons"]] == [f"rate:{number}:5", f"rate:{number}:1"]
    assert await office.holder() is None
    answered = await office.say("một")
    assert len(answered.messages) == 1


async def test_only_the_owner_may_answer(office: Office) -> None:
    number = await office.case()
    await office.desk.take(number, LAN)
    before = await office.told()
    for refused in (
        office.desk.reply(number, HOA, "x"),
        office.desk.resolve(number, HOA),
        office.desk.take(number, HOA),
    ):
        with pytest.raises(NotOwnerError, match="lan"):
            await refused
    assert await office.told() == before
    await office.desk.note(number, HOA, "đã gọi trường")
    await office.desk.transfer(number, LAN, "hoa")
    await office.desk.reply(number, HOA, "xin chào")
    with pytest.raises(NotOwnerError, match="hoa"):
        await office.desk.reply(number, LAN, "y")


async def test_of_two_who_answer_at_once_one_does(office: Office) -> None:
    number = await office.case()
    answers = [office.desk.reply(number, staff, f"của {staff}") for staff in (LAN, HOA)]
    results = await asyncio.gather(*answers, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Case", "NotOwnerError"]
    assert sum("của" in text for text in await office.told()) == 1


async def test_clocks_survive_hand_over(office: Office) -> None:
    number = await office.case()
    opened = office.clock()
    await office.desk.reply(number, LAN, "chờ chút")
    first = office.clock()
    office.clock.advance(hours=3)
    await office.desk.transfer(number, LAN, "hoa")
    case = await office.desk.reply(number, HOA, "đây ạ")
    assert (case.opened, case.first_response) == (opened, first)


async def test_nothing_is_written_to_somebody_who_cannot_be_reached(office: Office) -> None:
    number = await office.case()
    await office.stop_reaching("blocked")
    before = await office.told()
    with pytest.raises(UnreachableError, match="gọi điện") as refused:
        await office.desk.reply(number, LAN, "xin chào")
    assert refused.value.reach is Reach.BLOCKED
    assert await office.told() == before
    assert (await office.row(number)).owner_id is None
    assert (await office.desk.resolve(number, LAN)).state is CaseState.RESOLVED
    assert await office.told() == before


async def test_the_same_message_of_the_staff_group_is_sent_once(office: Office) -> None:
    number = await office.case()
    await office.desk.reply(number, LAN, "xin chào", source="telegram:-1:7")
    with pytest.raises(SaidBeforeError):
        await office.desk.reply(number, LAN, "xin chào", source="telegram:-1:7")
    assert sum("xin chào" in text for text in await office.told()) == 1


async def test_a_case_of_another_province_is_not_there(office: Office) -> None:
    number = await office.case()
    with pytest.raises(NoCaseError):
        await office.desk.take(number, FAR)
    with pytest.raises(NoStaffError, match="tỉnh"):
        await office.desk.transfer(number, LAN, "xa")


async def test_who_was_shut_out_does_nothing(office: Office) -> None:
    number = await office.case()
    with pytest.raises(NoStaffError):
        await office.desk.take(number, 99)
    with pytest.raises(NoCaseError):
        await office.desk.take("YC26-999999", LAN)


async def test_duplicates_are_merged(office: Office) -> None:
    first = await office.case()
    second = await office.case()
    await office.desk.take(first, LAN)
    merged = await office.desk.merge(second, LAN, first)
    assert (merged.state, merged.merged_into) == (CaseState.RESOLVED, (await office.row(first)).id)
    assert await office.holder() == merged.merged_into
    assert second in (await office.told())[-1]
    with pytest.raises(CaseError):
        await office.desk.merge(first, LAN, first)
    with pytest.raises(CaseError):
        await office.desk.merge(first, LAN, second)


async def test_steps_that_a_state_forbids(office: Office) -> None:
    number = await office.case()
    await office.desk.resolve(number, LAN)
    for refused in (
        office.desk.reply(number, LAN, "x"),
        office.desk.resolve(number, LAN),
        office.desk.take(number, LAN),
        office.desk.wait(number, LAN),
    ):
        with pytest.raises(WrongStepError, match="đã xong"):
            await refused
    assert (await office.desk.reopen(number, HOA)).owner == HOA
    assert await office.holder() == (await office.row(number)).id
    with pytest.raises(CaseError):
        await office.desk.reply(number, HOA, "  ")


async def test_a_case_that_waits_goes_on_when_the_citizen_writes(office: Office) -> None:
    number = await office.case()
    await office.desk.wait(number, LAN)
    await office.say("đây là giấy")
    assert (await office.row(number)).state == "open"


async def test_what_is_left_of_a_case_after_erasing(office: Office) -> None:
    number = await office.case("case chuyện-riêng")
    await office.desk.take(number, LAN)
    await office.say("forget")
    assert "chuyện-riêng" in (await office.row(number)).summary
    with pytest.raises(UnreachableError) as gone:
        await office.desk.reply(number, LAN, "xin chào")
    assert gone.value.reach is Reach.GONE
    await office.desk.resolve(number, LAN)
    for table in ("support_case", "case_event"):
        assert "chuyện-riêng" not in str(await rows(office.database, table))
