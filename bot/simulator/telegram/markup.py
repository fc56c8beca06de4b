"""HTML as the Bot API takes it: a text and its entities, with offsets and lengths in UTF-16 units."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from bot.simulator.telegram.errors import ApiError, Json, bad_request

MAX_ENTITIES = 100

_TOKEN = re.compile(
    r"""(?P<tag><(?:"[^"]*"|'[^']*'|[^<>"'])*>)|(?P<open><)|(?P<escape>&(?:lt|gt|amp|quot|\#\d+|\#x[0-9a-fA-F]+);)"""
    r"""|(?P<plain>[^<&]+|&)"""
)
_TAG = re.compile(r"<\s*(?P<end>/?)\s*(?P<name>[^\s/>]*)(?P<rest>.*?)/?>\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([a-zA-Z0-9-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(letter > "\uffff" for letter in text)


@dataclass(frozen=True)
class _Open:
    name: str
    start: int
    extra: Json


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text without tags and the first 100 entities; the rest is shown without style, as Telegram does.

    Raises ApiError 400 (can't parse entities) for unknown, unclosed or crossed tags.
    """
    reader = _Reader()
    for token in _TOKEN.finditer(source):
        reader.take(token)
    text, entities = reader.finish()
    return trimmed(text, entities)


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space around the text; entities that are then empty go."""
    before = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - before)
        stop = min(end, entity["offset"] + entity["length"] - before)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept[:MAX_ENTITIES]


class _Reader:
    """Takes tokens and keeps what is open."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def take(self, token: re.Match[str]) -> None:
        if token["open"]:
            raise _wrong(f"Unclosed start tag at byte offset {_place(token)}")
        if token["tag"]:
            self._tag(token["tag"], token)
        else:
            self._text(html.unescape(token["escape"]) if token["escape"] else token["plain"])

    def finish(self) -> tuple[str, list[Json]]:
        if self._open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        order = sorted(self._entities, key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._parts), order

    def _text(self, text: str) -> None:
        self._parts.append(text)
        self._length += units(text)

    def _tag(self, tag: str, token: re.Match[str]) -> None:
        found = _TAG.match(tag)
        name = found["name"].lower() if found else ""
        if found and found["end"]:
            self._close(name, token)
        elif found is None or name not in _KINDS:
            raise _wrong(f'Unsupported start tag "{name}" at byte offset {_place(token)}')
        else:
            self._open.append(_Open(name, self._length, _extra(name, found["rest"], token)))

    def _close(self, name: str, token: re.Match[str]) -> None:
        if not self._open:
            raise _wrong(f"Unexpected end tag at byte offset {_place(token)}")
        opened = self._open.pop()
        if name not in {"", opened.name}:
            place, wanted = _place(token), opened.name
            raise _wrong(f'Unmatched end tag at byte offset {place}, expected "</{wanted}>", found "</{name}>"')
        # A link without a usable address is shown as plain text.
        if opened.name == "a" and not opened.extra:
            return
        length = self._length - opened.start
        self._entities.append({"type": _KINDS[opened.name], "offset": opened.start, "length": length, **opened.extra})


def _extra(name: str, rest: str, token: re.Match[str]) -> Json:
    attributes = {key.lower(): html.unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(rest)}
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {_place(token)}')
    if name == "a" and attributes.get("href", "").startswith(("http://", "https://", "tg://", "mailto:")):
        return {"url": attributes["href"]}
    if name == "tg-emoji":
        return {"custom_emoji_id": attributes.get("emoji-id", "")}
    return {}


def _place(token: re.Match[str]) -> int:
    return len(token.string[: token.start()].encode())


def _wrong(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
