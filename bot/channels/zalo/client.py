"""Everything that we ask of Zalo for one Official Account, with its token kept fresh."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from bot.channels.zalo.answers import read_text
from bot.channels.zalo.errors import TokenStaleError
from bot.channels.zalo.openapi import TIMEOUT, ApiCall
from bot.channels.zalo.results import Profile, SentMessage, UserDetail, read_quota
from bot.delivery.errors import RetryLaterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.channels.zalo.account import Anonymous
    from bot.channels.zalo.keeper import TokenKeeper
    from bot.channels.zalo.openapi import OpenApi, Upload
    from bot.store.quotas import Quota

CONSULTATION = "/v3.0/oa/message/cs"
ANONYMOUS = "/v2.0/oa/message"
QUOTA = "/v3.0/oa/quota/message"
PROFILE = ApiCall("/v2.0/oa/getoa")
ATTEMPT = 14.0
"""Seconds that a call may take with a refresh in between: a delivery lane allows a send no more than 15."""
_SHORTEST = 2.0
_STALE_PAUSE = 15.0


class ZaloClient:
    """Calls the OpenAPI for one account. Every method raises DeliveryError."""

    def __init__(
        self,
        api: OpenApi,
        keeper: TokenKeeper,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._ticks = ticks
        self._api = api
        self._keeper = keeper

    async def send(self, user: str, message: Mapping[str, Any]) -> SentMessage:
        """A consultation message, as `rendering` makes them."""
        body = {"recipient": {"user_id": user}, "message": message}
        return SentMessage.read(await self._call(ApiCall(CONSULTATION, body)))

    async def send_anonymous(self, visitor: Anonymous, text: str) -> SentMessage:
        """A text to somebody who writes through the widget of a website."""
        recipient = {"anonymous_id": visitor.id, "conversation_id": visitor.conversation}
        return SentMessage.read(
            await self._call(ApiCall(ANONYMOUS, {"recipient": recipient, "message": {"text": text}}))
        )

    async def upload(self, image: Upload) -> str:
        """Give Zalo an image; what it is called in messages from then on."""
        data = await self._call(ApiCall("/v2.0/oa/upload/image", upload=image))
        attachment = read_text(data.get("attachment_id"))
        if not attachment:
            raise RetryLaterError("no_attachment")
        return attachment

    async def ask_for_info(self, user: str, title: str, subtitle: str, image_url: str) -> SentMessage:
        """Asks for contact details; what the person fills in comes back as an event."""
        element = {"title": title, "subtitle": subtitle, "image_url": image_url}
        payload = {"template_type": "request_user_info", "elements": [element]}
        return await self.send(user, {"attachment": {"type": "template", "payload": payload}})

    async def user_detail(self, user: str) -> UserDetail:
        """What somebody shares with the account."""
        return UserDetail.read(await self._call(ApiCall("/v3.0/oa/user/detail", query={"user_id": user})))

    async def profile(self) -> Profile:
        """The account itself; a token that works and a package that allows the OpenAPI are needed for it."""
        return Profile.read(await self._call(PROFILE))

    async def quota(self, kind: str) -> Quota | None:
        """What the account may still send of one quota: "sub_quota" of its package, "purchase_quota" …"""
        asked = {"quota_owner": "OA", "product_type": "cs", "quota_type": kind}
        return read_quota(await self._ask(ApiCall(QUOTA, asked)), kind)

    async def _call(self, call: ApiCall) -> dict[str, Any]:
        data = await self._ask(call)
        return data if isinstance(data, dict) else {}

    async def _ask(self, call: ApiCall) -> object:
        """One call, and a second one with a new token when the first was refused for its token."""
        started, token = self._ticks(), await self._keeper.token()
        try:
            return await self._api.ask(token.value, call)
        except TokenStaleError:
            token = await self._keeper.renewed(token)
        left = ATTEMPT - (self._ticks() - started)
        if left < _SHORTEST:
            raise RetryLaterError("token_refresh", _STALE_PAUSE, whole_account=True)
        try:
            return await self._api.ask(token.value, call, min(left, TIMEOUT))
        except TokenStaleError as error:
            raise RetryLaterError(error.code, _STALE_PAUSE, whole_account=True) from None
