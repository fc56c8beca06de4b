"""The body of a consultation message: what Zalo takes and what it refuses (reference §2.3–2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.simulator.zalo.buttons import check_buttons, check_text, check_url
from bot.simulator.zalo.codes import Code, RefusalError
from bot.simulator.zalo.state import UploadKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.simulator.zalo.dialect import Dialect
    from bot.simulator.zalo.state import Account

MAX_TEXT = 2_000
MAX_HEADING = 100
MAX_SUBTITLE = 500
MAX_ELEMENTS = 5
UPLOAD_LIFE = timedelta(days=7)

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """A checked message. `kind` is the part of its echo's name after `oa_send_`, None when no echo is documented."""

    kind: str | None
    text: str = ""
    attachment: Payload | None = None
    quotes: str | None = None


@dataclass(frozen=True)
class Shapes:
    """Checks a message of one account at one time. Everything raises RefusalError."""

    account: Account
    dialect: Dialect
    now: datetime

    def draft(self, message: Any) -> Draft:
        """-201 for an unknown shape, -210 for a text too long, -233 for a type that is none, -100 for a lost upload."""
        known = _mapping(message, {"text", "attachment", "quote_message_id"}, "message")
        text = check_text(known["text"], MAX_TEXT, "text") if "text" in known else ""
        quotes = self._quoted(known.get("quote_message_id"))
        if "attachment" not in known:
            if not text:
                raise RefusalError(Code.PARAMETER, "text is empty")
            return Draft("text", text, quotes=quotes)
        attachment = _mapping(known["attachment"], {"type", "payload"}, "attachment")
        kind = self._attachment(attachment, text)
        if kind == "text" and not text:
            text = str(attachment["payload"]["text"])
        return Draft(kind, text, attachment, quotes)

    def _quoted(self, message_id: Any) -> str | None:
        if message_id is None:
            return None
        try:
            self.account.find(message_id)
        except LookupError:
            raise RefusalError(Code.PARAMETER, "quote_message_id is invalid") from None
        return str(message_id)

    def _attachment(self, attachment: Payload, text: str) -> str | None:
        payload = attachment.get("payload")
        if not isinstance(payload, Mapping):
            raise RefusalError(Code.PARAMETER, "payload is invalid")
        match attachment.get("type"), payload.get("template_type"):
            case "file", None:
                return self._file(payload)
            case "template", None:
                return _buttons(payload, text)
            case "template", "media":
                return self._media(payload)
            case "template", "request_user_info":
                _request(payload)
                return None
            case "template", "list" if self.dialect.list_template:
                return _list(payload)
            case "template", "button" if self.dialect.button_template:
                return _button_template(payload)
            case _:
                raise RefusalError(Code.NOT_SUPPORTED)

    def _file(self, payload: Payload) -> str:
        self._uploaded(_mapping(payload, {"token"}, "payload").get("token"), UploadKind.FILE)
        return "file"

    def _media(self, payload: Payload) -> str:
        _mapping(payload, {"template_type", "elements", "buttons"}, "payload")
        element = _only(payload)
        _mapping(element, {"media_type", "url", "attachment_id", "width", "height"}, "element")
        if ("url" in element) == ("attachment_id" in element):
            raise RefusalError(Code.PARAMETER, "element needs either url or attachment_id")
        if "url" in element:
            check_url(element["url"], "url")
        match element.get("media_type"):
            case "image" | "gif" as kind:
                self._picture(element, UploadKind(kind))
            case "sticker" as kind if isinstance(element.get("attachment_id"), str):
                pass
            case _:
                raise RefusalError(Code.PARAMETER, "media_type is invalid")
        check_buttons(payload.get("buttons", []))
        return str(kind)

    def _picture(self, element: Payload, kind: UploadKind) -> None:
        if "attachment_id" not in element:
            return
        self._uploaded(element["attachment_id"], kind)
        if kind is UploadKind.GIF and not all(isinstance(element.get(side), int) for side in ("width", "height")):
            raise RefusalError(Code.PARAMETER, "width and height are required")

    def _uploaded(self, name: Any, kind: UploadKind) -> None:
        """-100 when there is no such upload, or none of the last seven days (§2.15)."""
        upload = self.account.uploads.get(name) if isinstance(name, str) else None
        if upload is None or upload.kind is not kind or upload.at + UPLOAD_LIFE <= self.now:
            raise RefusalError(Code.UPLOAD_EXPIRED)


def _buttons(payload: Payload, text: str) -> str:
    if not text:
        raise RefusalError(Code.PARAMETER, "text is empty")
    check_buttons(_mapping(payload, {"buttons"}, "payload").get("buttons"))
    return "text"


def _button_template(payload: Payload) -> str:
    _mapping(payload, {"template_type", "text", "buttons"}, "payload")
    check_text(payload.get("text"), MAX_TEXT, "text")
    check_buttons(payload.get("buttons"))
    return "text"


def _request(payload: Payload) -> None:
    _mapping(payload, {"template_type", "elements"}, "payload")
    element = _mapping(_only(payload), {"title", "subtitle", "image_url"}, "element")
    check_text(element.get("title"), MAX_HEADING, "title")
    check_text(element.get("subtitle"), MAX_SUBTITLE, "subtitle")
    check_url(element.get("image_url"), "image_url")


def _list(payload: Payload) -> str:
    _mapping(payload, {"template_type", "elements", "buttons"}, "payload")
    elements = payload.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= MAX_ELEMENTS:
        raise RefusalError(Code.PARAMETER, "elements is invalid")
    for number, element in enumerate(elements):
        _mapping(element, {"title", "subtitle", "image_url", "default_action"}, "element")
        check_text(element.get("title"), MAX_HEADING, "title")
        if number == 0 or "subtitle" in element:
            check_text(element.get("subtitle"), MAX_SUBTITLE, "subtitle")
    check_buttons(payload.get("buttons", []))
    return "list"


def _only(payload: Payload) -> Payload:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], Mapping):
        raise RefusalError(Code.PARAMETER, "exactly one element is expected")
    return elements[0]


def _mapping(value: Any, names: set[str], what: str) -> Payload:
    if not isinstance(value, Mapping) or not set(value) <= names:
        raise RefusalError(Code.PARAMETER, f"{what} is invalid")
    return value
