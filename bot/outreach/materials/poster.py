"""An A4 poster, for printing: 300 dots an inch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.outreach.materials.canvas import WHITE, Canvas
from bot.outreach.materials.typesetting import Weight, width
from bot.outreach.materials.words import say

if TYPE_CHECKING:
    from PIL import Image

    from bot.outreach.materials.announcement import Announcement, Door
    from bot.outreach.materials.themes import Theme

DPI = 300
WIDTH, HEIGHT = 2480, 3508
"""A4 in dots."""
MARGIN = 190
FIELD = 2010
"""Height of the coloured part."""
_INNER = WIDTH - 2 * MARGIN
_ASK = FIELD + 300
"""Where the part begins that says how to ask."""
_FOOT = 3290


@dataclass(frozen=True)
class _Sizes:
    """Of the part that says how to ask: the side of a QR code, and sizes of type."""

    qr: int
    heading: int
    text: int
    number: int


_SIZES = (_Sizes(0, 120, 66, 200), _Sizes(740, 104, 62, 176), _Sizes(640, 78, 52, 112))
"""By the number of QR codes."""


def poster(announcement: Announcement, theme: Theme) -> Image.Image:
    """The poster as an RGB image of 2480 × 3508 dots."""
    page = Canvas(WIDTH, HEIGHT, theme)
    page.panel((0, 0, WIDTH, FIELD), theme.field)
    page.disc((WIDTH - 120, 250), 760, theme.glow)
    page.disc((80, FIELD - 40), 520, theme.glow)
    page.panel((0, FIELD, WIDTH, HEIGHT), theme.paper)
    _heading(page, announcement)
    page.panel((MARGIN, 610, MARGIN + 210, 628), theme.accent, 9)
    page.fit(announcement.slogan, (MARGIN, 690), theme.on_field, (_INNER, 1000), (96, 280))
    _share(page, announcement)
    _ways(page, announcement)
    _foot(page, announcement)
    return page.image


def _heading(page: Canvas, announcement: Announcement) -> None:
    theme = page.theme
    page.emblem((MARGIN, 200), 210, theme.on_field, theme.field)
    x, wide = MARGIN + 270, _INNER - 270
    below = page.write(announcement.office.upper(), (x, 190), theme.on_field, 74, wide, Weight.BOLD)
    line = f"{say('notice', 'subject')} · {say('notice', 'year', year=announcement.school_year)}"
    page.write(line, (x, below + 6), theme.quiet, 56, wide, Weight.MEDIUM)


def _share(page: Canvas, announcement: Announcement) -> None:
    theme, share = page.theme, announcement.share
    top, bottom = FIELD - 250, FIELD + 190
    page.raised((MARGIN - 60, top, WIDTH - MARGIN + 60, bottom), WHITE, 48)
    size = 300
    middle = (top + bottom) // 2
    page.write(share.percent, (MARGIN + 40, middle - round(size * 0.66)), theme.strong, size, 1200, Weight.HEAVY)
    x = MARGIN + 130 + width(share.percent, Weight.HEAVY, size)
    wide = WIDTH - MARGIN - x
    below = page.write(say("notice", "share_before"), (x, top + 56), theme.muted, 64, wide, Weight.MEDIUM)
    below = page.write(say("notice", "share_after"), (x, below), theme.ink, 76, wide, Weight.BOLD)
    since = say("notice", "share_since", since=share.since, source=share.source)
    page.write(since, (x, below + 12), theme.muted, 48, wide, Weight.MEDIUM)


def _ways(page: Canvas, announcement: Announcement) -> None:
    theme, doors = page.theme, announcement.doors[:2]
    sizes = _SIZES[len(doors)]
    x = MARGIN
    for door in doors:
        _door(page, door, x, sizes.qr)
        x += sizes.qr + 80
    wide = WIDTH - MARGIN - x
    text = say("notice", "scan" if doors else "call_only")
    below = page.write(say("notice", "ask"), (x, _ASK - 20), theme.ink, sizes.heading, wide, Weight.HEAVY)
    below = page.write(text, (x, below + 16), theme.muted, sizes.text, wide, Weight.MEDIUM)
    below = page.write(say("notice", "hotline"), (x, below + 44), theme.muted, sizes.text, wide, Weight.MEDIUM)
    page.write(announcement.hotline, (x - 4, below - sizes.number // 8), theme.strong, sizes.number, wide, Weight.HEAVY)


def _door(page: Canvas, door: Door, x: int, side: int) -> None:
    theme = page.theme
    page.raised((x, _ASK, x + side, _ASK + side), WHITE, 32)
    page.qr(door.url, (x + 24, _ASK + 24), side - 48)
    below = _ASK + side + 24
    if door.spoken is None:
        page.write(door.name, (x, below), theme.ink, 62, side, Weight.BOLD)
        return
    lead = f"{door.name}, {say('notice', 'type')}"
    below = page.write(lead, (x, below), theme.muted, 50, side, Weight.MEDIUM)
    page.write(door.spoken, (x, below - 6), theme.strong, 62, side, Weight.HEAVY)


def _foot(page: Canvas, announcement: Announcement) -> None:
    theme = page.theme
    page.panel((MARGIN, _FOOT - 40, WIDTH - MARGIN, _FOOT - 37), theme.glow)
    about = " · ".join(text for text in (announcement.days, announcement.letter) if text)
    below = page.write(about, (MARGIN, _FOOT - 10), theme.muted, 40, _INNER, Weight.MEDIUM)
    page.write(say("notice", "safe"), (MARGIN, below), theme.muted, 40, _INNER, Weight.MEDIUM)
