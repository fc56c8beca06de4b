"""What the fake Zalo takes and refuses to send. Sections are those of the platform reference, 2026-09."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bot.simulator.zalo.codes import Code
from bot.simulator.zalo.dialect import QuotaStyle
from bot.simulator.zalo.state import Allowance, UploadKind
from tests.fakes.zalo import OA_ID
from tests.fakes.zalo_client import FORM, IMAGE, PNG, Stage, button, buttons, staged, template

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ANONYMOUS = "/v2.0/oa/message"
QUOTA = "/v3.0/oa/quota/message"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """An has just followed the office."""
    async with staged() as started:
        started.zalo.office.follow(started.an)
        yield started


TAKEN = [
    ({"text": "á" * 2000}, "§2.3"),
    (buttons(*[button()] * 5), "§2.4"),
    (buttons(button("oa.query.show", "x" * 1000, "t" * 100)), "§2.4"),
    (buttons(button("oa.open.url", {"url": "https://example.vn"}, image_icon="https://example.vn/i.png")), "§2.4"),
    (buttons(button("oa.open.phone", {"phone_code": "19009068"})), "§2.4"),
    (buttons(button("oa.open.sms", {"content": "x" * 160, "phone_code": "84900000000"})), "§2.4"),
    (template("media", IMAGE), "§2.5"),
    ({"text": "Chú thích", **template("media", IMAGE, buttons=[button()])}, "§2.5"),
    (template("media", {"media_type": "sticker", "attachment_id": "43420"}), "§2.5"),
    (template("request_user_info", FORM), "§2.7"),
    ({"text": "Mời điền", **template("request_user_info", FORM)}, "§2.7, one source"),
]

REFUSED = [
    ({"text": "a" * 2001}, Code.TOO_LONG, "§2.3, pilot of 2026-09-15"),
    ({"text": "a\u0301" * 1001}, Code.TOO_LONG, "§2.1: decomposed text counts longer"),
    ({"text": ""}, Code.PARAMETER, "§8"),
    ({"text": "a", "parse_mode": "HTML"}, Code.PARAMETER, "§8: unknown shape"),
    ({}, Code.PARAMETER, "§8"),
    ("a", Code.PARAMETER, "§8"),
    (buttons(*[button()] * 6), Code.PARAMETER, "§8"),
    (buttons(button("oa.query.hide", {"content": "#CO"})), Code.PARAMETER, "§2.4: the payload is a plain string"),
    (buttons(button("oa.open.url", "https://example.vn")), Code.PARAMETER, "§8: payload type per button type"),
    (buttons(button("oa.open.phone", {"phone_code": "1900.9068"})), Code.PARAMETER, "§2.4"),
    (buttons(button("oa.open.form", "x")), Code.PARAMETER, "§2.4"),
    (buttons(button(title="t" * 101)), Code.TOO_LONG, "§2.4"),
    (buttons(button(payload="x" * 1001)), Code.TOO_LONG, "§2.4"),
    (buttons(button("oa.open.sms", {"content": "x" * 161, "phone_code": "84900000000"})), Code.TOO_LONG, "§2.4"),
    ({"attachment": buttons(button())["attachment"]}, Code.PARAMETER, "§2.4: buttons stand under a text"),
    (template("button", buttons=[button()], text="a"), Code.NOT_SUPPORTED, "§2.4: no template_type in this shape"),
    (template("list", {"title": "a", "subtitle": "b"}), Code.NOT_SUPPORTED, "§2.8: documented for v2 only"),
    (template("promotion"), Code.NOT_SUPPORTED, "§4.1"),
    (template("media", IMAGE, IMAGE), Code.PARAMETER, "§2.5"),
    (template("media", {"media_type": "image"}), Code.PARAMETER, "§2.5: url or attachment_id"),
    (template("media", {"media_type": "image", "attachment_id": "unknown"}), Code.UPLOAD_EXPIRED, "§4.1"),
    (template("media", {"media_type": "image", "url": "anh.png"}), Code.PARAMETER, "§2.5"),
    ({"attachment": {"type": "file", "payload": {"token": "unknown"}}}, Code.UPLOAD_EXPIRED, "§4.1"),
    (template("request_user_info", FORM, FORM), Code.PARAMETER, "§2.7: exactly one element"),
    (template("request_user_info", {**FORM, "title": "t" * 101}), Code.TOO_LONG, "§2.7"),
    ({"text": "a", "quote_message_id": "unknown"}, Code.PARAMETER, "§2.3"),
]


@pytest.mark.parametrize(("message", "source"), TAKEN)
async def test_it_takes(stage: Stage, message: dict[str, Any], source: str) -> None:
    answer = await stage.client.send(stage.an, message)
    assert (answer["error"], answer["message"]) == (0, "Success")
    assert answer["data"]["user_id"] == stage.an
    assert answer["data"]["message_id"] == stage.zalo.sent(stage.an)[0].id
    assert answer["data"]["sent_time"] == str(int(stage.clock.now.timestamp()) * 1000)


@pytest.mark.parametrize(("message", "code", "source"), REFUSED)
async def test_it_refuses(stage: Stage, message: Any, code: Code, source: str) -> None:
    if message == {}:
        body = {"recipient": {"user_id": stage.an}, "message": {}}
        assert (await stage.client.call("/v3.0/oa/message/cs", body))["error"] == code
    else:
        assert (await stage.client.send(stage.an, message))["error"] == code
    assert not stage.zalo.sent(stage.an)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"recipient": {"user_id": 1}, "message": {"text": "a"}}', b"{}"])
async def test_a_body_that_is_none(stage: Stage, body: bytes) -> None:
    url, headers = f"{stage.zalo.url}/v3.0/oa/message/cs", {"access_token": stage.client.token}
    async with stage.client.http.post(url, data=body, headers=headers) as response:
        assert (response.status, (await response.json())["error"]) == (200, Code.PARAMETER)


async def test_what_is_disputed_can_be_switched_on(stage: Stage) -> None:
    stage.zalo.dialect.list_template = stage.zalo.dialect.button_template = True  # §2.4, §2.8
    for payload in (
        {"template_type": "list", "elements": [{"title": "a", "subtitle": "b"}]},
        {"template_type": "button", "text": "a", "buttons": [button()]},
    ):
        message = {"attachment": {"type": "template", "payload": payload}}
        assert (await stage.client.send(stage.an, message))["error"] == 0
    assert stage.zalo.shown(stage.an) == ["", "a"]


async def test_a_reply_can_name_the_message_it_answers(stage: Stage) -> None:
    written = stage.zalo.office.say(stage.an, "xin chào")["message"]["msg_id"]
    body = {"recipient": {"message_id": written}, "message": {"text": "a", "quote_message_id": written}}  # §2.3
    assert (await stage.client.call("/v3.0/oa/message/cs", body))["data"]["user_id"] == stage.an
    assert stage.zalo.sent(stage.an)[0].quotes == written


WINDOWS = [
    ({"hours": 48}, 0, "§3.1: 48 hours free"),
    ({"hours": 48, "seconds": 1}, Code.NO_WALLET, "§3.1: needs a linked account"),
    ({"days": 7}, Code.NO_WALLET, "§3.1"),
    ({"days": 7, "seconds": 1}, Code.OUTSIDE_WINDOW, "§3.1: over after seven days"),
]


@pytest.mark.parametrize(("later", "code", "source"), WINDOWS)
async def test_the_windows(stage: Stage, later: dict[str, float], code: int, source: str) -> None:
    stage.clock.move(**later)
    stage.client.token = stage.zalo.mint().access
    assert (await stage.client.send(stage.an))["error"] == code


async def test_whatever_counts_as_an_interaction_opens_the_window(stage: Stage) -> None:
    office = stage.zalo.office
    acts = [office.follow, office.click_chat_now, office.submit, lambda user: office.say(user, "a")]  # §3.1
    for act in acts:
        stage.clock.move(days=8)
        stage.client.token = stage.zalo.mint().access
        stage.zalo.dialect.outside_window = Code.NO_INTERACTION
        assert (await stage.client.send(stage.an))["error"] == Code.NO_INTERACTION
        office.read(stage.an)  # §3.1: reading does not count
        assert (await stage.client.send(stage.an))["error"] == Code.NO_INTERACTION
        act(stage.an)
        assert (await stage.client.send(stage.an))["error"] == 0


async def test_outside_the_free_window_the_quotas_pay_and_then_the_wallet(stage: Stage) -> None:
    account = stage.zalo.office.account
    account.quotas["sub_quota"] = Allowance(500, 1, date(2026, 9, 30))
    account.quotas["purchase_quota"] = Allowance(10, 1)
    account.wallet = 1
    stage.clock.move(hours=49)
    stage.client.token = stage.zalo.mint().access
    told = [await stage.client.send(stage.an) for _ in range(4)]
    owner = {"owner_type": "OA", "owner_id": OA_ID}
    assert [answer.get("data", {}).get("quota", answer["error"]) for answer in told] == [  # §2.3
        {"quota_type": "sub_quota", "remain": "0", "total": "500", "expired_date": "30/09/2026", **owner},
        {"quota_type": "purchase_quota", "remain": "0", "total": "10", **owner},
        0,
        Code.WALLET_EMPTY,
    ]


STYLES = [
    (QuotaStyle.PLAIN, {"quota_type": "reply"}, "§2.3: since 2026-03-01"),
    (QuotaStyle.EIGHT, {"quota_type": "reply", "remain": "8", "total": "8"}, "§2.3: since 2026-01-01"),
    (QuotaStyle.NUMBERS, {"quota_type": "reply", "remain": 8, "total": 8}, "§2.3"),
    (QuotaStyle.ABSENT, None, "§2.3"),
]


@pytest.mark.parametrize(("style", "quota", "source"), STYLES)
async def test_the_quota_of_a_free_reply(stage: Stage, style: QuotaStyle, quota: Any, source: str) -> None:
    stage.zalo.dialect.quota = style
    assert (await stage.client.send(stage.an))["data"].get("quota") == quota


async def test_a_follower_who_never_wrote_gets_three_messages(stage: Stage) -> None:
    binh = stage.zalo.office.add_person("Bình", follows=True)
    told = [await stage.client.send(binh) for _ in range(4)]  # §3.1
    assert [answer.get("data", {}).get("quota", {}).get("remain", answer["error"]) for answer in told] == [
        "2",
        "1",
        "0",
        Code.NO_INTERACTION,
    ]


UNREACHABLE = [
    ({"blocked": True}, Code.BLOCKED, "§4.1"),
    ({"inactive": True}, Code.INACTIVE, "§4.1"),
    ({"type_off": True}, Code.TYPE_OFF, "§4.1"),
    ({"follower": False, "last_interaction": None}, Code.NO_RELATION, "§4.1"),
]


@pytest.mark.parametrize(("state", "code", "source"), UNREACHABLE)
async def test_people_who_cannot_be_written_to(stage: Stage, state: dict[str, Any], code: Code, source: str) -> None:
    for name, value in state.items():
        setattr(stage.zalo.office.account.members[stage.an], name, value)
    assert (await stage.client.send(stage.an))["error"] == code
    assert (await stage.client.send("1234567890123456789"))["error"] == Code.NO_RELATION


async def test_ids_belong_to_one_account(stage: Stage) -> None:
    other = stage.zalo.platform.add_account("Khác")
    same = other.add_person("An", follows=True)
    mine, theirs = stage.zalo.office.account.members[stage.an], other.account.members[same]
    assert mine.user_id_by_app == theirs.user_id_by_app  # §2.1
    assert (len(same), same != stage.an, int(same) > 2**53) == (19, True, True)  # §8
    assert (await stage.client.send(same))["error"] == Code.NO_RELATION


async def test_uploads_can_be_sent_for_seven_days(stage: Stage) -> None:
    name = (await stage.client.upload("image"))["data"]["attachment_id"]
    message = template("media", {"media_type": "image", "attachment_id": name})
    assert (await stage.client.send(stage.an, message))["error"] == 0
    phone = stage.zalo.platform.phone(stage.zalo.office)
    assert phone.picture(str(phone.messages(stage.an)[-1].picture)).body == PNG
    stage.clock.move(days=7)  # §2.15
    stage.zalo.office.say(stage.an, "a")
    stage.client.token = stage.zalo.mint().access
    assert (await stage.client.send(stage.an, message))["error"] == Code.UPLOAD_EXPIRED


UPLOADS = [
    ("image", b"\xff\xd8\xff", 1_048_576, "a.jpg", 0, "§2.15: 1 MB"),
    ("image", PNG, 1_048_577, "a.png", Code.TOO_LONG, "§2.15"),
    ("image", b"GIF89a", 100, "a.png", Code.PARAMETER, "§2.15: jpg or png"),
    ("gif", b"GIF89a", 5 * 1_048_576, "a.gif", 0, "§2.15"),
    ("file", b"%PDF-", 100, "a.pdf", 0, "§2.6"),
    ("file", b"%PDF-", 5 * 1_048_576 + 1, "a.pdf", Code.TOO_LONG, "§2.6: 5 MB"),
    ("file", b"MZ", 100, "a.exe", Code.PARAMETER, "§2.6"),
]


@pytest.mark.parametrize(("kind", "beginning", "size", "name", "code", "source"), UPLOADS)
async def test_uploads(stage: Stage, kind: str, beginning: bytes, size: int, name: str, code: int, source: str) -> None:
    answer = await stage.client.upload(kind, beginning.ljust(size, b"\0"), name)
    assert answer["error"] == code
    if code == 0:
        assert answer["data"].keys() == {"token" if kind == "file" else "attachment_id"}


async def test_a_file_is_sent_by_its_token(stage: Stage) -> None:
    name = (await stage.client.upload("file", b"%PDF-", "a.pdf"))["data"]["token"]
    assert (await stage.client.send(stage.an, {"attachment": {"type": "file", "payload": {"token": name}}}))[
        "error"
    ] == 0
    picture = template("media", {"media_type": "image", "attachment_id": name})
    assert (await stage.client.send(stage.an, picture))["error"] == Code.UPLOAD_EXPIRED


async def test_five_thousand_uploads_a_month(stage: Stage) -> None:
    stage.zalo.platform.uploads.counted[OA_ID, UploadKind.IMAGE, "2026-09"] = 5000  # §2.15
    assert (await stage.client.upload("image"))["error"] == Code.QUOTA_EXHAUSTED
    assert (await stage.client.upload("gif", b"GIF89a"))["error"] == 0
    stage.clock.move(days=9)
    stage.client.token = stage.zalo.mint().access
    assert (await stage.client.upload("image"))["error"] == 0


async def test_the_second_version_reacts_and_is_shut_down_otherwise(stage: Stage) -> None:
    written = stage.zalo.office.say(stage.an, "xin chào")["message"]["msg_id"]
    to = {"recipient": {"user_id": stage.an}}
    heart = {"sender_action": {"react_icon": "/-heart", "react_message_id": written}}
    assert (await stage.client.call(ANONYMOUS, {**to, **heart}))["error"] == 0  # §2.12
    assert stage.zalo.office.account.find(written)[1].reactions == ["/-heart"]
    unknown = {"sender_action": {"react_icon": "+1", "react_message_id": written}}
    assert (await stage.client.call(ANONYMOUS, {**to, **unknown}))["error"] == Code.PARAMETER
    assert (await stage.client.call(ANONYMOUS, {**to, "message": {"text": "a"}}))["error"] == Code.SHUT_DOWN  # §2.2


async def test_visitors_of_the_website_are_answered_there(stage: Stage) -> None:
    visitor = stage.zalo.office.visit("xin chào")
    to = {"anonymous_id": visitor.anonymous_id, "conversation_id": visitor.conversation_id}
    answer = await stage.client.call(ANONYMOUS, {"recipient": to, "message": {"text": "Chào bạn"}})  # §2.13
    assert to.items() <= answer["data"].items()
    assert [message.text for message in visitor.messages] == ["xin chào", "Chào bạn"]
    wrong = {**to, "conversation_id": "1"}
    refused = await stage.client.call(ANONYMOUS, {"recipient": wrong, "message": {"text": "a"}})
    assert refused["error"] == Code.NO_RELATION
    refused = await stage.client.call(ANONYMOUS, {"recipient": to, "message": buttons(button())})
    assert refused["error"] == Code.NOT_SUPPORTED


async def test_user_detail(stage: Stage) -> None:
    stage.zalo.office.submit(stage.an, {"name": "Trần An", "phone": "84900000000"})
    told = (await stage.client.ask("/v3.0/oa/user/detail", user_id=stage.an))["data"]  # §2.16
    assert told["user_last_interaction_date"] == "22/09/2026"
    assert (told["display_name"], told["user_is_follower"]) == ("An", True)
    assert told["shared_info"]["phone"] == "84900000000"
    stranger = stage.zalo.office.add_person("Bình")
    assert (await stage.client.ask("/v3.0/oa/user/detail", user_id=stranger))["error"] == Code.NO_RELATION


LISTS = [
    ({"offset": 0, "count": 50}, ["An", "Bình"]),
    ({"offset": 1, "count": 1}, ["Bình"]),
    ({"offset": 0, "count": 50, "is_follower": "false"}, ["Bình"]),
    ({"offset": 0, "count": 50, "tag_name": "lớp 1"}, ["An"]),
    ({"offset": 0, "count": 50, "last_interaction_period": "TODAY"}, ["An"]),
    ({"offset": 0, "count": 50, "last_interaction_period": "2026_09_01:2026_09_21"}, ["Bình"]),
    ({"offset": 0, "count": 51}, Code.TOO_LONG),
    ({"offset": 9952, "count": 1}, Code.TOO_LONG),
    ({"offset": "0", "count": 1}, Code.PARAMETER),
    ({"offset": 0, "count": 1, "last_interaction_period": "L1D"}, Code.PARAMETER),
]


@pytest.mark.parametrize(("query", "found"), LISTS)
async def test_user_list(stage: Stage, query: dict[str, Any], found: Any) -> None:
    office = stage.zalo.office
    office.account.members[stage.an].tags.add("lớp 1")
    office.add_person("Chi")  # no relation: not in any list
    stage.clock.move(days=-1)
    office.say(office.add_person("Bình"), "a")
    stage.clock.move(days=1)
    answer = await stage.client.ask("/v3.0/oa/user/getlist", **query)  # §2.16
    names = {user_id: member.name for user_id, member in office.account.members.items()}
    listed = [names[user["user_id"]] for user in answer.get("data", {}).get("users", [])]
    assert (listed or answer["error"]) == found


async def test_quota_of_a_person_and_of_the_account(stage: Stage) -> None:
    stage.zalo.office.account.quotas["sub_quota"] = Allowance(500, 499, date(2026, 9, 30))
    told = (await stage.client.call(QUOTA, {"user_id": stage.an}))["data"]  # §2.20
    assert told["last_interaction"] == int(stage.clock.now.timestamp()) * 1000
    asked = {"quota_owner": "OA", "product_type": "cs", "quota_type": "sub_quota"}
    (asset,) = (await stage.client.call(QUOTA, asked))["data"]
    assert (asset["remain"], asset["total"], asset["valid_through"]) == (499, 500, "30/09/2026")
    assert (await stage.client.call(QUOTA, {}))["error"] == Code.PARAMETER


async def test_the_account_tells_about_itself(stage: Stage) -> None:
    told = (await stage.client.ask("/v2.0/oa/getoa"))["data"]  # §2.18
    assert (told["oaid"], told["num_follower"]) == (OA_ID, 1)
