"""What people do on Zalo: write, tap, send things, follow, block; what the office does by hand (reference §5.3–5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.simulator.phone import Author, Kind, PhoneEvent, Watchers
from bot.simulator.zalo import samples
from bot.simulator.zalo.buttons import HIDE, SHOW
from bot.simulator.zalo.events import Event, Events, seen, submitted
from bot.simulator.zalo.state import Member, Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.clock import Clock
    from bot.simulator.zalo.dialect import Dialect
    from bot.simulator.zalo.messages import Outgoing
    from bot.simulator.zalo.state import Account, Visitor
    from bot.simulator.zalo.webhook import Webhook


@dataclass(frozen=True)
class Desk:
    """What acting people need of the platform."""

    app_id: str
    clock: Clock
    dialect: Dialect
    webhook: Webhook
    watchers: Watchers
    outgoing: Outgoing


class People:
    """The users' side of one account. Everything queues its event and gives it; unknown ids raise LookupError.

    `user` is a person's id for this account.
    """

    def __init__(self, account: Account, desk: Desk) -> None:
        self.account = account
        self._desk = desk
        self._events = Events(desk.app_id, account)

    def add_person(self, name: str, *, follows: bool = False) -> str:
        """Somebody with a Zalo account who has not written yet; gives their id. The same name is the same person."""
        member = self.account.admit(self._desk.app_id, name)
        member.follower = member.follower or follows
        return member.user_id

    def say(self, user: str, text: str, *, quotes: str | None = None, hidden: bool = False) -> Event:
        """Write. `quotes` is the id of a message that is quoted; hidden is what a button sends without showing it."""
        member = self.account.members[user]
        message = self._write(member, text, None, quotes, hidden=hidden)
        body = {"text": text, "msg_id": message.id}
        if quotes is not None:
            body["quote_msg_id"] = quotes
        return self._queue(self._events.from_member("user_send_text", member, message.at, message=body))

    def send(self, user: str, kind: str, caption: str = "") -> Event:
        """Send something else: image, gif, link, audio, video, sticker, location, business_card or file."""
        member, attachment = self.account.members[user], samples.attachment(kind)
        message = self._write(member, caption, attachment, None)
        body: dict[str, Any] = {"msg_id": message.id, "attachments": [attachment]}
        if caption:
            body["text"] = caption
        return self._queue(self._events.from_member(f"user_send_{kind}", member, message.at, message=body))

    def tap(self, user: str, message: str, button: int) -> Event | None:
        """Press a button by its number; None when it does nothing for the bot, such as a link.

        A request for contact details has one button, which fills in the form.
        """
        found = self._message(self.account.members[user], message)
        payload = (found.attachment or {}).get("payload", {})
        if payload.get("template_type") == "request_user_info" and button == 0:
            return self.submit(user)
        pressed = payload.get("buttons", [])[button]
        if pressed["type"] not in {SHOW, HIDE}:
            return None
        return self.say(user, pressed["payload"], hidden=pressed["type"] == HIDE)

    def submit(self, user: str, info: Mapping[str, str] | None = None) -> Event:
        """Fill in the form of a request for contact details; without `info` with details of nobody."""
        member = self.account.members[user]
        member.shared = {**samples.details(), "name": member.name} if info is None else info
        told = submitted(member.shared, old_form=self._desk.dialect.old_user_info)
        return self._queue(self._events.from_member("user_submit_info", member, self._interacts(member), info=told))

    def follow(self, user: str, source: str = "oa_profile") -> Event:
        member = self.account.members[user]
        member.follower, member.blocked = True, False
        event = self._events.relation("follow", member, self._interacts(member), source)
        return self._queue(event)

    def unfollow(self, user: str) -> Event:
        member = self.account.members[user]
        member.follower = False
        self._changed(member)
        return self._queue(self._events.relation("unfollow", member, self._desk.clock()))

    def block(self, user: str) -> Event | None:
        """Take no more messages, which ends following too; no event tells of the block itself."""
        member = self.account.members[user]
        member.blocked = True
        self._changed(member)
        return self.unfollow(user) if member.follower else None

    def click_chat_now(self, user: str) -> Event:
        """Press "Nhắn tin" on the account's page."""
        member = self.account.members[user]
        return self._queue(self._events.about("user_click_chatnow", member, self._interacts(member)))

    def withdraw(self, user: str) -> Event:
        """Ask that everything about oneself be deleted."""
        member = self.account.members[user]
        return self._queue(self._events.about("user_withdraw", member, self._desk.clock()))

    def react(self, user: str, message: str, icon: str = "/-heart") -> Event:
        member = self.account.members[user]
        self._message(member, message).reactions.append(icon)
        self._changed(member)
        body = {"msg_id": message, "react_icon": icon}
        return self._queue(self._events.from_member("user_reacted_message", member, self._desk.clock(), message=body))

    def read(self, user: str) -> Event | None:
        """Look at what the account sent; None when there is nothing new."""
        member = self.account.members[user]
        new = [message for message in member.messages if message.author is Author.BOT and not message.seen]
        for message in new:
            message.seen = True
        if not new:
            return None
        told = seen([message.id for message in new])
        return self._queue(self._events.from_member("user_seen_message", member, self._desk.clock(), message=told))

    def something_new(self, user: str, name: str, **rest: Any) -> Event:
        """An event that the bot may not know."""
        return self._queue(self._events.about(name, self.account.members[user], self._desk.clock(), **rest))

    def visit(self, text: str, visitor: Visitor | None = None) -> Visitor:
        """Somebody without a Zalo account writes in the widget on the office's website."""
        visitor = visitor or self.account.visit()
        message = Message(Author.PERSON, self._desk.clock(), text)
        visitor.messages.append(message)
        self._queue(self._events.from_visitor("text", visitor, message.at, text=text, msg_id=message.id))
        return visitor

    def office_says(self, user: str, text: str, admin: str) -> Message:
        """A person of the office, by their id, writes in Zalo's own chat tool."""
        message = Message(Author.BOT, self._desk.clock(), text, admin=admin)
        self._desk.outgoing.office_writes(self.account, self.account.members[user], message)
        return message

    def _write(
        self,
        member: Member,
        text: str,
        attachment: Mapping[str, Any] | None,
        quotes: str | None,
        *,
        hidden: bool = False,
    ) -> Message:
        at = self._interacts(member)
        message = Message(Author.PERSON, at, text, attachment, quotes, hidden=hidden)
        member.messages.append(message)
        return message

    def _interacts(self, member: Member) -> datetime:
        """Opens the sending windows anew."""
        member.last_interaction = self._desk.clock()
        self._changed(member)
        return member.last_interaction

    def _changed(self, member: Member) -> None:
        self._desk.watchers.tell(PhoneEvent(member.user_id, Kind.SCREEN))

    def _message(self, member: Member, message: str) -> Message:
        for candidate in member.messages:
            if candidate.id == message:
                return candidate
        raise LookupError(message)

    def _queue(self, event: Event) -> Event:
        self._desk.webhook.queue(event)
        return event
