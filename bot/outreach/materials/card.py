"""A square card to share on the internet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from bot.outreach.materials.canvas import WHITE, Canvas
from bot.outreach.materials.typesetting import Weight, width
from bot.outreach.materials.words import say

if TYPE_CHECKING:
    from bot.outreach.materials.announcement import Announcement, Door
    from bot.outreach.materials.themes import Theme

SIDE = 1080
"""Pixels, as Zalo and Facebook show it without scaling."""
_DRAWN = 2 * SIDE
"""Drawn twice as large, so that edges come out smooth."""
_MARGIN = 130
_INNER = _DRAWN - 2 * _MARGIN
_PANEL = 1440
_QR = 480


def card(announcement: Announcement, theme: Theme) -> Image.Image:
    """The card as an RGB image of 1080 × 1080 pixels."""
    page = Canvas(_DRAWN, _DRAWN, theme)
    page.panel((0, 0, _DRAWN, _DRAWN), theme.field)
    page.disc((_DRAWN - 80, 160), 620, theme.glow)
    page.disc((0, _PANEL), 420, theme.glow)
    _heading(page, announcement)
    page.panel((_MARGIN, 440, _MARGIN + 170, 454), theme.accent, 7)
    page.fit(announcement.slogan, (_MARGIN, 500), theme.on_field, (_INNER, 860), (76, 220))
    page.raised((70, _PANEL, _DRAWN - 70, _DRAWN - 80), WHITE, 48)
    door = announcement.doors[0] if announcement.doors else None
    _share(page, announcement, _DRAWN - 2 * _MARGIN - (_QR + 40 if door else 0))
    if door:
        _door(page, door)
    return page.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _heading(page: Canvas, announcement: Announcement) -> None:
    theme = page.theme
    page.emblem((_MARGIN, 140), 170, theme.on_field, theme.field)
    x, wide = _MARGIN + 220, _INNER - 220
    below = page.write(announcement.office.upper(), (x, 130), theme.on_field, 60, wide, Weight.BOLD)
    line = f"{say('notice', 'subject')} · {say('notice', 'year', year=announcement.school_year)}"
    page.write(line, (x, below + 4), theme.quiet, 48, wide, Weight.MEDIUM)


def _share(page: Canvas, announcement: Announcement, wide: int) -> None:
    theme, share, top = page.theme, announcement.share, _PANEL + 50
    size = 200
    page.write(share.percent, (_MARGIN, top - 24), theme.strong, size, wide, Weight.HEAVY)
    x = _MARGIN + 50 + width(share.percent, Weight.HEAVY, size)
    rest = wide - (x - _MARGIN)
    below = page.write(say("notice", "share_before"), (x, top), theme.muted, 48, rest, Weight.MEDIUM)
    page.write(say("notice", "share_after_short"), (x, below), theme.ink, 52, rest, Weight.BOLD)
    since = say("notice", "share_since", since=share.since, source=share.source)
    below = page.write(since, (_MARGIN, top + 230), theme.muted, 38, wide, Weight.MEDIUM)
    below = page.write(announcement.letter, (_MARGIN, below), theme.muted, 38, wide, Weight.MEDIUM)
    label = f"{say('notice', 'hotline')} "
    page.write(label, (_MARGIN, below + 48), theme.muted, 52, wide, Weight.MEDIUM)
    number = (_MARGIN + width(label, Weight.MEDIUM, 52) + 20, below + 22)
    page.write(announcement.hotline, number, theme.strong, 96, wide, Weight.HEAVY)


def _door(page: Canvas, door: Door) -> None:
    theme = page.theme
    x, top = _DRAWN - _MARGIN - _QR + 30, _PANEL + 30
    page.qr(door.url, (x, top), _QR)
    if door.spoken is None:
        page.caption(door.name, (x + _QR // 2, top + _QR), theme.ink, 46, Weight.BOLD)
        return
    page.caption(
        f"{door.name}, {say('notice', 'type')}", (x + _QR // 2, top + _QR - 20), theme.muted, 36, Weight.MEDIUM
    )
    page.caption(door.spoken, (x + _QR // 2, top + _QR + 26), theme.strong, 44, Weight.HEAVY)
