"""Light markup to HTML that is safe whatever it contains.

`**bold**`, `- ` lists, `1. ` steps, blank lines between paragraphs; bare gov.vn addresses and known phone numbers
become links. Everything is escaped, and the only elements that can come out are p, br, strong, ul, ol (start), li and
a (href, class, target, rel). A link leads to a gov.vn host over https or to a known phone number, so that nothing
which a reply repeats from a person can lead elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby

from markupsafe import Markup

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"[-•]\s+(?P<item>.*)")
_STEP = re.compile(r"(?P<number>\d{1,3})\.\s+(?P<item>.*)", re.ASCII)
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_HOST = r"(?<![\w@./:-])(?:https?://)?(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,4}gov\.vn)(?![\w-]|\.\w|:)"
_PATH = r"(?P<path>/[A-Za-z0-9_./?=&%#-]*[A-Za-z0-9_/])?"
_SHORT = 4
"""A number of at most this many digits is a link only where the text says to call it."""
_CALL = r"(?:(?<=gọi )|(?<=Gọi )|(?<=số )|(?<=call )|(?<=Call )|(?<=hoặc )|(?<=or )|^)"
_NOT_AMOUNT = r"(?![.,]?\d|\w| ?%| (?:đồng|ngày|tháng|năm|VND))"


@dataclass(frozen=True)
class LightMarkup:
    """Renders light markup; `phones` are the numbers that may be called ("1900.9068", "115")."""

    phones: frozenset[str] = frozenset()

    def render(self, text: str) -> Markup:
        """Safe HTML of a text."""
        blocks = _BREAK.split(text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
        html = "".join(self._block(block.splitlines()) for block in blocks if block.strip())
        return Markup(html)  # noqa: S704 - built below from escaped text alone; tests/web/test_markup.py proves it

    def inline(self, line: str) -> Markup:
        """Safe HTML of a single line: no paragraph around it."""
        return Markup(self._inline(line))  # noqa: S704 - as above

    def _inline(self, line: str) -> str:
        parts = _BOLD.split(line)  # every second part stood between asterisks
        return "".join(
            f"<strong>{self._links(part)}</strong>" if n % 2 else self._links(part) for n, part in enumerate(parts)
        )

    def _block(self, lines: list[str]) -> str:
        return "".join(self._group(kind, list(group)) for kind, group in groupby(lines, _kind))

    def _group(self, kind: str, lines: list[str]) -> str:
        if kind == "p":
            return f"<p>{'<br>'.join(self._inline(line.strip()) for line in lines)}</p>"
        items = [match for line in lines if (match := (_BULLET if kind == "ul" else _STEP).fullmatch(line.strip()))]
        start = "" if kind == "ul" or items[0]["number"] == "1" else f' start="{int(items[0]["number"])}"'
        inside = "".join(f"<li>{self._inline(item['item'])}</li>" for item in items)
        return f"<{kind}{start}>{inside}</{kind}>"

    def _links(self, text: str) -> str:
        html, end = [], 0
        for match in self._linkable.finditer(text):
            html += [escape(text[end : match.start()]), _link(match)]
            end = match.end()
        return "".join([*html, escape(text[end:])])

    @cached_property
    def _linkable(self) -> re.Pattern[str]:
        long = [re.escape(phone) for phone in self.phones if len(phone) > _SHORT]
        short = [re.escape(phone) for phone in self.phones if len(phone) <= _SHORT]
        numbers = [rf"(?<![\w.,/-]){phone}{_NOT_AMOUNT}" for phone in sorted(long)]
        numbers += [rf"{_CALL}{phone}{_NOT_AMOUNT}" for phone in sorted(short)]
        phone = f"|(?P<phone>{'|'.join(numbers)})" if numbers else "|(?P<phone>(?!))"
        return re.compile(f"{_HOST}{_PATH}{phone}")


def _kind(line: str) -> str:
    stripped = line.strip()
    if _BULLET.fullmatch(stripped):
        return "ul"
    return "ol" if _STEP.fullmatch(stripped) else "p"


def _link(match: re.Match[str]) -> str:
    shown = escape(match[0])
    if match["phone"]:
        return f'<a class="tel" href="tel:{digits(match["phone"])}">{shown}</a>'
    address = escape(f"https://{match['host']}{match['path'] or ''}")
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def digits(phone: str) -> str:
    """A phone number as a tel: link wants it."""
    return "".join(char for char in phone if char in "0123456789+")
