"""The fake Zalo's events and their delivery. Sections are those of the platform reference, 2026-09."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.simulator.phone import Attachment, Author, Choice, ChoiceKind
from bot.simulator.zalo.webhook import SIGNATURE_HEADER, sign
from tests.fakes.zalo import APP_ID, OA_ID, WEBHOOK_KEY, FakeZalo
from tests.fakes.zalo_client import FORM, IMAGE, Stage, button, buttons, receiving, staged, template

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.simulator.zalo.people import People


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The bot's webhook is saved; the bot's own sends cause no events."""
    async with staged() as started:
        started.zalo.send_to(started.hook.url)
        started.zalo.dialect.echoes = started.zalo.dialect.receipts = False
        yield started


def test_the_signature_is_that_of_the_reference() -> None:
    body = b'{"event_name":"user_send_text","timestamp":"1700000000000"}'  # §5.7
    mac = "ca57d61741b63aedbda1e84aabb3d35e867bdd468b37815e8f84090545397b78"
    assert sign("1234567890", body, "1700000000000", "oa-secret") == f"mac={mac}"


async def test_a_text_is_signed_over_the_bytes_that_are_sent(stage: Stage) -> None:
    stage.zalo.office.say(stage.an, "Mức đóng?")
    await stage.zalo.settled()
    ((body, headers),) = stage.hook.got
    timestamp = str(int(stage.clock.now.timestamp()) * 1000)
    mac = hashlib.sha256(APP_ID.encode() + body + timestamp.encode() + WEBHOOK_KEY.encode()).hexdigest()
    assert headers[SIGNATURE_HEADER] == f"mac={mac}"  # §5.2
    member, event = stage.zalo.office.account.members[stage.an], json.loads(body)
    assert event == {  # §5.3
        "app_id": APP_ID,
        "sender": {"id": stage.an},
        "recipient": {"id": OA_ID},
        "user_id_by_app": member.user_id_by_app,
        "event_name": "user_send_text",
        "timestamp": timestamp,
        "message": {"text": "Mức đóng?", "msg_id": member.messages[0].id},
    }


ATTACHED = ["image", "gif", "link", "audio", "video", "sticker", "location", "business_card", "file"]  # §5.3


@pytest.mark.parametrize("kind", ATTACHED)
async def test_attachments(stage: Stage, kind: str) -> None:
    stage.zalo.office.send(stage.an, kind, caption="Đây")
    await stage.zalo.settled()
    (event,) = stage.hook.events
    assert event["event_name"] == f"user_send_{kind}"
    assert event["message"]["text"] == "Đây"
    assert event["message"]["attachments"][0]["payload"]


RELATION = {"app_id": APP_ID, "oa_id": OA_ID, "follower": {"id": "AN"}, "source": "oa_profile"}
ACTS: list[tuple[Callable[[People, str], object], str, dict[str, Any]]] = [
    (lambda office, an: office.follow(an), "follow", RELATION),
    (lambda office, an: office.unfollow(an), "unfollow", RELATION),
    (lambda office, an: office.click_chat_now(an), "user_click_chatnow", {"oa_id": OA_ID, "user_id": "AN"}),
    (lambda office, an: office.withdraw(an), "user_withdraw", {"oa_id": OA_ID, "user_id": "AN"}),
    (lambda office, an: office.something_new(an, "user_call_oa", call_id="1"), "user_call_oa", {"call_id": "1"}),
    (
        lambda office, an: office.submit(an, {"name": "An", "phone": "84900000000", "city": "Huế"}),
        "user_submit_info",
        {
            "sender": {"id": "AN"},
            "info": {
                "name": "An",
                "phone": "84900000000",
                "user_dob": "",
                "gender": "",
                "full_address": {"user_city": "Huế", "user_ward": "", "user_address": ""},
            },
        },
    ),
]


