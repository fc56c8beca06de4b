"""What Telegram is told at the start, and what happens when it will not listen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.channels.telegram.backoff import Backoff
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.commands import listed_commands
from bot.channels.telegram.parsing import ALLOWED_UPDATES, Myself
from bot.channels.telegram.setup import Destination, Setup
from bot.channels.telegram.texts import texts
from bot.channels.telegram.transport import AiohttpRequest
from bot.errors import ConfigError
from tests.channels.telegram.support import SECRET, Naps, no_jitter
from tests.fakes.faults import gateway_page, reset
from tests.fakes.telegram import flood, refusal

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram

HOOK = Destination("https://bhyt.example/telegram/webhook", SecretStr(SECRET))


class Bench:
    """A setup and what came of it."""

    def __init__(self, client: BotClient, destination: Destination | None = None) -> None:
        self.naps = Naps()
        self.known: list[Myself] = []
        self.setup = Setup(client, destination, self.known.append, backoff=Backoff(no_jitter), sleep=self.naps)


async def test_polling_removes_a_webhook_and_keeps_what_waits(fake: FakeTelegram, client: BotClient, an: int) -> None:
    await client.set_webhook("http://127.0.0.1:1/old")
    fake.platform.say(an, "Chào")
    bench = Bench(client)
    await bench.setup.connect()
    assert bench.known == [Myself(123456789, "bhyt_simulator_bot")]
    assert fake.platform.webhooks.webhook is None
    assert len(await client.call("getUpdates", {})) == 1


async def test_a_webhook_is_set(fake: FakeTelegram, client: BotClient) -> None:
    bench = Bench(client, HOOK)
    await bench.setup.connect()
    webhook = fake.platform.webhooks.webhook
    assert webhook is not None
    assert (webhook.url, webhook.secret, webhook.max_connections) == (HOOK.url, SECRET, 40)
    assert fake.platform.updates.allowed == sorted(ALLOWED_UPDATES)
    assert not fake.called("deleteWebhook")


async def test_an_unknown_token_is_named_and_not_shown(fake: FakeTelegram) -> None:
    wrong = "123456789:BBWrongWrongWrongWrongWrongWrong"
    transport = AiohttpRequest(fake.url, SecretStr(wrong))
    with pytest.raises(ConfigError) as caught:
        await Bench(BotClient(transport)).setup.connect()
    await transport.shutdown()
    assert str(caught.value) == "telegram.token: is not known to Telegram (environment: BHYT_TELEGRAM__TOKEN)"
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_it_is_tried_again_until_it_is_told(fake: FakeTelegram, client: BotClient, log_lines: list[Any]) -> None:
    fake.spoil("getMe", reset(), gateway_page())
    fake.spoil("setWebhook", flood(3), refusal(400, "Bad Request: bad webhook: HTTPS URL must be provided"))
    bench = Bench(client, HOOK)
    await bench.setup.connect()
    assert bench.naps.taken == [1, 2, 3, 2]
    assert fake.platform.webhooks.webhook is not None
    assert [(line["state"], line["reason"]) for line in log_lines] == [
        ("identity", "no_answer"),
        ("identity", "status_502"),
        ("updates", "flood"),
        ("updates", "bad_webhook"),
    ]


async def test_commands_menu_and_profile(client: BotClient) -> None:
    await Bench(client).setup.describe()
    for language, code in (("vi", None), ("en", "en")):
        commands = await client.get_my_commands(language_code=code)
        assert [(command.command, command.description) for command in commands] == listed_commands(language)
        described = await client.get_my_description(language_code=code)
        assert described.description == texts()[language]["description"]
        short = await client.get_my_short_description(language_code=code)
        assert short.short_description == texts()[language]["short_description"]
    assert (await client.get_chat_menu_button()).type == "commands"


async def test_the_profile_is_tried_again_too(fake: FakeTelegram, client: BotClient) -> None:
    for method in ("setMyCommands", "setChatMenuButton", "setMyDescription", "setMyShortDescription"):
        fake.spoil(method, refusal(500, "Internal Server Error"))
    bench = Bench(client)
    await bench.setup.describe()
    assert not fake.faults.left
    assert (await client.get_chat_menu_button()).type == "commands"


def test_both_languages_have_the_same_words_within_the_limits() -> None:
    vietnamese, english = texts()["vi"], texts()["en"]
    assert vietnamese.keys() == english.keys()
    for words in (vietnamese, english):
        assert len(words["description"]) <= 512
        assert len(words["short_description"]) <= 120
        assert len(words["contact"]) <= 64
