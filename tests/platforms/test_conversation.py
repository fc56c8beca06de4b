"""Whole conversations over HTTP: what a person writes on a phone, and what appears there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings import TelegramMode
from handlers.conversation import Conversation
from handlers.memory import Memory
from handlers.turn import Turn
from tests.knowledge.real import real_base, real_search
from tests.platforms.office import Place, office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.clock import Clock
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import FakeZalo

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "evaluation" / "dialogues.jsonl"
SHARED = ROOT.parent / "shared" / "eval" / "dev-dialogues.jsonl"
SOME = 12


def dialogues() -> Iterator[list[str]]:
    """What people say in some of our dialogues, and in all of the shared ones where they are."""
    for file, count in ((OWN, SOME), (SHARED, None)):
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        yield from ([turn["user"] for turn in json.loads(line)["turns"]] for line in lines[:count])


def expected(said: list[str], clock: Clock) -> list[str]:
    """What the conversation core answers to somebody from the office's province, as bare words."""
    conversation = Conversation(real_base(), real_search())
    memory, words = Memory(province="dien-bien"), []
    for text in said:
        outcome = conversation.respond(Turn(memory, clock().date(), text))
        memory = outcome.memory
        words += [bare(reply.plain) for reply in outcome.replies]
    return words


def bare(text: str) -> str:
    """The words: platforms set lists, emphasis and numbers of cases in their own way."""
    return " ".join(re.findall(r"\w+", re.sub(r"YC\d\d-\d+", "", text)))


async def test_whole_dialogues_on_telegram(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    async with office(place, telegram, zalo) as running:
        for said in dialogues():
            person = telegram.platform.add_person("An")
            for text in said:
                telegram.platform.say(person, text)
                await running.settled()
            shown = bare(" ".join(telegram.shown(person)))
            for answer in expected(said, running.runtime.clock):
                assert answer in shown


async def test_whole_dialogues_on_zalo(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    async with office(place, telegram, zalo) as running:
        for number, said in enumerate(dialogues()):
            person = zalo.office.add_person(f"An {number}")
            for text in said:
                zalo.office.say(person, text)
                await running.settled()
            shown = bare(" ".join(zalo.shown(person)))
            for answer in expected(said, running.runtime.clock):
                assert answer in shown


async def test_fetching_messages_works_as_well_as_having_them_brought(
    tmp_path: Path, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    place = Place(f"sqlite:///{tmp_path}/bhyt.sqlite3", tmp_path / "inbox", TelegramMode.POLLING)
    person = telegram.platform.add_person("An")
    telegram.platform.say(person, "hoc sinh dong bhyt 12 thang bao nhieu tien?")
    async with office(place, telegram, zalo):
        await telegram.answered("sendMessage")
    assert "683.100" in telegram.shown(person)[-1]


async def test_somebody_who_comes_through_a_link_is_known_by_its_province(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    person = telegram.platform.add_person("An")
    async with office(place, telegram, zalo) as running:
        telegram.platform.say(person, "/start p-dien-bien_c-khai-giang")
        await running.settled()
        telegram.platform.say(person, "xem dữ liệu của tôi")
        await running.settled()
    assert "Điện Biên" in telegram.shown(person)[-1]


async def test_pressing_a_button_answers_and_acknowledges(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    on_telegram, on_zalo = telegram.platform.add_person("An"), zalo.office.add_person("An")
    async with office(place, telegram, zalo) as running:
        telegram.platform.say(on_telegram, "học sinh đóng BHYT bao nhiêu tiền?")
        zalo.office.say(on_zalo, "học sinh đóng BHYT bao nhiêu tiền?")
        await running.settled()
        before = len(telegram.shown(on_telegram)), len(zalo.shown(on_zalo))
        shown = telegram.platform.world.chat(on_telegram).messages
        telegram.platform.tap(on_telegram, [number for number in shown if "reply_markup" in shown[number]][-1], 0)
        zalo.office.tap(on_zalo, next(message.id for message in zalo.sent(on_zalo) if message.attachment), 0)
        await running.settled()
        assert len(telegram.shown(on_telegram)) > before[0]
        assert len(zalo.shown(on_zalo)) > before[1]
    assert telegram.called("answerCallbackQuery")


@pytest.mark.parametrize("kind", ["image", "sticker", "location", "audio", "file", "link"])
async def test_zalo_attachments_get_a_kind_answer(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo, kind: str
) -> None:
    person = zalo.office.add_person("An")
    async with office(place, telegram, zalo) as running:
        zalo.office.send(person, kind)
        await running.settled()
    assert zalo.shown(person)


async def test_who_unfollows_or_blocks_gets_nothing_more(place: Place, telegram: FakeTelegram, zalo: FakeZalo) -> None:
    on_telegram, on_zalo = telegram.platform.add_person("An"), zalo.office.add_person("An")
    async with office(place, telegram, zalo) as running:
        telegram.platform.say(on_telegram, "chào")
        zalo.office.follow(on_zalo)
        await running.settled()
        telegram.platform.block(on_telegram)
        zalo.office.unfollow(on_zalo)
        await running.settled()
        async with running.runtime.database.reading() as session:
            from sqlalchemy import select  # noqa: PLC0415

            from bot.store.models import IdentityRow  # noqa: PLC0415

            found: Any = (await session.execute(select(IdentityRow.unreachable))).scalars().all()
        assert found == ["blocked", "blocked"]


async def test_who_is_handed_over_may_leave_contact_details(
    place: Place, telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    person = zalo.office.add_person("An")
    place = replace(place, contact_form="https://bot.example.vn/form.png")
    async with office(place, telegram, zalo) as running:
        zalo.office.say(person, "cho tôi gặp cán bộ")
        await running.settled()
        sent = [message.attachment for message in zalo.sent(person) if message.attachment is not None]
        assert [at["payload"].get("template_type") for at in sent].count("request_user_info") == 1
        zalo.office.submit(person)
        await running.settled()
        assert "Cảm ơn bạn" in zalo.shown(person)[-1]
