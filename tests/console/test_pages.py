"""What the pages show and do."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.store.models import CampaignRow, CaseEventRow, IdentityRow, OutboxRow, StaffRole, StaffRow
from tests.console.scene import busy_day
from tests.console.support import ADMIN

if TYPE_CHECKING:
    from tests.console.support import Office

HOSTILE = "<img src=x onerror=alert(1)>'\"><script>alert(2)</script>{{7*7}}${7*7}=cmd|' /C calc'!A0"
ESCAPED = html.escape(HOSTILE).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


async def test_what_anybody_typed_is_escaped_on_every_page(desk: Office) -> None:
    await desk.hire("lan")
    number = await desk.case(HOSTILE)
    async with desk.clerk("lan") as lan:
        await lan.post("/account/name", name=HOSTILE[:60])
        await lan.post(f"/cases/{number}/note", text=f"ghi chú {HOSTILE}")
        await lan.post(f"/cases/{number}/reply", text=f"trả lời {HOSTILE}", once="1")
        await desk.ask(f"người dân {HOSTILE}")
    async with desk.runtime.database.transaction() as session:
        now = desk.clock()
        session.add(
            CampaignRow(
                code="x", title=HOSTILE, topic="news", content={}, segment="", state="running", created=now, updated=now
            )
        )
        await session.flush()
    async with desk.clerk("root") as root:
        paths = ["/", "/cases", f"/cases/{number}", f"/cases/{number}?ask={HOSTILE}", "/staff", "/audit", "/account"]
        paths += [
            f"/cases?text={HOSTILE}&state={HOSTILE}&province={HOSTILE}",
            f"/audit?login={HOSTILE}&object={HOSTILE}",
        ]
        paths += [f"/cases/{HOSTILE.replace('/', '')}", f"/sign-in?next={HOSTILE}&lang={HOSTILE}", f"/?done={HOSTILE}"]
        pages = [(await root.get(path)).text for path in paths]
    async with desk.clerk() as stranger:
        pages.append((await stranger.sign_in(HOSTILE[:40], HOSTILE, next=HOSTILE)).text)
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>" not in page
        assert "${49}" not in page
        assert "{{49}}" not in page
    assert ESCAPED in pages[1]
    assert pages[2].count(ESCAPED) >= 4


async def test_a_case_from_taking_to_reopening(desk: Office) -> None:
    await desk.hire("lan")
    await desk.hire("minh")
    number = await desk.case()
    async with desk.clerk("lan") as lan, desk.clerk("minh") as minh:
        assert (await lan.post(f"/cases/{number}/take")).target == f"/console/cases/{number}?done=take"
        refused = await minh.post(f"/cases/{number}/reply", text="Chào chị, câu này đừng mất", once="1")
        assert refused.status == 409
        assert "lan" in refused.text
        assert "Chào chị, câu này đừng mất</textarea>" in refused.text
        assert (await minh.post(f"/cases/{number}/note", text="để tôi xem")).status == 303
        assert (await lan.post(f"/cases/{number}/wait")).status == 303
        assert (await lan.post(f"/cases/{number}/transfer", to="minh")).status == 303
        assert (await minh.post(f"/cases/{number}/resolve")).status == 303
        assert (await minh.post(f"/cases/{number}/resolve")).status == 409
        assert (await lan.post(f"/cases/{number}/reopen")).status == 303
        other = await desk.case("Câu thứ hai")
        assert (await lan.post(f"/cases/{other}/merge", into="YC26-999999")).status == 409
        assert (await lan.post(f"/cases/{other}/merge", into=number)).status == 303
        page = (await lan.get(f"/cases/{number}")).text
    for told in ("Nhận yêu cầu", "Chuyển cho minh", "Trạng thái: Chờ", "Trạng thái: Đã xong", f"Gộp với {other}"):
        assert told in page


async def test_a_reply_that_is_sent_twice_goes_out_once(desk: Office) -> None:
    number = await desk.case()
    async with desk.clerk("root") as clerk:
        for _ in range(2):
            answer = await clerk.post(f"/cases/{number}/reply", text="Chào chị", once="abc")
            assert answer.target == f"/console/cases/{number}?done=reply"
        assert (await clerk.post(f"/cases/{number}/reply", text="  ", once="abd")).status == 409
        assert (await clerk.post(f"/cases/{number}/reply", text="x" * 4001, once="abe")).status == 409
    async with desk.runtime.database.reading() as session:
        rows = list(await session.scalars(select(CaseEventRow).where(CaseEventRow.kind == "reply")))
        sent = [row.reply["text"] for row in await session.scalars(select(OutboxRow))]
    assert [row.text for row in rows] == ["Chào chị"]
    assert sum("Chào chị" in text for text in sent) == 1


async def test_it_is_said_before_that_nothing_can_be_sent(desk: Office) -> None:
    number = await desk.case()
    async with desk.runtime.database.transaction() as session:
        await session.execute(update(IdentityRow).values(unreachable="blocked"))
    async with desk.clerk("root") as clerk:
        assert "đã chặn hoặc rời kênh này" in (await clerk.get(f"/cases/{number}")).text
        answer = await clerk.post(f"/cases/{number}/reply", text="câu này giữ lại", once="1")
        assert answer.status == 409
        assert "câu này giữ lại</textarea>" in answer.text


async def test_suggestions_hold_todays_figures_and_can_be_put_into_the_box(desk: Office) -> None:
    number = await desk.case("học sinh đóng bảo hiểm y tế bao nhiêu tiền một năm")
    async with desk.clerk("root") as clerk:
        page = (await clerk.get(f"/cases/{number}")).text
        links = re.findall(r'href="\?use=([\w-]+)#reply"', page)
        assert 1 <= len(links) <= 3
        used = (await clerk.get(f"/cases/{number}?use={links[0]}")).text
    box = re.search(r"<textarea id=\"reply\"[^>]*>(.*?)</textarea>", used, re.DOTALL)
    assert box
    assert "đồng" in box[1]


FILTERS = (
    ("", [0, 1, 2, 3]),
    ("?owner=mine", [1]),
    ("?owner=nobody", [0, 2, 3]),
    ("?province=nghe-an", [2]),
    ("?state=open", [1]),
    ("?text=ngày sinh", [1]),
    ("?urgency=now", []),
    ("?state=nonsense&owner=nonsense&urgency=nonsense", [0, 1, 2, 3]),
    ("?text=%25", []),
)


async def test_filters(desk: Office) -> None:
    numbers = await busy_day(desk)
    async with desk.clerk("root") as clerk:
        await clerk.post(f"/cases/{numbers[1]}/take")
        for query, shown in FILTERS:
            page = (await clerk.get(f"/cases{query}")).text
            assert [number in page for number in numbers] == [place in shown for place in range(4)], query


async def test_home_counts_the_day_and_shows_the_oldest_first(desk: Office) -> None:
    numbers = await busy_day(desk)
    async with desk.clerk("root") as clerk:
        page = (await clerk.get("/")).text
    tiles = re.findall(r"<b>([\d.]+)</b></p>", page)
    assert int(tiles[0]) == sum(map(int, tiles[1:])) > 0
    places = [page.index(number) for number in numbers]
    assert places == sorted(places)
    assert '<svg class="chart"' in page
    assert page.count('<th scope="row">') == 28
    assert "156 trên 240 người, 65 phần trăm" in page


async def test_home_warns_of_a_platform_that_is_silent(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        page = (await clerk.get("/")).text
        assert "Cơ sở dữ liệu hoạt động." in page
        desk.clock.advance(days=800)
        await clerk.sign_in("root")
        assert "đã quá ngày xem lại" in (await clerk.get("/")).text


async def test_staff_are_taken_on_changed_and_shut_out(desk: Office) -> None:
    async with desk.clerk("root") as root:
        page = await root.post("/staff", login="Lan.Nguyen", name="Nguyễn Thị Lan", role="agent", province="dien-bien")
        link = re.search(r"/console(/invitation/[\w-]+)", page.text)
        assert link
        assert link[1] not in (await root.get("/staff")).text
        async with desk.clerk() as lan:
            await lan.get(link[1])
            await lan.post(link[1], password="mật khẩu của em đây", again="mật khẩu của em đây")
            await lan.sign_in("lan.nguyen", "mật khẩu của em đây")
            assert (await lan.get("/cases")).status == 200
            assert (await root.post("/staff/lan.nguyen/sessions")).status == 303
            assert (await lan.get("/cases")).status == 303
            await lan.sign_in("lan.nguyen", "mật khẩu của em đây")
            assert (await root.post("/staff/lan.nguyen/role", role="editor")).status == 303
            assert (await root.post("/staff/lan.nguyen/disable")).status == 303
            assert (await lan.get("/cases")).status == 303
            assert (await root.post("/staff/lan.nguyen/enable")).status == 303
            assert (await lan.sign_in("lan.nguyen", "mật khẩu của em đây")).status == 303
        for path, fields in (
            ("/staff", {"login": "root", "role": "agent"}),
            ("/staff", {"login": "có dấu", "role": "agent"}),
            (f"/staff/{ADMIN}/role", {"role": "agent"}),
            (f"/staff/{ADMIN}/disable", {}),
            ("/staff/nobody/invite", {}),
        ):
            assert (await root.post(path, **fields)).status == 409
        assert (await root.post("/staff", login="a", role="king")).status == 400
        assert (await root.post("/staff", login="a", role="agent", province="narnia")).status == 400
    async with desk.runtime.database.reading() as session:
        row = await session.scalar(select(StaffRow).where(StaffRow.login == "lan.nguyen"))
    assert row is not None
    assert (row.name, row.role, row.province) == ("Nguyễn Thị Lan", StaffRole.EDITOR, "dien-bien")


async def test_the_language_stays_with_the_account(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        answer = await clerk.post("/language", language="en", next="/console/cases?state=new")
        assert answer.target == "/console/cases?state=new"
        assert "Overview" in (await clerk.get("/")).text
        assert (await clerk.post("/language", language="xx", next="//evil.example")).status == 400
    async with desk.clerk("root") as clerk:
        assert "Overview" in (await clerk.get("/")).text
    async with desk.clerk() as stranger:
        assert "Sign in" in (await stranger.get("/sign-in?lang=en")).text


async def test_an_open_page_is_told_what_its_reader_may_see(desk: Office) -> None:
    await desk.hire("lan", province="dien-bien")
    async with desk.clerk("lan") as clerk, clerk.http.get(f"{desk.origin}/console/live") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        await desk.case("của nơi khác", province="ha-noi", sender="a")
        number = await desk.case("của mình", province="dien-bien", sender="b")
        while not (line := await stream.content.readline()).startswith(b"data:"):
            pass
        assert number.encode() in line


async def test_too_many_open_pages_are_refused(desk: Office) -> None:
    async with desk.clerk("root") as clerk:
        streams = [await clerk.http.get(f"{desk.origin}/console/live") for _ in range(7)]
        assert [stream.status for stream in streams] == [200] * 6 + [429]
        for stream in streams:
            stream.close()


async def test_who_somebody_is_in_the_staff_group(desk: Office) -> None:
    await desk.hire("lan")
    async with desk.clerk("root") as root:
        assert (await root.post("/staff/lan/telegram", telegram="12345")).status == 303
        assert (await root.post(f"/staff/{ADMIN}/telegram", telegram="12345")).status == 409
        assert (await root.post(f"/staff/{ADMIN}/telegram", telegram="@root")).status == 409
        somebody = await desk.runtime.desk.on_telegram("12345")
        assert somebody is not None
        assert somebody.name == "lan"
        assert (await root.post("/staff/lan/telegram", telegram="")).status == 303
        assert await desk.runtime.desk.on_telegram("12345") is None


async def test_a_lost_phone(desk: Office) -> None:
    await desk.hire("lan")
    async with desk.runtime.database.transaction() as session:
        sealed = desk.console.factors.sealed("A" * 32)
        await session.execute(update(StaffRow).where(StaffRow.login == "lan").values(totp=sealed))
    async with desk.clerk() as lan, desk.clerk("root") as root:
        assert (await lan.sign_in("lan")).status == 403
        assert (await root.post("/staff/lan/factor")).status == 303
        desk.clock.advance(minutes=1)
        assert (await lan.sign_in("lan")).status == 303


async def test_old_sessions_are_swept_out(desk: Office) -> None:
    async with desk.clerk("root"):
        desk.clock.advance(days=1)
    async with desk.clerk("root"), desk.runtime.database.reading() as session:
        assert len(await desk.console.sessions.of(session, 1, desk.clock() - timedelta(days=1))) == 1
