"""What Telegram is told about the bot at the start: where updates go, the commands, the words of its profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from telegram import BotCommand, MenuButtonCommands
from telegram.error import InvalidToken, TelegramError

from bot.actions import Action
from bot.channels.inbound import Channel
from bot.channels.telegram.commands import listed_commands
from bot.channels.telegram.errors import translate
from bot.channels.telegram.parsing import ALLOWED_UPDATES, Myself
from bot.channels.telegram.texts import texts
from bot.delivery.errors import RetryLaterError
from bot.errors import ConfigError, WrongSetting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pydantic import SecretStr

    from bot.channels.telegram.backoff import Backoff
    from bot.channels.telegram.client import BotClient

CONNECTIONS = 40
"""Deliveries that Telegram may have under way at once, over one webhook."""
DEFAULT_LANGUAGE = "vi"
"""What everybody gets for whom there is no list in their own language."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Destination:
    """The webhook's public address, and the secret that comes with every delivery."""

    url: str
    secret: SecretStr


class Setup:
    """Tells Telegram, and tries again what failed until all is told. Telling the same twice does no harm."""

    def __init__(
        self,
        client: BotClient,
        destination: Destination | None,
        recognise: Callable[[Myself], None],
        *,
        backoff: Backoff,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """Without a destination updates are to be fetched. `recognise` is given the bot's own id and name."""
        self._client = client
        self._destination = destination
        self._recognise = recognise
        self._backoff = backoff
        self._sleep = sleep

    async def connect(self) -> None:
        """Until updates can come. Raises ConfigError when Telegram does not know the token."""
        await self._each([self._identity, self._updates])

    async def describe(self) -> None:
        """Commands, menu button and profile; nobody has to wait for them."""
        await self._each([self._commands, self._menu, self._profile])

    async def _each(self, steps: Sequence[Callable[[], Awaitable[None]]]) -> None:
        for step in steps:
            while (told := await self._tried(step)) is not None:
                await self._sleep(self._backoff.next(told))
            self._backoff.reset()

    async def _tried(self, step: Callable[[], Awaitable[None]]) -> float | None:
        """None when it worked, otherwise how many seconds at least to wait."""
        try:
            await step()
        except TelegramError as error:
            failure = translate(error)
            log.warning(Action.CHANNEL_FAILED, channel=Channel.TELEGRAM, reason=failure.code, state=step.__name__[1:])
            return (failure.after or 0) if isinstance(failure, RetryLaterError) else 0
        return None

    async def _identity(self) -> None:
        refused = False
        try:
            user = await self._client.get_me()
        except InvalidToken:
            refused = True
        if refused:
            raise ConfigError([WrongSetting("telegram.token", "is not known to Telegram", "BHYT_TELEGRAM__TOKEN")])
        self._recognise(Myself(user.id, user.username or ""))

    async def _updates(self) -> None:
        if self._destination is None:
            await self._client.delete_webhook(drop_pending_updates=False)
            return
        await self._client.set_webhook(
            self._destination.url,
            secret_token=self._destination.secret.get_secret_value(),
            allowed_updates=ALLOWED_UPDATES,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )

    async def _commands(self) -> None:
        for language in texts():
            commands = [BotCommand(name, description) for name, description in listed_commands(language)]
            await self._client.set_my_commands(commands, language_code=_code(language))

    async def _menu(self) -> None:
        await self._client.set_chat_menu_button(menu_button=MenuButtonCommands())

    async def _profile(self) -> None:
        for language, words in texts().items():
            await self._client.set_my_description(words["description"], language_code=_code(language))
            await self._client.set_my_short_description(words["short_description"], language_code=_code(language))


def _code(language: str) -> str | None:
    return None if language == DEFAULT_LANGUAGE else language