@pytest.mark.parametrize(("act", "name", "fields"), ACTS, ids=[name for _, name, _ in ACTS])
async def test_other_events(
    stage: Stage, act: Callable[[People, str], object], name: str, fields: dict[str, Any]
) -> None:
    act(stage.zalo.office, stage.an)
    await stage.zalo.settled()
    (event,) = stage.hook.events
    wanted = json.loads(json.dumps(fields).replace('"AN"', json.dumps(stage.an)))
    assert event["event_name"] == name  # §5.5
    assert wanted.items() <= event.items()


async def test_the_older_form_of_submitted_details(stage: Stage) -> None:
    stage.zalo.dialect.old_user_info = True
    stage.zalo.office.submit(stage.an)
    await stage.zalo.settled()
    assert stage.hook.events[0]["info"].keys() == {"address", "city", "district", "ward", "name", "phone"}  # §5.5


async def test_visitors_have_a_conversation(stage: Stage) -> None:
    visitor = stage.zalo.office.visit("xin chào")
    await stage.zalo.settled()
    (event,) = stage.hook.events
    assert (event["event_name"], event["sender"]["id"]) == ("anonymous_send_text", visitor.anonymous_id)
    assert event["message"]["conversation_id"] == visitor.conversation_id


async def test_buttons_arrive_as_their_payload(stage: Stage) -> None:
    stage.zalo.office.say(stage.an, "chào")
    shown = button("oa.query.show", "Hỏi tiếp", "Tiếp")
    link = button("oa.open.url", {"url": "https://example.vn"}, "Trang")
    call = button("oa.open.phone", {"phone_code": "19009068"}, "Gọi")
    sent = (await stage.client.send(stage.an, buttons(button(), shown, link, call)))["data"]["message_id"]
    phone = stage.zalo.platform.phone(stage.zalo.office)
    assert phone.messages(stage.an)[-1].choices == (
        (Choice("Có"),),
        (Choice("Tiếp"),),
        (Choice("Trang", ChoiceKind.URL, "https://example.vn"),),
        (Choice("Gọi", ChoiceKind.CALL, "19009068"),),
    )
    for number in range(4):
        phone.tap(stage.an, sent, number)
    await stage.zalo.settled()
    assert [event["message"]["text"] for event in stage.hook.events] == ["chào", "#CO", "Hỏi tiếp"]  # §2.4
    assert {event["event_name"] for event in stage.hook.events} == {"user_send_text"}
    assert [bubble.runs[0].text for bubble in phone.messages(stage.an)] == ["chào", "Chọn", "Hỏi tiếp"]
    with pytest.raises(LookupError):
        phone.tap(stage.an, sent, 4)


async def test_a_form_is_filled_in_by_its_button(stage: Stage) -> None:
    stage.zalo.office.follow(stage.an)
    sent = (await stage.client.send(stage.an, template("request_user_info", FORM)))["data"]["message_id"]
    stage.zalo.platform.phone(stage.zalo.office).tap(stage.an, sent, 0)
    await stage.zalo.settled()
    assert stage.hook.names == ["follow", "user_submit_info"]
    assert stage.hook.events[1]["info"]["name"] == "An"


@pytest.mark.parametrize("same_id", [True, False])  # §5.4: likely, unverified
async def test_own_sends_come_back_as_echo_and_receipt(stage: Stage, same_id: bool) -> None:
    stage.zalo.dialect.echoes = stage.zalo.dialect.receipts = True
    stage.zalo.dialect.echoes_keep_id = same_id
    stage.zalo.office.follow(stage.an)
    sent = (await stage.client.send(stage.an, template("media", IMAGE)))["data"]["message_id"]
    stage.zalo.office.read(stage.an)
    stage.zalo.office.react(stage.an, sent)
    await stage.zalo.settled()
    _, echo, received, seen, reacted = stage.hook.events
    assert stage.hook.names[1:] == [
        "oa_send_image",
        "user_received_message",
        "user_seen_message",
        "user_reacted_message",
    ]
    assert (echo["sender"], echo["recipient"]) == ({"id": OA_ID}, {"id": stage.an})
    assert (echo["message"]["msg_id"] == sent) is same_id
    assert received["message"] == {"msg_id": sent}
    assert (seen["sender"], seen["message"]) == ({"id": stage.an}, {"msg_ids": [sent]})
    assert reacted["message"] == {"msg_id": sent, "react_icon": "/-heart"}
    assert stage.zalo.office.read(stage.an) is None


