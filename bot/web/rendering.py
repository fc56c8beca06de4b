"""Pages and message bubbles as HTML, from the templates; a reply also as data for the page's script."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.web.markup import LightMarkup, digits
from bot.web.ports import Said
from bot.web.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.outbound import OutboundMessage
    from bot.web.assets import Assets
    from bot.web.settings import ChatSettings
    from handlers.turn import Button

KEPT = 1_000
"""Texts whose HTML is remembered."""
FEEDBACK = ("good:", "bad:")
"""Buttons whose action begins like these ask whether an answer helped, and are drawn smaller."""


class Renderer:
    """Everything that people see in the browser."""

    def __init__(self, settings: ChatSettings, assets: Assets) -> None:
        self._settings = settings
        markup = LightMarkup(settings.known_phones)
        # Most replies are answers of the knowledge base, the same for everybody who asks.
        self._text = lru_cache(maxsize=KEPT)(markup.render)
        self._line = lru_cache(maxsize=KEPT)(markup.inline)
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals.update(asset=lambda name: assets[name].url, tel=digits, hotline=settings.hotline)

    def page(self, name: str, language: str, **values: Any) -> str:
        """A whole page from `<name>.html`."""
        return self._templates.get_template(f"{name}.html").render(t=self.words(language), lang=language, **values)

    def conversation(self, lines: Sequence[Said | OutboundMessage], language: str) -> Markup:
        """The bubbles of both sides; only the last choices can still be pressed, until the person has spoken."""
        spoken = max((n for n, line in enumerate(lines) if isinstance(line, Said)), default=-1)
        offered = max((n for n, line in enumerate(lines) if _offers(line)), default=-1)
        return Markup("").join(
            self.said(line, language)
            if isinstance(line, Said)
            else self.reply(line, language, live=n == offered and n > spoken)
            for n, line in enumerate(lines)
        )

    def said(self, line: Said, language: str) -> Markup:
        """One bubble of the person: their words and nothing else, no markup."""
        return self._bubble("said", language, text=line.text)

    def reply(self, message: OutboundMessage, language: str, *, live: bool = True) -> Markup:
        """One bubble of the bot, with its buttons while it is `live`."""
        reply = message.reply
        return self._bubble(
            "reply",
            language,
            id=message.id,
            kind=reply.kind.value,
            body=self._text(reply.text),
            note=[self._line(line) for line in reply.note.splitlines() if line.strip()],
            call=reply.hotline,
            choices=_labelled(reply.buttons, feedback=False) if live else (),
            feedback=_labelled(reply.buttons, feedback=True) if live else (),
        )

    def payload(self, message: OutboundMessage, language: str) -> dict[str, Any]:
        """A reply for the script and for other clients: plain text and buttons, and the bubble ready to show."""
        reply = message.reply
        return {
            "id": message.id,
            "kind": reply.kind.value,
            "text": reply.text.replace("**", ""),
            "note": reply.note,
            "buttons": [{"label": button.label, "action": button.action} for button in reply.buttons],
            "html": str(self.reply(message, language)),
        }

    def explain(self, code: str, language: str, retry_after: float | None = None) -> str:
        """Why a request was turned down, in words for the person."""
        text: str = words(language)["refused"][code]
        limit = format_decimal(self._settings.limits.text_length, locale=language)
        return text.format(hotline=self._settings.hotline, limit=limit, seconds=max(1, round(retry_after or 0)))

    def words(self, language: str) -> dict[str, Any]:
        return {**words(language), "limit": self._settings.limits.text_length, "days": self._settings.session_days}

    def _bubble(self, template: str, language: str, **values: Any) -> Markup:
        html = self._templates.get_template(f"{template}.html").render(t=words(language), **values)
        return Markup(html)  # noqa: S704 - the templates escape what they are given


def _offers(line: Said | OutboundMessage) -> bool:
    return not isinstance(line, Said) and bool(line.reply.buttons)


def _labelled(buttons: Sequence[Button], *, feedback: bool) -> tuple[Button, ...]:
    return tuple(button for button in buttons if button.action.startswith(FEEDBACK) is feedback)
