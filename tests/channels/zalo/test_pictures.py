"""Images on the fake platform: uploaded once, sent often, given again when they are gone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.zalo.account import Anonymous
from bot.channels.zalo.pictures import PATIENCE, Pictures
from bot.delivery.errors import RejectedError, RetryLaterError
from bot.delivery.images import Images
from bot.simulator.phone import Author
from bot.store.images import keep_image
from handlers.turn import Button, ImageRef, Reply
from tests.channels.zalo.support import ACCOUNT, Office
from tests.fakes.faults import drop_answer, reply
from tests.fakes.zalo import SEND, refusal

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 64
UPLOAD = "/upload/image"


@pytest.fixture
def user(connected: Office) -> str:
    """Somebody who has just written."""
    found = connected.fake.office.add_person("Bình")
    connected.fake.office.say(found, "chào")
    return found


async def kept(office: Office, content: bytes = PNG) -> str:
    async with office.database.transaction() as session:
        return await keep_image(session, content, office.clock())


async def reply_with(office: Office, content: bytes = PNG) -> Reply:
    image = ImageRef(await kept(office, content), "Thẻ BHYT của học sinh")
    return Reply("Mùa tựu trường", buttons=(Button("Đóng ở đâu?", "entry:x"),), image=image)


@pytest.mark.parametrize("content", [PNG, JPEG])
async def test_the_image_comes_first_and_the_text_with_its_buttons_after_it(
    connected: Office, user: str, content: bytes
) -> None:
    await connected.deliver(user, await reply_with(connected, content))
    image, text = connected.fake.sent(user)
    (upload,) = connected.fake.office.account.uploads.values()
    assert upload.body == content
    (element,) = payload(image)["elements"]
    assert element == {"media_type": "image", "attachment_id": next(iter(connected.fake.office.account.uploads))}
    assert text.text == "Mùa tựu trường"
    assert [button["title"] for button in payload(text)["buttons"]] == ["Đóng ở đâu?"]


async def test_an_image_is_uploaded_once_for_everybody_also_after_a_restart(connected: Office, user: str) -> None:
    digest = await kept(connected)
    await asyncio.gather(*(connected.pictures.send(user, digest) for _ in range(5)))
    restarted = Images(ACCOUNT, connected.database, connected.clock)
    await Pictures(connected.client, restarted, connected.calendar, connected.clock).send(user, digest)
    assert len(connected.fake.called(UPLOAD)) == 1
    assert len(connected.fake.sent(user)) == 6


async def test_another_account_uploads_its_own(connected: Office) -> None:
    digest = await kept(connected)
    user = connected.fake.office.add_person("An")
    connected.fake.office.say(user, "chào")
    await connected.pictures.send(user, digest)
    assert await Images("zalo:7", connected.database, connected.clock).known(digest) is None


async def test_an_old_upload_is_not_used(connected: Office, user: str) -> None:
    digest = await kept(connected)
    await connected.pictures.send(user, digest)
    connected.clock.advance(days=6, hours=17)
    connected.fake.office.say(user, "còn đó không")
    await connected.pictures.send(user, digest)
    assert len(connected.fake.called(UPLOAD)) == 1
    connected.clock.advance(hours=2)
    await connected.pictures.send(user, digest)
    assert len(connected.fake.called(UPLOAD)) == 2


async def test_an_upload_that_is_gone_is_made_again_once(connected: Office, user: str) -> None:
    digest = await kept(connected)
    await connected.pictures.send(user, digest)
    connected.fake.spoil(SEND, refusal(-100))
    await connected.pictures.send(user, digest)
    assert len(connected.fake.called(UPLOAD)) == 2
    assert len(connected.fake.sent(user)) == 2
    connected.fake.spoil(SEND, refusal(-100), refusal(-100))
    with pytest.raises(RejectedError, match="zalo-100"):
        await connected.pictures.send(user, digest)
    assert len(connected.fake.called(UPLOAD)) == 3


async def test_many_who_find_it_gone_upload_it_once(connected: Office, user: str) -> None:
    digest = await kept(connected)
    await connected.pictures.send(user, digest)
    connected.fake.office.account.uploads.clear()
    await asyncio.gather(*(connected.pictures.send(user, digest) for _ in range(5)))
    assert len(connected.fake.called(UPLOAD)) == 2
    assert len(connected.fake.sent(user)) == 6


async def test_what_the_platform_refuses_is_not_uploaded(connected: Office, user: str) -> None:
    digest = await kept(connected, PNG + b"\x00" * 1_048_576)
    with pytest.raises(RejectedError, match="image"):
        await connected.pictures.send(user, digest)
    with pytest.raises(RejectedError, match="image_missing"):
        await connected.pictures.send(user, "0" * 64)
    assert connected.fake.called(UPLOAD) == []


async def test_an_upload_that_fails_is_for_later_and_nothing_was_sent(connected: Office, user: str) -> None:
    digest = await kept(connected)
    connected.fake.spoil(UPLOAD, reply(200, {"error": 0, "data": {}}), drop_answer())
    for reason in ("no_attachment", "upload_dropped"):
        with pytest.raises(RetryLaterError, match=reason):
            await connected.pictures.send(user, digest)
    assert connected.fake.called(SEND) == []


async def test_a_slow_upload_leaves_the_send_to_the_next_try(connected: Office, user: str) -> None:
    digest, ticks = await kept(connected), iter([0.0, PATIENCE + 1])
    slow = Pictures(connected.client, connected.images, connected.calendar, connected.clock, lambda: next(ticks))
    with pytest.raises(RetryLaterError, match="upload_slow"):
        await slow.send(user, digest)
    await slow.send(user, digest)
    assert len(connected.fake.called(UPLOAD)) == 1
    assert len(connected.fake.sent(user)) == 1


async def test_without_the_database_it_waits(connected: Office, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = await kept(connected)

    def away() -> Any:
        raise OSError

    monkeypatch.setattr(connected.database, "reading", away)
    with pytest.raises(RetryLaterError, match="image_database"):
        await connected.images.known(digest)


async def test_a_visitor_of_the_website_reads_what_the_image_shows(connected: Office) -> None:
    visitor = connected.fake.office.visit("chào")
    address = Anonymous(visitor.anonymous_id, visitor.conversation_id).address
    await connected.deliver(address, await reply_with(connected))
    assert visitor.messages[-1].author is Author.BOT
    assert visitor.messages[-1].text.startswith("[Thẻ BHYT của học sinh]\n\nMùa tựu trường")


def payload(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = (message.attachment or {})["payload"]
    return found
