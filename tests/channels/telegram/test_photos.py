"""Images on people's screens: given to Telegram once, then sent by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.telegram.outlet import TelegramOutlet
from bot.channels.telegram.photos import LIMIT
from bot.channels.telegram.rendering import render
from bot.delivery.errors import PersonUnreachableError, RejectedError, RetryLaterError
from bot.delivery.images import Images
from bot.outbound import OutboundMessage
from bot.simulator.telegram.files import drawn_photo
from bot.simulator.telegram.markup import parse_html, units
from bot.store.database import Database
from bot.store.images import keep_image
from handlers.turn import Button, ImageRef, Reply
from tests.channels.telegram.support import ACCOUNT, NOON, noon
from tests.databases import migrated
from tests.fakes.telegram import refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.channels.telegram.client import BotClient
    from bot.delivery.outlet import Recipient
    from tests.fakes.telegram import FakeTelegram

PHOTO = drawn_photo()
ASK = Button("Đóng ở đâu?", "entry:x")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await migrated(f"sqlite:///{tmp_path}/bhyt.sqlite3")
    yield opened
    await opened.close()


@pytest.fixture
def outlet(client: BotClient, database: Database) -> TelegramOutlet:
    return TelegramOutlet(client, ACCOUNT, Images(ACCOUNT, database, noon))


async def kept(database: Database, content: bytes = PHOTO) -> ImageRef:
    async with database.transaction() as session:
        return ImageRef(await keep_image(session, content, NOON), "Thẻ BHYT")


def shows(image: ImageRef, text: str = "**Mùa** tựu trường") -> OutboundMessage:
    return OutboundMessage(7, 1, Reply(text, buttons=(ASK,), image=image))


async def deliver(outlet: TelegramOutlet, to: Recipient, message: OutboundMessage) -> None:
    for send in outlet.sends(to, message):
        await send()


def seen(fake: FakeTelegram, chat: int) -> list[dict[str, Any]]:
    return list(fake.platform.world.chat(chat).messages.values())


def ids(fake: FakeTelegram) -> list[str | None]:
    """What each call sent the photo by; None: with its content."""
    return [call.values.get("photo") for call in fake.called("sendPhoto")]


async def test_a_photo_with_its_text_and_buttons(
    fake: FakeTelegram, outlet: TelegramOutlet, database: Database, an: int, to_an: Recipient
) -> None:
    await deliver(outlet, to_an, shows(await kept(database)))
    (shown,) = seen(fake, an)
    assert (shown["caption"], shown["caption_entities"][0]["type"]) == ("Mùa tựu trường", "bold")
    assert shown["photo"][0]["width"] == 320
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == "Đóng ở đâu?"


async def test_the_content_goes_once_also_after_a_restart(
    fake: FakeTelegram, outlet: TelegramOutlet, client: BotClient, database: Database, an: int, to_an: Recipient
) -> None:
    image = await kept(database)
    for sender in (outlet, outlet, TelegramOutlet(client, ACCOUNT, Images(ACCOUNT, database, noon))):
        await deliver(sender, to_an, shows(image))
    file_id = seen(fake, an)[0]["photo"][0]["file_id"]
    assert ids(fake) == [None, file_id, file_id]
    assert len(seen(fake, an)) == 3


def test_a_long_text_goes_on_below_the_photo() -> None:
    text = "\n\n".join(["chữ " * 100] * 13)
    photo, *rest = render(shows(ImageRef("x", ""), text))
    assert (photo.method, photo.image) == ("sendPhoto", ImageRef("x", ""))
    texts = [parse_html(html)[0] for html in (photo.parameters["caption"], *(call.parameters["text"] for call in rest))]
    assert units(texts[0]) <= 1024
    assert [call.method for call in rest] == ["sendMessage"] * 2
    assert " ".join(texts).split() == text.split()
    assert [bool(call.parameters.get("reply_markup")) for call in (photo, *rest)] == [False, False, True]


def test_a_photo_without_a_text_carries_the_buttons() -> None:
    (photo,) = render(shows(ImageRef("x", ""), ""))
    assert set(photo.parameters) == {"reply_markup"}


async def test_an_id_of_another_bot_is_replaced(
    fake: FakeTelegram, outlet: TelegramOutlet, database: Database, an: int, to_an: Recipient
) -> None:
    image = await kept(database)
    await deliver(outlet, to_an, shows(image))
    wrong = "Bad Request: wrong remote file identifier specified: can't unserialize it"
    fake.spoil("sendPhoto", refusal(400, wrong))
    await deliver(outlet, to_an, shows(image))
    await deliver(outlet, to_an, shows(image))
    assert [file_id is None for file_id in ids(fake)] == [True, False, True, False]
    assert len(seen(fake, an)) == 3


async def test_other_refusals_are_told_as_ever(
    fake: FakeTelegram, outlet: TelegramOutlet, database: Database, to_an: Recipient
) -> None:
    image = await kept(database)
    blocked = refusal(403, "Forbidden: bot was blocked by the user")
    fake.spoil("sendPhoto", blocked, refusal(400, "Bad Request: IMAGE_PROCESS_FAILED"))
    with pytest.raises(PersonUnreachableError):
        await deliver(outlet, to_an, shows(image))
    with pytest.raises(RejectedError, match="bad_request"):
        await deliver(outlet, to_an, shows(image))
    assert ids(fake) == [None, None]


async def test_what_is_too_large_or_not_there_is_not_sent(
    fake: FakeTelegram, outlet: TelegramOutlet, database: Database, to_an: Recipient
) -> None:
    large = await kept(database, PHOTO + b"\0" * LIMIT)
    for image, reason in ((large, "too_large"), (ImageRef("0" * 64, ""), "image_missing")):
        with pytest.raises(RejectedError, match=reason):
            await deliver(outlet, to_an, shows(image))
    assert fake.called("sendPhoto") == []


async def test_a_note_that_fails_does_not_send_twice(
    fake: FakeTelegram, outlet: TelegramOutlet, database: Database, an: int, to_an: Recipient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    image = await kept(database)

    def away() -> Any:
        raise OSError

    monkeypatch.setattr(database, "transaction", away)
    await deliver(outlet, to_an, shows(image))
    assert len(seen(fake, an)) == 1
    monkeypatch.setattr(database, "reading", away)
    await deliver(outlet, to_an, shows(image))
    with pytest.raises(RetryLaterError):
        await deliver(outlet, to_an, shows(ImageRef("0" * 64, "")))