async def test_what_a_person_of_the_office_writes_names_them(stage: Stage) -> None:
    stage.zalo.office.office_says(stage.an, "Chào anh", admin="7788")
    await stage.zalo.settled()
    (event,) = stage.hook.events
    assert (event["event_name"], event["sender"]) == ("oa_send_text", {"id": OA_ID, "admin_id": "7788"})  # §5.4


async def test_the_console_saves_an_address_that_answers_the_probe(stage: Stage) -> None:
    webhook = stage.zalo.platform.webhook
    stage.hook.answers = [401]
    webhook.url = ""
    assert not await webhook.save(stage.hook.url)
    assert await webhook.save(stage.hook.url)  # §5.1
    assert webhook.url == stage.hook.url
    assert [(body, SIGNATURE_HEADER in headers) for body, headers in stage.hook.got] == [(b"{}", False)] * 2


async def test_after_a_failed_connection_it_is_tried_five_times_and_then_switched_off(stage: Stage) -> None:
    stage.zalo.send_to(await nobody())
    stage.zalo.office.say(stage.an, "a")
    await stage.zalo.settled()
    assert stage.zalo.waits == [30, 270, 600, 900, 1800]  # §5.1: at 30 s, 5, 15, 30 minutes and 1 hour
    deliveries = stage.zalo.platform.webhook.deliveries
    assert [(delivery.retry, delivery.connected) for delivery in deliveries] == [(retry, False) for retry in range(6)]
    stage.zalo.office.say(stage.an, "b")
    await stage.zalo.settled()
    assert len(deliveries) == 6
    assert stage.zalo.platform.webhook.url == ""


async def test_a_retry_is_the_same_event_with_its_number(stage: Stage) -> None:
    async def back(_seconds: float) -> None:
        stage.clock.move(hours=1)
        stage.zalo.send_to(stage.hook.url)

    stage.zalo.platform.webhook._sleeper = back
    stage.zalo.send_to(await nobody())
    written = stage.clock.now
    stage.zalo.office.say(stage.an, "a")
    await stage.zalo.settled()
    ((body, headers),) = stage.hook.got
    assert headers["num_retry"] == "1"  # §5.1
    assert json.loads(body)["timestamp"] == str(int(written.timestamp()) * 1000)
    assert headers[SIGNATURE_HEADER] == sign(APP_ID, body, json.loads(body)["timestamp"], WEBHOOK_KEY)


@pytest.mark.parametrize(("retries", "count"), [(False, 1), (True, 2)])  # §5.1: unclear
async def test_a_refused_event_is_lost_or_tried_again(stage: Stage, retries: bool, count: int) -> None:
    stage.zalo.dialect.retries_refusals = retries
    stage.hook.answers = [500]
    stage.zalo.office.say(stage.an, "a")
    await stage.zalo.settled()
    assert [delivery.status for delivery in stage.zalo.platform.webhook.deliveries] == [500, 200][:count]


async def test_a_slow_answer_is_none() -> None:
    asleep = asyncio.Event()
    async with staged(patience=0.1) as stage:
        stage.zalo.send_to(stage.hook.url)
        stage.hook.before = asleep.wait
        stage.zalo.office.say(stage.an, "a")
        await stage.zalo.settled()
        (delivery,) = stage.zalo.platform.webhook.deliveries
        asleep.set()
    assert (delivery.status, delivery.connected, delivery.taken) == (None, True, False)
    assert delivery.seconds >= 0.1


