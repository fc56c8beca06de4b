"""The screen of a person on Zalo, for the simulator's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.simulator.phone import Attachment, Bubble, Choice, ChoiceKind, Person, Picture, Run
from bot.simulator.zalo.buttons import choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.simulator.phone import Watchers
    from bot.simulator.zalo.people import People
    from bot.simulator.zalo.state import Message

_SENT = {
    Attachment.PHOTO: "image",
    Attachment.VOICE: "audio",
    Attachment.STICKER: "sticker",
    Attachment.LOCATION: "location",
}
_SHOWN = {kind: attachment for attachment, kind in _SENT.items()} | {"gif": Attachment.PHOTO}


class ZaloPhone:
    """The `Phone` of all people of one account."""

    def __init__(self, people: People, watchers: Watchers) -> None:
        self._people = people
        self._watchers = watchers

    @property
    def people(self) -> Sequence[Person]:
        return [Person(member.user_id, member.name) for member in self._people.account.members.values()]

    @property
    def watchers(self) -> Watchers:
        return self._watchers

    def messages(self, person: str) -> Sequence[Bubble]:
        member = self._people.account.members[person]
        return [_bubble(message) for message in member.messages if not message.hidden]

    def picture(self, name: str) -> Picture | None:
        upload = self._people.account.uploads.get(name)
        return Picture(upload.content_type, upload.body) if upload is not None else None

    def say(self, person: str, text: str) -> None:
        self._people.say(person, text)

    def attach(self, person: str, what: Attachment) -> None:
        self._people.send(person, _SENT[what])

    def tap(self, person: str, message: str, choice: int) -> None:
        self._people.tap(person, message, choice)

    def start(self, person: str) -> None:
        self._people.follow(person)

    def block(self, person: str) -> None:
        self._people.block(person)

    def unblock(self, person: str) -> None:
        self._people.follow(person)

    def blocked(self, person: str) -> bool:
        return self._people.account.members[person].blocked


def _bubble(message: Message) -> Bubble:
    attachment = message.attachment or {}
    payload = attachment.get("payload", {})
    kind = attachment.get("type")
    element: Mapping[str, Any] = next(iter(payload.get("elements", [])), {})
    picture = element.get("attachment_id") if element.get("media_type") in {"image", "gif"} else None
    return Bubble(
        id=message.id,
        author=message.author,
        at=message.at,
        runs=_runs(message.text, element, payload),
        choices=_choices(payload, element),
        picture=picture,
        attachment=_SHOWN.get(element.get("media_type") or str(kind)) if picture is None else None,
    )


def _runs(text: str, element: Mapping[str, Any], payload: Mapping[str, Any]) -> tuple[Run, ...]:
    """The text, the words of a form, and what is behind a link."""
    lines = [text, element.get("title", ""), element.get("subtitle", ""), payload.get("name", "")]
    shown = [Run("\n".join(line for line in lines if line))] if any(lines) else []
    link = element.get("url") or ("description" in payload and payload.get("url"))
    return (*shown, Run(link, link=link)) if link else tuple(shown)


def _choices(payload: Mapping[str, Any], element: Mapping[str, Any]) -> tuple[tuple[Choice, ...], ...]:
    """Buttons stand one below the other; a form is filled in by its one button."""
    if payload.get("template_type") == "request_user_info":
        return ((Choice(str(element.get("title", "")), ChoiceKind.SEND),),)
    return tuple((choice(button),) for button in payload.get("buttons", []))
