"""Campaigns through the pages: written, seen, approved by a second person, sent, reported; and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.store.models import AuditRow, CampaignRow, CampaignState, RecipientRow, StaffRole
from tests.console.season import (
    APPROVER,
    SEGMENT,
    WRITER,
    WRITTEN,
    Season,
    field,
    filled,
    seal,
    state,
    until,
    written,
)
from tests.console.support import office

if TYPE_CHECKING:
    from pathlib import Path

    from tests.console.support import Answer, Clerk, Office

HOSTILE = "<script>alert(1)</script>\"'{{7*7}}"


async def test_a_campaign_from_a_slogan_to_its_report(place: Season) -> None:
    desk = place.desk
    async with desk.clerk(WRITER) as writer, desk.clerk(APPROVER) as approver:
        assert "Chưa có chiến dịch nào" in (await writer.get("/campaigns")).text
        assert "An tâm học tập, thắp sáng ước mơ" in (await writer.get("/campaigns/new")).text
        form = await writer.get("/campaigns/write?draft=mua-nay&slogan=2024-10")
        assert "An tâm học tập, thắp sáng ước mơ" in field(form, "text_vi")
        assert field(form, "label_vi_0") == "Tính số tiền phải đóng"
        kept = await writer.post("/campaigns/write", **{**filled(form), "code": "kg26", "segment": SEGMENT})
        assert kept.target == "/console/campaigns/kg26?done=campaign_saved"

        page = await writer.get("/campaigns/kg26")
        assert "<b>12</b> người" in page.text
        assert "chị Lan" in page.text
        assert (await writer.post("/campaigns/kg26/submit")).status == 303
        seen = await approver.get("/campaigns/kg26")
        assert "/approve" not in (await writer.get("/campaigns/kg26")).text
        assert (await writer.post("/campaigns/kg26/approve", seal=seal(seen))).status == 403
        assert (await approver.post("/campaigns/kg26/approve", seal="0" * 12)).status == 409
        assert await state(desk) == "submitted"
        assert (await approver.post("/campaigns/kg26/approve", seal=seal(seen))).status == 303
        await until(desk, "finished")

        page = await approver.get("/campaigns/kg26")
        assert "<b>12</b> / 12 người đã nhận" in page.text
        assert "data-every" not in page.text
        report = await writer.get("/campaigns/kg26/report")
        assert "Kết quả chiến dịch" in report.text
        assert '<rect class="sent"' in report.text
        csv = await writer.get("/campaigns/kg26/report/csv")
        assert 'filename="bao-cao_c-kg26.csv"' in csv.headers["Content-Disposition"]
        assert "nhận được" in csv.text
        assert "kg26" in (await writer.get("/campaigns")).text
    texts = [place.fake.shown(chat) for chat in place.chats]
    assert all(len(shown) == 1 and "thắp sáng ước mơ" in shown[0] for shown in texts)
    async with desk.runtime.database.reading() as session:
        kept_steps = list(await session.scalars(select(AuditRow.action).where(AuditRow.object == "campaign:1")))
    assert kept_steps == ["campaign_written", "campaign_submit", "campaign_approve"]


async def test_nobody_approves_what_they_wrote(place: Season) -> None:
    async with place.desk.clerk(APPROVER) as both:
        await written(both)
        await both.post("/campaigns/kg26/submit")
        page = await both.get("/campaigns/kg26")
        assert "Người duyệt phải là người khác" in page.text
        answer = await both.post("/campaigns/kg26/approve", seal=_sealed(page))
        assert answer.status == 409
        assert "người duyệt phải là người khác" in answer.text
        assert await state(place.desk) == "submitted"


def _sealed(page: Answer) -> str:
    found = re.search(r"<code>(\w{12})</code>", page.text)
    assert found
    return found[1]


async def test_an_edit_voids_the_approval_and_the_seal_that_was_seen(place: Season) -> None:
    desk, tomorrow = place.desk, f"{place.desk.clock() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    async with desk.clerk(WRITER) as writer, desk.clerk(APPROVER) as approver:
        await written(writer, starts=tomorrow)
        await writer.post("/campaigns/kg26/submit")
        old = seal(await approver.get("/campaigns/kg26"))
        await approver.post("/campaigns/kg26/approve", seal=old)
        assert await state(desk) == "approved"
        assert "Bot tự bắt đầu lúc" in (await writer.get("/campaigns/kg26")).text
        assert (await writer.post("/campaigns/kg26/start")).status == 409
        form = await writer.get("/campaigns/kg26/edit")
        assert "phải được duyệt lại" in form.text
        await writer.post("/campaigns/kg26/edit", **filled(form))
        assert await state(desk) == "approved", "what is not changed stays approved"
        await writer.post("/campaigns/kg26/edit", **{**filled(form), "title": "Khác"})
        assert await state(desk) == "draft"
        await writer.post("/campaigns/kg26/submit")
        await writer.post(
            "/campaigns/kg26/edit", **{**filled(await writer.get("/campaigns/kg26/edit")), "priority": "5"}
        )
        await writer.post("/campaigns/kg26/submit")
        assert (await approver.post("/campaigns/kg26/approve", seal=old)).status == 409
        assert (await approver.post("/campaigns/kg26/reject", why=" ")).status == 409
        assert (await approver.post("/campaigns/kg26/reject", why="sai ngày")).status == 303
        assert "sai ngày" in (await writer.get("/campaigns/kg26")).text


async def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(place: Season) -> None:
    wrong = {
        "code": "1",
        "title": "",
        "segment": "tỉnh = Atlantis",
        "exclude": "nhãn (",
        "starts": "hôm nay",
        "priority": "cao",
        "quiet_from": "30",
        "wave_share_0": "x",
        "label_vi_0": "Nút",
        "target_vi_0": "http://a.vn",
        "text_en": "Dear " + HOSTILE,
    }
    async with place.desk.clerk(WRITER) as writer:
        answer = await written(writer, **wrong)
        assert answer.status == 409
        for name in ("code", "title", "segment", "exclude", "starts", "priority", "quiet_from"):
            assert f'id="wrong-{name}"' in answer.text, name
        assert 'id="wrong-waves"' in answer.text
        assert "Atlantis" in unescape(answer.text.partition('id="wrong-segment"')[2][:200])
        again = filled(answer)
        for name, typed in {**WRITTEN, **wrong}.items():
            assert again[name] == typed, name
        assert "<script>alert" not in answer.text
        looked = await writer.post("/campaigns/write/look", **{**WRITTEN, "title": ""})
        assert looked.status == 200
        assert 'id="wrong-title"' in looked.text
        assert '<b class="big">12</b>' in looked.text
        assert "Những người ở Điện Biên" in looked.text
        missing = await writer.post("/campaigns/write/look", **{**WRITTEN, "text_vi": "  "})
        assert 'id="wrong-text_vi"' in missing.text
        assert "Chưa có chiến dịch nào" in (await writer.get("/campaigns")).text
        await written(writer)
        taken = await written(writer)
        assert taken.status == 409
        assert "đã dùng" in taken.text.partition('id="wrong-code"')[2][:200]


async def test_texts_that_cannot_go_out_are_kept_but_not_handed_in(place: Season) -> None:
    async with place.desk.clerk(WRITER) as writer:
        await written(writer, text_vi="Chào {ten}, đóng 50% nhé")
        page = await writer.get("/campaigns/kg26")
        assert "lời thay thế" in page.text
        assert "Gửi duyệt</button>" not in page.text
        assert (await writer.post("/campaigns/kg26/submit")).status == 409


async def test_people_are_counted_while_somebody_types(place: Season) -> None:
    async with place.desk.clerk(WRITER) as writer:
        counted = await writer.get(f"/campaigns/count?segment={SEGMENT}&exclude=vai trò = giáo viên")
        assert '<b class="big">12</b>' in counted.text
        assert "<html" not in counted.text
        assert "không có trường" in (await writer.get("/campaigns/count?segment=màu = đỏ")).text
        assert (await writer.get("/campaigns/count")).status == 200


async def test_groups_are_kept_by_name_and_used(place: Season) -> None:
    async with place.desk.clerk(WRITER) as writer:
        await writer.get("/campaigns/segments")
        assert (await writer.post("/campaigns/segments", name="db", segment="tỉnh =")).status == 409
        assert (await writer.post("/campaigns/segments", name="Phụ huynh DB", segment=SEGMENT)).status == 303
        page = await writer.get("/campaigns/segments")
        assert "phụ huynh db" in page.text
        assert "12 người" in page.text
        await written(writer, segment="phụ huynh DB")
        assert field(await writer.get("/campaigns/kg26/edit"), "segment") == SEGMENT
        assert (await writer.post("/campaigns/segments/remove", name="phụ huynh db")).status == 303
        assert (await writer.post("/campaigns/segments/remove", name="phụ huynh db")).status == 409


async def test_two_who_edit_at_once_do_not_overwrite_each_other(place: Season) -> None:
    async with place.desk.clerk(WRITER) as one, place.desk.clerk(APPROVER) as other:
        await written(one)
        mine, theirs = filled(await one.get("/campaigns/kg26/edit")), filled(await other.get("/campaigns/kg26/edit"))
        assert (await one.post("/campaigns/kg26/edit", **{**mine, "title": "Của một người"})).status == 303
        late = await other.post("/campaigns/kg26/edit", **{**theirs, "title": "Của người kia"})
        assert late.status == 409
        assert field(late, "title") == "Của người kia"
        assert "Bấm Lưu lần nữa" in late.text
        assert (await other.post("/campaigns/kg26/edit", **filled(late))).status == 303


async def test_pausing_going_on_and_cancelling(place: Season) -> None:
    desk = place.desk
    async with desk.clerk(WRITER) as writer, desk.clerk(APPROVER) as approver:
        await _begun(desk, writer, CampaignState.PAUSED, "errors")
        page = await writer.get("/campaigns/kg26")
        assert "quá nhiều tin gửi lỗi" in page.text
        assert (await writer.post("/campaigns/kg26/resume")).status == 403
        assert (await approver.post("/campaigns/kg26/resume")).status == 303
        assert "data-every" in (await writer.get("/campaigns/kg26")).text
        assert (await writer.post("/campaigns/kg26/pause")).status == 303
        assert (await writer.get("/campaigns/kg26/edit")).status == 404
        assert (await writer.post("/campaigns/kg26/cancel")).status == 303
        assert (await writer.post("/campaigns/kg26/pause")).status == 409


async def _begun(desk: Office, writer: Clerk, now: CampaignState, reason: str | None = None) -> None:
    """A campaign that has begun, in quiet hours, so that nobody sends it meanwhile."""
    await written(writer, quiet_from="0", quiet_to="23")
    async with desk.runtime.database.transaction() as session:
        values = {"state": now.value, "reason": reason, "started": desk.clock()}
        await session.execute(update(CampaignRow).values(values))
        for person, where in ((1, "sent"), (2, "unknown"), (3, "planned")):
            row = {"campaign_id": 1, "person_id": person, "account": "telegram", "variant": "vi", "params": {}}
            session.add(RecipientRow(**row, state=where, updated=desk.clock()))


async def test_unknown_outcomes_are_decided_by_an_approver(place: Season) -> None:
    desk = place.desk
    async with desk.clerk(WRITER) as writer, desk.clerk(APPROVER) as approver:
        await _begun(desk, writer, CampaignState.PAUSED)
        page = await writer.get("/campaigns/kg26")
        assert "1 người không rõ đã nhận hay chưa" in page.text
        assert "/settle" not in page.text
        assert "/settle" in (await approver.get("/campaigns/kg26")).text
        assert (await writer.post("/campaigns/kg26/settle", verdict="sent")).status == 403
        assert (await approver.post("/campaigns/kg26/settle", verdict="maybe")).status == 400
        assert (await approver.post("/campaigns/kg26/settle", verdict="sent")).status == 303
        page = await approver.get("/campaigns/kg26")
        assert "không rõ đã nhận" not in page.text
        assert "<b>2</b> / 3" in page.text


async def test_a_test_goes_to_ones_own_chat(place: Season) -> None:
    async with place.desk.clerk(WRITER) as writer:
        await written(writer)
        assert "chưa ai nhắn" in (await writer.post("/campaigns/kg26/test", account="telegram", to="5")).text
        assert (await writer.post("/campaigns/kg26/test", account="zalo:1", to="5")).status == 409
        mine = str(place.chats[0])
        assert (await writer.post("/campaigns/kg26/test", account="telegram", to=mine)).status == 303
        (shown,) = place.fake.shown(place.chats[0])
        assert "Tin thử" in shown


async def test_posters_cards_and_radio_texts(place: Season) -> None:
    async with place.desk.clerk(WRITER) as writer:
        await written(writer)
        asked = "office=dien-bien&slogan=2024-10"
        page = await writer.get(f"/campaigns/kg26/materials?{asked}")
        assert "An tâm học tập" in page.text
        assert "poster.pdf?office=dien-bien" in page.text
        assert "Kính thưa bà con" in page.text
        radio = await writer.get(f"/campaigns/kg26/materials/radio.txt?{asked}")
        assert "loa-phuong-xa_dien-bien_2024-10_c-kg26.txt" in radio.headers["Content-Disposition"]
        assert "card.pdf?office=dien-bien" in page.text
        for name, start in (("card.png", b"\x89PNG"), ("card.pdf", b"%PDF"), ("poster.pdf", b"%PDF")):
            address = f"{writer.origin}/console/campaigns/kg26/materials/{name}?{asked}"
            async with writer.http.get(address) as response:
                assert (await response.read()).startswith(start)
        assert "Không có tỉnh" in (await writer.get("/campaigns/kg26/materials?office=x&slogan=2024-10")).text
        assert "hãy chọn một khẩu hiệu" in (await writer.get("/campaigns/kg26/materials?office=hue")).text
        assert (await writer.get("/campaigns/kg26/materials/card.png?office=x")).status == 404
        assert (await writer.get("/campaigns/kg26/materials/evil.svg")).status == 404


async def test_hostile_texts_stay_texts(place: Season) -> None:
    async with place.desk.clerk(WRITER) as writer, place.desk.clerk(APPROVER) as approver:
        await written(
            writer, title=HOSTILE, purpose=HOSTILE, text_vi=f"{HOSTILE.replace('{', '(')}", label_vi_0=HOSTILE
        )
        await writer.post("/campaigns/segments", name="<b>đậm</b>", segment=SEGMENT)
        await writer.post("/campaigns/kg26/submit")
        await approver.post("/campaigns/kg26/reject", why=HOSTILE)
        async with place.desk.runtime.database.transaction() as session:
            for person in range(1, 13):
                row = {"campaign_id": 1, "person_id": person, "account": "telegram", "variant": "vi", "params": {}}
                where = "hue" if person % 2 else HOSTILE
                session.add(RecipientRow(**row, state="sent", province=where, updated=place.desk.clock()))
        asked = HOSTILE.replace("#", "%23")
        for path in (
            "/campaigns",
            "/campaigns/kg26",
            "/campaigns/kg26/edit",
            "/campaigns/kg26/report",
            f"/campaigns/kg26/materials?office={asked}&slogan={asked}&school={asked}",
            f"/campaigns/count?segment={asked}",
            "/campaigns/segments",
            "/campaigns/write",
        ):
            page = await writer.get(path)
            assert page.status == 200, path
            assert "<script>alert" not in page.text, path
            assert "<b>đậm" not in page.text, path
            assert " style=" not in page.text, path
        assert '<svg class="chart" viewBox="0 0 680 40"' in (await writer.get("/campaigns/kg26/report")).text
        assert (await writer.get(f"/campaigns/write?draft={asked}")).status == 404


async def test_staff_of_a_province_have_no_say_over_campaigns_of_the_country(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        await desk.hire("tinh", StaffRole.APPROVER, "dien-bien")
        async with desk.clerk("root") as root, desk.clerk("tinh") as clerk:
            await written(root)
            assert "/console/campaigns" not in (await clerk.get("/")).text
            for path in ("", "/new", "/write", "/kg26", "/kg26/edit", "/kg26/report", "/kg26/report/csv", "/segments"):
                assert (await clerk.get(f"/campaigns{path}")).status == 403, path
            for step in ("submit", "approve", "cancel", "edit", "test"):
                assert (await clerk.post(f"/campaigns/kg26/{step}")).status == 403, step


async def test_a_campaign_that_is_not_there(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        for path in ("/kg99", "/kg99/edit", "/kg99/report", "/kg99/report/csv", "/kg99/materials", "/images/0"):
            assert (await clerk.get(f"/campaigns{path}")).status == 404, path
        for step in ("submit", "approve", "edit", "settle"):
            assert (await clerk.post(f"/campaigns/kg99/{step}", verdict="sent")).status == 404, step


async def test_in_english_too(place: Season) -> None:
    async with place.desk.clerk(WRITER) as writer:
        await written(writer)
        await writer.post("/language", language="en", next="/console/campaigns")
        for path, said in (
            ("", "New campaign"),
            ("/new", "Begin with this"),
            ("/write", "How to write a condition"),
            ("/kg26", "What people will read"),
            ("/kg26/report", "A4 page to print"),
            ("/kg26/materials", "Choose a province"),
            ("/segments", "Save a group"),
        ):
            assert said in unescape((await writer.get(f"/campaigns{path}")).text), path