async def test_one_persons_events_keep_their_order_and_do_not_hold_up_others(stage: Stage) -> None:
    binh, first = stage.zalo.office.add_person("Bình"), asyncio.Event()
    arrived: asyncio.Queue[None] = asyncio.Queue()

    async def hold_an() -> None:
        await arrived.put(None)
        if stage.hook.events[-1]["sender"]["id"] == stage.an:
            await first.wait()

    stage.hook.before = hold_an
    for user, text in ((stage.an, "1"), (stage.an, "2"), (binh, "3")):
        stage.zalo.office.say(user, text)
    await arrived.get()
    await arrived.get()
    assert {event["message"]["text"] for event in stage.hook.events} == {"1", "3"}
    first.set()
    await stage.zalo.settled()
    assert [event["message"]["text"] for event in stage.hook.events if event["sender"]["id"] == stage.an] == ["1", "2"]


async def test_events_can_be_reordered_doubled_late_and_forged(stage: Stage) -> None:
    with stage.zalo.holding() as held:
        stage.zalo.office.say(stage.an, "1")
        stage.zalo.office.say(stage.an, "2")
        held.reverse()
        held.append(held[0])
    await stage.zalo.settled()
    assert [event["message"]["text"] for event in stage.hook.events] == ["2", "1", "2"]
    await stage.zalo.post(held[0], retry=5)
    await stage.zalo.post(held[0], key="wrong")
    await stage.zalo.post_raw(b"{}")
    assert [headers.get("num_retry") for _, headers in stage.hook.got[3:]] == ["5", None, None]
    bodies = [body for body, _ in stage.hook.got[3:5]]
    assert bodies[0] == bodies[1]
    assert stage.hook.got[3][1][SIGNATURE_HEADER] != stage.hook.got[4][1][SIGNATURE_HEADER]
    assert SIGNATURE_HEADER not in stage.hook.got[5][1]


async def test_blocking_and_coming_back(stage: Stage) -> None:
    phone = stage.zalo.platform.phone(stage.zalo.office)
    phone.start(stage.an)
    phone.block(stage.an)
    assert phone.blocked(stage.an)
    phone.unblock(stage.an)
    assert not phone.blocked(stage.an)
    await stage.zalo.settled()
    assert stage.hook.names == ["follow", "unfollow", "follow"]


async def test_the_phone_shows_both_sides(stage: Stage) -> None:
    phone = stage.zalo.platform.phone(stage.zalo.office)
    assert [person.name for person in phone.people] == ["An"]
    with phone.watchers.listen() as told:
        phone.attach(stage.an, Attachment.LOCATION)
        await stage.client.send(stage.an)
        assert [told.get_nowait().person for _ in range(2)] == [stage.an] * 2
    bubbles = phone.messages(stage.an)
    assert [(bubble.author, bubble.attachment) for bubble in bubbles] == [
        (Author.PERSON, Attachment.LOCATION),
        (Author.BOT, None),
    ]
    with pytest.raises(LookupError):
        phone.say("nobody", "a")


async def test_a_test_can_wait_for_the_bot(stage: Stage) -> None:
    stage.zalo.office.follow(stage.an)
    waiting = asyncio.create_task(stage.zalo.arrived(stage.an, 1))
    await stage.client.send(stage.an)
    assert [message.text for message in await waiting] == ["Chào bạn"]


async def test_what_happens_before_the_platform_runs_is_sent_when_it_does() -> None:
    async with receiving() as hook:
        zalo = FakeZalo()
        zalo.send_to(hook.url)
        zalo.office.follow(zalo.office.add_person("An"))
        async with zalo:
            await zalo.settled()
    assert hook.names == ["follow"]


async def nobody() -> str:
    """An address where nobody is any more."""
    async with receiving() as gone:
        return gone.url
