"""People: found, seen, their word on messages written down, copied, erased; and who may do so."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select, update

from bot.outreach.consents import How, record
from bot.outreach.contacts.exporting import export_person
from bot.store.models import (
    AuditRow,
    Consent,
    ConsentEventRow,
    ConsentRow,
    ContactRow,
    ContactTagRow,
    IdentityRow,
    InsuredRow,
    PersonRow,
    StaffRole,
)
from handlers.effects import Topic
from tests.bot.reading import everything, rows
from tests.console.support import MORNING
from tests.console.test_pages import ESCAPED, HOSTILE
from tests.outreach.contacts.lives import MARK, live
from tests.outreach.office import NOW
from tests.outreach.office import Office as Outreach

if TYPE_CHECKING:
    from tests.console.support import Clerk, Office

PHONE = "+84901234567"


async def known(desk: Office, **contact: object) -> int:
    """Somebody whom a list named; their number."""
    return await Outreach(desk.runtime.database).person(consent=None, **{"phone": PHONE, **contact})  # type: ignore[arg-type]


async def found(clerk: Clerk, text: str) -> str:
    """Where a search leads; empty when nobody was found."""
    await clerk.get("/people")
    answer = await clerk.post("/people", text=text)
    assert answer.status in {200, 303}
    assert answer.status == 303 or 'role="alert"' in answer.text
    return answer.target.removeprefix("/console")


async def notes(desk: Office) -> list[tuple[str, str]]:
    async with desk.runtime.database.reading() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.action.startswith("person")).order_by(AuditRow.id))
        return [(row.action, row.object) for row in rows]


async def test_somebody_is_found_by_what_they_can_tell(desk: Office) -> None:
    await desk.hire("lan")
    person = await known(desk, name="Lò Thị Mận", external_id="PH-01", province="son-la", role="parent")
    number = await desk.case(province="son-la")
    async with desk.clerk("lan") as lan:
        for text in ("0901234567", "+84 901 234 567", "PH-01", f" {person} "):
            assert await found(lan, text) == f"/people/{person}"
        asked = await found(lan, number.lower())
        assert asked == f"/people/{person + 1}"
        for text in ("Lò Thị Mận", "0911111111", "YC26-999999", "999", HOSTILE[:60]):
            assert await found(lan, text) == ""
        page = (await lan.get(f"/people/{person}")).text
        for told in ("Lò Thị Mận", "0901234567", "PH-01", "Phụ huynh", "Sơn La", "Chưa nói gì"):
            assert told in page
        assert number in (await lan.get(asked)).text
        for path in ("/people/0901234567", "/people/PH-01", f"/people/{number}", "/people/999", "/people/01"):
            assert (await lan.get(path)).status == 404, path


async def test_what_is_kept_is_seen_without_messages_and_ids_of_platforms(desk: Office) -> None:
    desk.clock.moment = NOW + timedelta(days=1)
    person = await live(Outreach(desk.runtime.database))
    async with desk.runtime.database.transaction() as session:
        await session.execute(update(IdentityRow).values(sender="mã-riêng-trên-kênh"))
    async with desk.clerk("root") as root:
        page = (await root.get(f"/people/{person}")).text
    for told in (
        "Trường Một",
        "sinh 2015",
        "YC26-000001",
        "Khai giảng",
        "Vòng Một",
        "Telegram",
        "Lịch sử",
        "1 đến, 1 đi",
    ):
        assert told in page, told
    assert "mã-riêng-trên-kênh" not in page
    assert "last_text" not in page


async def test_who_serves_a_province_finds_its_people_alone(desk: Office) -> None:
    await desk.hire("moc", StaffRole.ADMIN, "son-la")
    theirs = await known(desk, province="son-la", phone="+84901111111")
    other = await known(desk, province="ha-noi", phone="+84902222222")
    nowhere = await known(desk, phone="+84903333333")
    asking = await desk.case("Câu một", province="son-la", sender="a")
    elsewhere = await desk.case("Câu hai", province="ha-noi", sender="b")
    async with desk.clerk("moc") as moc:
        assert await found(moc, "0901111111") == f"/people/{theirs}"
        assert await found(moc, asking)
        for text in ("0902222222", "0903333333", elsewhere, str(other), str(nowhere)):
            assert await found(moc, text) == "", text
        for person in (other, nowhere):
            for path in ("", "/export", "/copy"):
                assert (await moc.get(f"/people/{person}{path}")).status == 404, path
            said = {"consent": "withdrawn", "way": "phone", "words": "x"}
            assert (await moc.post(f"/people/{person}/consent", **said)).status == 404
            assert (await moc.post(f"/people/{person}/erase", confirm=str(person))).status == 404
    async with desk.runtime.database.reading() as session:
        assert await session.scalar(select(func.count(PersonRow.id))) == 5
        assert await session.scalar(select(func.count(ConsentRow.person_id))) == 0


async def test_cases_of_another_province_are_only_counted(desk: Office) -> None:
    await desk.hire("moc", province="son-la")
    one = await desk.case("Câu một", province="son-la")
    other = await desk.case("Câu hai", province="ha-noi")
    async with desk.clerk("moc") as moc:
        page = (await moc.get(await found(moc, one))).text
    assert one in page
    assert other not in page
    assert "1 yêu cầu thuộc tỉnh khác" in page


async def test_what_somebody_told_staff_holds_and_is_seen(desk: Office) -> None:
    await desk.hire("minh", StaffRole.EDITOR)
    person = await known(desk)
    said = {"topic": "", "way": "phone", "day": "2026-11-20"}
    async with desk.clerk("minh") as minh:
        answer = await minh.post(f"/people/{person}/consent", consent="given", words="cứ gửi cho tôi", **said)
        assert answer.target == f"/console/people/{person}?done=saved"
        desk.clock.advance(minutes=5)
        later = {**said, "topic": "news", "way": "letter", "words": "đơn số 12"}
        assert (await minh.post(f"/people/{person}/consent", consent="withdrawn", **later)).status == 303
        page = (await minh.get(f"/people/{person}")).text
        assert page.index("“Gửi đơn, thư: đơn số 12”") < page.index("“Gọi điện: cứ gửi cho tôi”")
        older = {**later, "topic": "quiz", "day": "2026-11-19"}
        refused = await minh.post(f"/people/{person}/consent", consent="given", **older)
        assert refused.status == 409
        assert "09:30 20/11/2026" in refused.text
        assert 'value="đơn số 12"' in refused.text
        for wrong in ({"day": "2026-12-01"}, {"words": "  "}):
            assert (await minh.post(f"/people/{person}/consent", consent="given", **{**later, **wrong})).status == 409
        for wrong in ({"consent": "perhaps"}, {"topic": "all"}, {"way": "smoke"}, {"day": "31/02/2026"}):
            form = {"consent": "given", **later, **wrong}
            assert (await minh.post(f"/people/{person}/consent", **form)).status == 400, wrong
    async with desk.runtime.database.reading() as session:
        rows = {row.topic: (row.consent, row.since) for row in await session.scalars(select(ConsentRow))}
        events = list(await session.scalars(select(ConsentEventRow)))
        detail = list(await session.scalars(select(AuditRow.detail).where(AuditRow.action == "person_consent")))
    assert {topic: consent for topic, (consent, _) in rows.items()} == {
        "news": "withdrawn", "reminders": "given", "quiz": "given",
    }  # fmt: skip
    assert rows["quiz"][1] == MORNING
    assert {(event.how, event.channel) for event in events} == {("staff", "staff")}
    assert detail == [{"consent": "given", "topic": None}, {"consent": "withdrawn", "topic": "news"}]


@pytest.mark.parametrize("role", [StaffRole.AGENT, StaffRole.EDITOR, StaffRole.APPROVER])
async def test_what_somebody_may_not_do_is_not_offered(desk: Office, role: StaffRole) -> None:
    await desk.hire("lan", role)
    person = await known(desk)
    async with desk.clerk("lan") as lan:
        page = (await lan.get(f"/people/{person}")).text
        assert (f"/people/{person}/consent" in page) is (role is not StaffRole.AGENT)
        assert f"/people/{person}/export" not in page
        assert f"/people/{person}/erase" not in page
        assert (await lan.get(f"/people/{person}/export")).status == 403
        assert (await lan.post(f"/people/{person}/erase", confirm=str(person))).status == 403


async def test_the_copy_holds_what_the_service_gives(desk: Office) -> None:
    desk.clock.moment = NOW + timedelta(days=1)
    person = await live(Outreach(desk.runtime.database))
    async with desk.runtime.database.reading() as session:
        given = await export_person(session, person, desk.console.pages.offices)
    async with desk.clerk("root") as root:
        assert "Xem và in</a>" in (await root.get(f"/people/{person}")).text
        file = await root.get(f"/people/{person}/export")
        page = (await root.get(f"/people/{person}/copy")).text
    assert json.loads(file.text) == given
    assert file.headers["Content-Disposition"] == f'attachment; filename="lien-he-{person}.json"'
    assert file.headers["Content-Type"].startswith("application/json")
    for title in given:
        assert f"<h2>{title}</h2>" in page
    assert page.count(MARK) == json.dumps(given, ensure_ascii=False).count(MARK)
    about = f"contact:{person}"
    assert await notes(desk) == [("person_viewed", about), ("person_exported", about), ("person_printed", about)]


async def test_erasing_takes_the_number_and_leaves_nothing(desk: Office) -> None:
    desk.clock.moment = NOW + timedelta(days=1)
    person = await live(Outreach(desk.runtime.database))
    async with desk.clerk("root") as root:
        for typed in ("", "có", str(person + 1)):
            refused = await root.post(f"/people/{person}/erase", confirm=typed)
            assert refused.status == 409
            assert "Chưa xóa gì" in refused.text
        assert MARK in await everything(desk.runtime.database)
        done = await root.post(f"/people/{person}/erase", confirm=f" {person} ")
        assert done.target == "/console/people?done=erased"
        assert (await root.get(f"/people/{person}")).status == 404
        assert (await root.post(f"/people/{person}/erase", confirm=str(person))).status == 404
        audit = (await root.get(f"/audit?object=contact:{person}")).text
    assert MARK not in await everything(desk.runtime.database)
    assert {row["day"] for row in await rows(desk.runtime.database, "suppression")} == {desk.clock().date()}
    assert "Xóa một người dân" in audit
    assert (await notes(desk)).count(("person_erased", f"contact:{person}")) == 1


async def test_every_look_is_kept_and_names_nobody(desk: Office) -> None:
    person = await known(desk, name="Lò Thị Mận")
    async with desk.clerk("root") as root:
        await root.get(await found(root, "0901234567"))
        assert await found(root, "0911111111") == ""
    assert await notes(desk) == [
        ("person_searched", f"contact:{person}"),
        ("person_viewed", f"contact:{person}"),
        ("person_searched", "staff:1"),
    ]
    async with desk.runtime.database.reading() as session:
        written = str([(row.object, row.detail) for row in await session.scalars(select(AuditRow))])
    for told in ("Mận", "901234567", "911111111"):
        assert told not in written


async def test_what_a_list_or_a_person_said_is_escaped(desk: Office) -> None:
    contact = {"name": HOSTILE, "external_id": f"k{HOSTILE}", "source": HOSTILE, "role": "parent"}
    person = await known(desk, **contact)
    async with desk.runtime.database.transaction() as session:
        await session.execute(insert(ContactTagRow).values(person_id=person, tag=HOSTILE))
        said = {"wording": HOSTILE, "how": How.LIST, "channel": How.LIST, "now": MORNING - timedelta(days=1)}
        await record(session, person, Consent.GIVEN, Topic.NEWS, **said)
        await session.execute(insert(InsuredRow).values(person_id=person, position=0, relation="child", listed=True))
    async with desk.clerk("root") as root:
        failed = await root.post(
            f"/people/{person}/consent", consent="given", way="phone", words=HOSTILE, day="2026-12-24"
        )
        pages = [failed.text] + [(await root.get(f"/people/{person}{path}")).text for path in ("", "/copy")]
        pages.append((await root.post("/people", text=HOSTILE)).text)
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>" not in page
        assert "{{49}}" not in page
    assert pages[1].count(ESCAPED) >= 5
    async with desk.runtime.database.transaction() as session:
        await session.execute(update(ContactRow).values(province=HOSTILE))
    async with desk.clerk("root") as root:
        assert "<img" not in (await root.get(f"/people/{person}")).text.partition("<main")[2]


async def test_a_case_leads_to_its_person(desk: Office) -> None:
    number = await desk.case()
    async with desk.clerk("root") as root:
        page = (await root.get(f"/cases/{number}")).text
        assert f'name="text" value="{number}"' in page
        await root.get((await root.post("/people", text=number)).target.removeprefix("/console"))
        person = await found(root, number)
        await root.post(f"{person}/erase", confirm=person.rpartition("/")[2])
        assert f'name="text" value="{number}"' not in (await root.get(f"/cases/{number}")).text
