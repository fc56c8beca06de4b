"""What the bot sends: consultation messages, answers to visitors, reactions (reference §2.3–2.7, §2.12, §2.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.simulator.phone import Author, Kind, PhoneEvent, Watchers
from bot.simulator.zalo.codes import Code, RefusalError
from bot.simulator.zalo.events import Events
from bot.simulator.zalo.ids import message_id, milliseconds
from bot.simulator.zalo.quota import charge, shown
from bot.simulator.zalo.shapes import Draft, Shapes
from bot.simulator.zalo.state import Account, Member, Message, Visitor

if TYPE_CHECKING:
    from bot.simulator.zalo.dialect import Dialect
    from bot.simulator.zalo.gate import Call
    from bot.simulator.zalo.webhook import Webhook

MAX_REACTIONS = 50
REACTIONS = frozenset({":>", "--b", ":-((", "/-strong", "/-heart", ":-h", ":o", "/-remove"})
ANONYMOUS_KINDS = frozenset({"text", "image", "file", "sticker"})


class Outgoing:
    """Carries out the sends of the bot, and tells the webhook and the phones of them."""

    def __init__(self, app_id: str, dialect: Dialect, webhook: Webhook, watchers: Watchers) -> None:
        self._app_id = app_id
        self._dialect = dialect
        self._webhook = webhook
        self._watchers = watchers

    async def consult(self, call: Call) -> Any:
        """POST /v3.0/oa/message/cs."""
        body = _only(await call.body(), {"recipient", "message"})
        recipient = _recipient(body)
        draft = Shapes(call.account, self._dialect, call.now).draft(body.get("message"))
        member = _member(call.account, recipient)
        quota = charge(call.account, member, self._dialect, call.now)
        message = _message(draft, call)
        member.messages.append(message)
        self._report(call.account, member, message, draft.kind)
        return {
            "message_id": message.id,
            "user_id": member.user_id,
            "sent_time": milliseconds(call.now),
            **shown(quota, call.account, self._dialect),
        }

    async def second_version(self, call: Call) -> Any:
        """POST /v2.0/oa/message: reactions and anonymous visitors; to members it is shut down, -240."""
        body = _only(await call.body(), {"recipient", "message", "sender_action"})
        recipient = _recipient(body)
        if "sender_action" in body:
            return self._react(call, _member(call.account, recipient), body["sender_action"])
        if "anonymous_id" in recipient:
            return self._answer_visitor(call, recipient, body.get("message"))
        raise RefusalError(Code.SHUT_DOWN)

    def office_writes(self, account: Account, member: Member, message: Message) -> None:
        """A person of the office writes in Zalo's own chat tool."""
        member.messages.append(message)
        self._report(account, member, message, "text")

    def _report(self, account: Account, member: Member, message: Message, kind: str | None) -> None:
        self._watchers.tell(PhoneEvent(member.user_id, Kind.SCREEN))
        events = Events(self._app_id, account)
        if kind is not None and (self._dialect.echoes or message.admin is not None):
            echo: dict[str, Any] = {
                "text": message.text,
                "msg_id": message.id if self._dialect.echoes_keep_id else message_id(),
            }
            if message.attachment is not None:
                echo["attachments"] = [message.attachment]
            self._webhook.queue(
                events.to_member(f"oa_send_{kind}", member, message.at, admin=message.admin, message=echo)
            )
        if self._dialect.receipts:
            receipt = {"msg_id": message.id}
            self._webhook.queue(events.to_member("user_received_message", member, message.at, message=receipt))

    def _react(self, call: Call, member: Member, action: Any) -> Any:
        if not isinstance(action, Mapping) or action.get("react_icon") not in REACTIONS:
            raise RefusalError(Code.PARAMETER, "react_icon is invalid")
        icon = str(action["react_icon"])
        message = next((known for known in member.messages if known.id == action.get("react_message_id")), None)
        if message is None:
            raise RefusalError(Code.PARAMETER, "react_message_id is invalid")
        if icon == "/-remove":
            message.reactions.clear()
        elif len(message.reactions) >= MAX_REACTIONS:
            raise RefusalError(Code.TOO_LONG)
        else:
            message.reactions.append(icon)
        reaction = {"msg_id": message.id, "react_icon": icon}
        if self._dialect.echoes:
            events = Events(self._app_id, call.account)
            self._webhook.queue(events.to_member("oa_reacted_message", member, call.now, message=reaction))
        self._watchers.tell(PhoneEvent(member.user_id, Kind.SCREEN))
        return {"message_id": message.id, "user_id": member.user_id}

    def _answer_visitor(self, call: Call, recipient: Mapping[str, Any], message: Any) -> Any:
        visitor = _visitor(call.account, recipient)
        draft = Shapes(call.account, self._dialect, call.now).draft(message)
        if draft.kind not in ANONYMOUS_KINDS or (draft.kind == "text" and draft.attachment is not None):
            raise RefusalError(Code.NOT_SUPPORTED)
        sent = _message(draft, call)
        visitor.messages.append(sent)
        if self._dialect.echoes:
            events = Events(self._app_id, call.account)
            self._webhook.queue(events.to_visitor(draft.kind, visitor, sent.at, text=sent.text, msg_id=sent.id))
        return {
            "message_id": sent.id,
            "anonymous_id": visitor.anonymous_id,
            "conversation_id": visitor.conversation_id,
            "sent_time": milliseconds(call.now),
        }


def _message(draft: Draft, call: Call) -> Message:
    return Message(Author.BOT, call.now, draft.text, draft.attachment, draft.quotes)


def _only(body: Mapping[str, Any], names: set[str]) -> Mapping[str, Any]:
    if not set(body) <= names:
        raise RefusalError(Code.PARAMETER, "unknown parameter")
    return body


def _recipient(body: Mapping[str, Any]) -> Mapping[str, Any]:
    recipient = body.get("recipient")
    if not isinstance(recipient, Mapping):
        raise RefusalError(Code.PARAMETER, "recipient is invalid")
    return recipient


def _member(account: Account, recipient: Mapping[str, Any]) -> Member:
    """The member meant, by user id or by one of their messages; RefusalError when they cannot be written to."""
    member = _named(account, recipient)
    if member is None or not member.related:
        raise RefusalError(Code.NO_RELATION)
    for refused, code in (
        (member.blocked, Code.BLOCKED),
        (member.inactive, Code.INACTIVE),
        (member.type_off, Code.TYPE_OFF),
    ):
        if refused:
            raise RefusalError(code)
    return member


def _named(account: Account, recipient: Mapping[str, Any]) -> Member | None:
    match recipient:
        case {"user_id": str() as user_id, **rest} if not rest:
            return account.members.get(user_id)
        case {"message_id": str() as message, **rest} if not rest:
            try:
                return account.find(message)[0]
            except LookupError:
                return None
    raise RefusalError(Code.PARAMETER, "recipient is invalid")


def _visitor(account: Account, recipient: Mapping[str, Any]) -> Visitor:
    visitor = account.visitors.get(str(recipient.get("anonymous_id")))
    if visitor is None or visitor.conversation_id != recipient.get("conversation_id"):
        raise RefusalError(Code.NO_RELATION)
    return visitor
