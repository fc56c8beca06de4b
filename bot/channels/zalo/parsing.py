"""What a delivery of Zalo's webhook means (zalo-oa.md §5.3 to §5.5). Whatever comes, nothing raises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.channels.inbound import Channel, Event, Ignored, Inbound, Profile, Reachability, Withdrawal
from bot.channels.zalo.account import Anonymous, account_of
from bot.channels.zalo.answers import read_text
from bot.channels.zalo.families import family_of
from bot.channels.zalo.moments import moment, timestamp_text
from bot.store.buttons import KEPT
from handlers.turn import PLAIN_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from bot.channels.zalo.provinces import Provinces
    from bot.clock import Clock

MEDIA = {
    "image": "photo",
    "gif": "photo",
    "link": "link",
    "audio": "voice",
    "video": "video",
    "sticker": "sticker",
    "location": "location",
    "business_card": "contact",
    "file": "file",
}
"""Kinds of `user_send_<kind>` and `anonymous_send_<kind>`, as the conversation core calls them."""
SHARED = "shared"
"""The action of somebody who has filled in the form for contact details."""
START = "start"
_PRESSED = re.compile(rf"#(?:{'|'.join(sorted(PLAIN_ACTIONS))}|[a-z]+:[!-~]{{1,60}}|{KEPT}[\d.]+)", re.ASCII)
"""The payload of one of our buttons: "#" and an action; "#bhyt" is something that somebody types."""
_ID = re.compile(r"[\w.=-]{1,99}", re.ASCII)
_MESSAGE_ID = re.compile(r"[!-~]{1,99}", re.ASCII)


class EventParser:
    """Reads deliveries for the Official Accounts with these ids."""

    def __init__(self, oas: Collection[str], provinces: Provinces, clock: Clock) -> None:
        self._oas = frozenset(oas)
        self._provinces = provinces
        self._clock = clock
        self._readers: dict[str, Callable[[Delivery], tuple[Event, ...]]] = {
            "follow": self._follow,
            "unfollow": self._unfollow,
            "user_click_chatnow": self._started,
            "user_submit_info": self._submitted,
            "user_withdraw": self._withdrawn,
        }

    def parse(self, data: object) -> tuple[Event, ...]:
        """The events of a delivery, at least one; what asks for nothing is Ignored with a plain name."""
        if not isinstance(data, dict):
            return (Ignored("malformed"),)
        name = data.get("event_name")
        delivery = Delivery(data, name if isinstance(name, str) else "", self._clock())
        read = self._reader(delivery)
        if read is None:
            return (Ignored(family_of(delivery.name, data)),)
        if not delivery.user or not delivery.oa:
            return (Ignored("malformed"),)
        return read(delivery) if delivery.oa in self._oas else (Ignored("unknown_oa"),)

    def _reader(self, delivery: Delivery) -> Callable[[Delivery], tuple[Event, ...]] | None:
        who, _, kind = delivery.name.partition("_send_")
        if who in {"user", "anonymous"} and (kind == "text" or kind in MEDIA):
            return self._message
        return self._readers.get(delivery.name)

    def _message(self, delivery: Delivery) -> tuple[Event, ...]:
        """A text, perhaps the payload of a button, or something that is no text, perhaps with a caption."""
        kind, text = delivery.name.partition("_send_")[2], read_text(delivery.message.get("text"))
        if kind != "text":
            return (delivery.inbound(text=text, media=MEDIA[kind]),)
        if _PRESSED.fullmatch(text):
            return (delivery.inbound(action=text[1:]),)
        return (delivery.inbound(text=text),)

    def _follow(self, delivery: Delivery) -> tuple[Event, ...]:
        return (delivery.reachability(reachable=True), delivery.inbound(action=START))

    def _unfollow(self, delivery: Delivery) -> tuple[Event, ...]:
        return (delivery.reachability(reachable=False),)

    def _started(self, delivery: Delivery) -> tuple[Event, ...]:
        return (delivery.inbound(action=START),)

    def _withdrawn(self, delivery: Delivery) -> tuple[Event, ...]:
        return (Withdrawal(delivery.account, delivery.user),)

    def _submitted(self, delivery: Delivery) -> tuple[Event, ...]:
        """Of what somebody filled in only the province is read; staff see the rest in Zalo's own tool."""
        info = _table(delivery.data.get("info"))
        address = info.get("full_address")
        places = (_table(address).get("user_city"), info.get("city"), info.get("address"), address)
        province = self._provinces.find(*(read_text(place) for place in places))
        shared = delivery.inbound(action=SHARED)
        return (shared,) if province is None else (shared, Profile(delivery.account, delivery.user, province))


class Delivery:
    """One delivery: who it is about, which account it is for, when it happened."""

    def __init__(self, data: Mapping[str, Any], name: str, now: datetime) -> None:
        self.data = data
        self.name = name
        self.message = _table(data.get("message"))
        self.oa = _first_id(data.get("oa_id"), _table(data.get("recipient")).get("id"))
        self.user = self._subject()
        self._now = now

    @property
    def account(self) -> str:
        return account_of(self.oa)

    def inbound(self, *, text: str = "", action: str | None = None, media: str | None = None) -> Inbound:
        """What the person wrote, pressed or sent."""
        return Inbound(
            self.account, Channel.ZALO, self.user, self._message_id(), self._moment(), text, action=action, media=media
        )

    def reachability(self, *, reachable: bool) -> Reachability:
        return Reachability(self.account, self.user, self._moment(), reachable)

    def _subject(self) -> str:
        data = self.data
        sender, follower = _table(data.get("sender")).get("id"), _table(data.get("follower")).get("id")
        if not self.name.startswith("anonymous_"):
            return _first_id(follower, data.get("user_id"), sender)
        visitor, conversation = _first_id(sender), _first_id(self.message.get("conversation_id"))
        return Anonymous(visitor, conversation).address if visitor and conversation else ""

    def _message_id(self) -> str:
        """The platform's id of a message; for events without one, what makes them the same event."""
        message_id = read_text(self.message.get("msg_id"))
        if _MESSAGE_ID.fullmatch(message_id):
            return f"m{message_id}"
        return f"{self.name}:{timestamp_text(self.data.get('timestamp'))[:20]}:{self.user}"

    def _moment(self) -> datetime:
        return moment(self.data.get("timestamp")) or self._now


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _first_id(*values: object) -> str:
    """The first value that is an id, empty when none is. Ids are strings, but a number is understood."""
    for value in values:
        text = read_text(value)
        if _ID.fullmatch(text):
            return text
    return ""
