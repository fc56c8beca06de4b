"""Everything that we ask of Zalo for one Official Account, with its token kept fresh."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from bot.channels.zalo.answers import read_text
from bot.channels.zalo.errors import TokenStaleError, UploadGoneError
from bot.channels.zalo.openapi import TIMEOUT, ApiCall
from bot.channels.zalo.results import Profile, SentMessage, UserDetail, read_quotas
from bot.channels.zalo.uploads import Uploads, as_upload
from bot.delivery.errors import RejectedError, RetryLaterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.channels.zalo.account import Anonymous
    from bot.channels.zalo.keeper import TokenKeeper
    from bot.channels.zalo.openapi import OpenApi
    from bot.channels.zalo.rules import Calendar
    from bot.clock import Clock
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
        calendar: Calendar,
        clock: Clock,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._ticks = ticks
        self._api = api
        self._keeper = keeper
        self._calendar = calendar
        self._clock = clock
        self._uploads = Uploads()

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

    async def send_image(self, user: str, image: bytes, caption: str = "") -> SentMessage:
        """A JPEG or PNG with a caption; uploaded when Zalo does not have it, or no longer."""
        try:
            return await self._send_attachment(user, await self._attachment(image), caption)
        except UploadGoneError:
            self._uploads.forget(image)
        try:
            return await self._send_attachment(user, await self._attachment(image), caption)
        except UploadGoneError as error:
            raise RejectedError(error.code) from None

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

    async def quotas(self, kind: str) -> list[Quota]:
        """What the account may still send of one quota: "sub_quota" of its package, "purchase_quota" …"""
        asked = {"quota_owner": "OA", "product_type": "cs", "quota_type": kind}
        rows = await self._ask(ApiCall(QUOTA, asked))
        return read_quotas(rows if isinstance(rows, list) else [], kind)

    async def _send_attachment(self, user: str, attachment: str, caption: str) -> SentMessage:
        element = {"media_type": "image", "attachment_id": attachment}
        payload = {"template_type": "media", "elements": [element]}
        message: dict[str, Any] = {"attachment": {"type": "template", "payload": payload}}
        return await self.send(user, {"text": caption, **message} if caption else message)

    async def _attachment(self, image: bytes) -> str:
        now = self._clock()
        known = self._uploads.get(image, now)
        if known is not None:
            return known
        limit, upload = self._calendar.on(now.date()).limit, as_upload(image)
        if upload is None or len(image) > limit.image:
            raise RejectedError("image")
        data = await self._call(ApiCall("/v2.0/oa/upload/image", upload=upload))
        attachment = read_text(data.get("attachment_id"))
        if not attachment:
            raise RetryLaterError("no_attachment")
        self._uploads.keep(image, attachment, timedelta(hours=limit.upload_hours), now)
        return attachment

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
