"""Bodies of webhook events (reference §5.3–5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.simulator.zalo.ids import milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.simulator.zalo.state import Account, Member, Visitor

Event = dict[str, Any]


@dataclass(frozen=True)
class Events:
    """Writes the events of one account. Times are aware; the events carry milliseconds as text."""

    app_id: str
    account: Account

    def from_member(self, name: str, member: Member, at: datetime, **rest: Any) -> Event:
        """`user_send_*`, `user_submit_info`, `user_reacted_message`, `user_seen_message` …"""
        return self._between(member.user_id, self.account.id, name, at, rest, user_id_by_app=member.user_id_by_app)

    def to_member(self, name: str, member: Member, at: datetime, admin: str | None = None, **rest: Any) -> Event:
        """`oa_send_*` and `user_received_message`; `admin` only when a person of the office wrote."""
        event = self._between(self.account.id, member.user_id, name, at, rest, user_id_by_app=member.user_id_by_app)
        if admin is not None:
            event["sender"]["admin_id"] = admin
        return event

    def from_visitor(self, kind: str, visitor: Visitor, at: datetime, **message: Any) -> Event:
        """`anonymous_send_*`."""
        message["conversation_id"] = visitor.conversation_id
        name = f"anonymous_send_{kind}"
        return self._between(visitor.anonymous_id, self.account.id, name, at, {"message": message})

    def to_visitor(self, kind: str, visitor: Visitor, at: datetime, **message: Any) -> Event:
        """`oa_send_anonymous_*`."""
        message["conversation_id"] = visitor.conversation_id
        name = f"oa_send_anonymous_{kind}"
        return self._between(self.account.id, visitor.anonymous_id, name, at, {"message": message})

    def relation(self, name: str, member: Member, at: datetime, source: str = "oa_profile") -> Event:
        """`follow` and `unfollow`: the person is the follower, there is no sender."""
        return {
            "app_id": self.app_id,
            "oa_id": self.account.id,
            "user_id_by_app": member.user_id_by_app,
            "event_name": name,
            "source": source,
            "follower": {"id": member.user_id},
            "timestamp": milliseconds(at),
        }

    def about(self, name: str, member: Member, at: datetime, **rest: Any) -> Event:
        """`user_click_chatnow`, `user_withdraw`, and any name that is none."""
        return {
            "app_id": self.app_id,
            "oa_id": self.account.id,
            "user_id": member.user_id,
            "user_id_by_app": member.user_id_by_app,
            "event_name": name,
            "timestamp": milliseconds(at),
            **rest,
        }

    def _between(
        self, sender: str, recipient: str, name: str, at: datetime, rest: Mapping[str, Any], **ids: str
    ) -> Event:
        return {
            "app_id": self.app_id,
            "sender": {"id": sender},
            "recipient": {"id": recipient},
            **ids,
            "event_name": name,
            "timestamp": milliseconds(at),
            **rest,
        }


def submitted(info: Mapping[str, str], *, old_form: bool) -> Mapping[str, Any]:
    """What `user_submit_info` carries in `info`, in its newer or its older form (§5.5)."""
    if old_form:
        return {name: info.get(name, "") for name in ("address", "city", "district", "ward", "name", "phone")}
    address = {"user_city": "city", "user_ward": "ward", "user_address": "address"}
    return {
        **{name: info.get(name, "") for name in ("name", "phone", "user_dob", "gender")},
        "full_address": {name: info.get(field, "") for name, field in address.items()},
    }


def seen(message_ids: Sequence[str]) -> Mapping[str, Any]:
    """The message of `user_seen_message`."""
    return {"msg_ids": list(message_ids)}
