"""A reply with an image goes the whole way: outbox, lane, platform, screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.simulator.telegram.files import drawn_photo
from bot.store.images import keep_image
from handlers.turn import ImageRef, Outcome, Turn
from tests.bot.reading import rows
from tests.bot.scripted import ScriptedCore
from tests.platforms.office import office, real_core

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo
    from tests.platforms.office import Place


class PaintingCore(ScriptedCore):
    """Shows an image above what it says."""

    image: ImageRef | None = None

    def respond(self, turn: Turn) -> Outcome:
        outcome = super().respond(turn)
        return replace(outcome, replies=tuple(replace(reply, image=self.image) for reply in outcome.replies))


async def test_on_both_platforms(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    core = PaintingCore()
    on_telegram, on_zalo = telegram.platform.add_person("An"), zalo.office.add_person("An")
    async with office(place, telegram, zalo, real_core(core)) as running:
        async with running.runtime.database.transaction() as session:
            core.image = ImageRef(await keep_image(session, drawn_photo(), running.runtime.clock()), "Thẻ BHYT")
        for text in ("một", "hai"):
            telegram.platform.say(on_telegram, text)
            zalo.office.say(on_zalo, text)
            await running.settled()
        assert {row["account"] for row in await rows(running.runtime.database, "platform_image")} == {
            "telegram",
            f"zalo:{zalo.office.account.id}",
        }
        assert {row["state"] for row in await rows(running.runtime.database, "outbox")} == {"sent"}
    captions = [shown.get("caption", "") for shown in telegram.platform.world.chat(on_telegram).messages.values()]
    assert [caption.split("\n")[0] for caption in captions if caption] == ["1: một", "2: hai"]
    kinds = [(message.attachment or {}).get("payload", {}).get("template_type") for message in zalo.sent(on_zalo)]
    assert kinds == ["media", None, "media", None]
    assert len(zalo.called("/upload/image")) == 1
