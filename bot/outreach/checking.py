"""What is wrong with the texts of a campaign, told before anybody is asked to approve them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.inbound import Channel
from bot.channels.zalo.rules import Rules
from bot.outreach.campaign import CHANNELS
from bot.outreach.fields import FIELD, FIELDS, places
from bot.outreach.messages import say
from bot.outreach.texts import BRACE, facts_in, render
from handlers.dialogues import GUIDES
from knowledge.errors import FactError
from knowledge.facts import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.outreach.campaign import Content, Variant
    from handlers.turn import Reply
    from knowledge.base import KnowledgeBase

TELEGRAM_TEXT = 4096
TELEGRAM_CAPTION = 1024
"""UTF-16 units of a message, and of the text below a picture (Bot API: sendMessage, sendPhoto)."""
ACTIONS = frozenset({"menu", "person", "start", "quiz"})

_TYPED = re.compile(r"\d[\d.,]*\s*(?:%|phần trăm|đồng|đ\b|nghìn|ngàn|triệu|VND|VNĐ|percent)", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """Something about one wording. One that `blocks` has to be mended, any other is for the approver to judge."""

    where: str
    what: str
    blocks: bool = True

    def __str__(self) -> str:
        return f"[{self.where}] {self.what}"


def check(base: KnowledgeBase, content: Content, first: date, last: date) -> list[Finding]:
    """All findings for a campaign whose messages go out from the first day to the last."""
    found = [finding for key, variant in content.variants.items() for finding in _wording(base, key, variant)]
    if any(finding.blocks for finding in found):
        return found
    found += [finding for key in content.variants for finding in _rendered(base, content, key, first, last)]
    if content.season:
        found.append(Finding("vi", say("old_season", season=content.season), blocks=False))
    return found


def longest(base: KnowledgeBase, content: Content, key: str, day: date) -> Reply:
    """The message with the longest values that its fields may have."""
    params = {name: "x" * max(field.longest, len(field.example)) for name, field in FIELDS.items()}
    return render(base, content, key, params, day)


def limit(channel: str, variant: Variant, day: date) -> int:
    """How long a message may be on a channel."""
    if channel == Channel.ZALO:
        return Rules.load().on(day).limit.text
    return TELEGRAM_CAPTION if variant.image else TELEGRAM_TEXT


def size_of(reply: Reply) -> int:
    """The length of a message as the stricter platform counts it, in UTF-16 units."""
    return len(reply.plain.encode("utf-16-le")) // 2


def _wording(base: KnowledgeBase, key: str, variant: Variant) -> Iterator[Finding]:
    for match in places(variant.text):
        if FIELDS[match["name"]].needs_default and not match["default"]:
            yield Finding(key, say("no_default", brace=match[0], name=match["name"]))
    for fact in facts_in(variant.text, base):
        if any(row.confidence is Confidence.LOW for row in base.facts.fact(fact).values):
            yield Finding(key, say("uncertain", fact=fact))
    for brace in dict.fromkeys(BRACE.findall(variant.text)):
        place = FIELD.fullmatch(brace)
        if not (place and place["name"] in FIELDS) and not list(facts_in(brace, base)):
            yield Finding(key, say("unknown_place", brace=brace, fields=", ".join(FIELDS)))
    if re.search(r"[{}]", BRACE.sub("", variant.text)):
        yield Finding(key, say("stray_brace"))
    if typed := _TYPED.search(BRACE.sub("", variant.text)):
        yield Finding(key, say("typed_number", number=typed[0]), blocks=False)
    for choice in variant.buttons:
        if choice.action and not _is_known(base, choice.action):
            yield Finding(key, say("unknown_action", label=choice.label, action=choice.action))


def _is_known(base: KnowledgeBase, action: str) -> bool:
    kind, _, rest = action.partition(":")
    return kind in ACTIONS or (kind == "entry" and rest in base.entries) or (kind == "guide" and rest in GUIDES)


def _rendered(base: KnowledgeBase, content: Content, key: str, first: date, last: date) -> Iterator[Finding]:
    variant = content.variants[key]
    try:
        reply = longest(base, content, key, first)
        later = longest(base, content, key, last)
    except FactError as error:
        yield Finding(key, say("no_value", what=error.problems[0].what))
        return
    for channel in CHANNELS:
        size, most = size_of(reply), limit(channel, variant, first)
        if content.key_for(key[:2], channel) == key and size > most:
            yield Finding(key, say("too_long", channel=channel.capitalize(), size=size, most=most))
    if reply.text != later.text:
        yield Finding(key, say("changes", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}"), blocks=False)
