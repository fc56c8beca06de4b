"""A certificate of the quiz. It holds a name only when somebody typed one for it, and that is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PIL import Image

from bot.outreach.errors import OutreachError
from bot.outreach.materials.canvas import WHITE, Canvas
from bot.outreach.materials.typesetting import LEADING, Setting, Weight, fitted, set_lines
from bot.outreach.materials.words import say
from knowledge.dates import vietnamese_date

if TYPE_CHECKING:
    from bot.outreach.materials.themes import Theme

WIDTH, HEIGHT = 1600, 1130
"""Pixels: the shape of A4 lying, small enough for a chat."""
LONGEST_NAME = 40
_SCALE = 2
_MARGIN = 300
_TOP, _FOOT = 440, 2060


@dataclass(frozen=True)
class Achievement:
    """What is certified; `name` is what the person wants to be called, or nothing."""

    title: str
    score: int
    out_of: int
    day: date
    office: str
    name: str = ""


def certificate(achievement: Achievement, theme: Theme) -> Image.Image:
    """The certificate as an RGB image of 1600 × 1130 pixels; raises OutreachError for a name that is none."""
    rows = _rows(achievement, theme)
    page = Canvas(WIDTH * _SCALE, HEIGHT * _SCALE, theme)
    page.panel((0, 0, page.width, page.height), theme.field)
    page.disc((page.width, 0), 900, theme.glow)
    page.disc((0, page.height), 700, theme.glow)
    page.panel((90, 90, page.width - 90, page.height - 90), WHITE, 60)
    page.emblem((page.width // 2 - 115, 170), 230, theme.strong, WHITE)
    foot = set_lines(say("certificate", "note"), Weight.MEDIUM, 42, page.width - 2 * _MARGIN)
    page.block(Setting(foot, Weight.MEDIUM, 42), (page.width // 2, _FOOT), theme.muted, centred=True)
    gap = (_FOOT - 30 - _TOP - sum(row.setting.height for row in rows)) // len(rows)
    y = _TOP
    for row in rows:
        y = page.block(row.setting, (page.width // 2, y), row.colour, centred=True) + gap
    return page.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class _Row:
    setting: Setting
    colour: str


def _rows(achievement: Achievement, theme: Theme) -> list[_Row]:
    """What stands between the emblem and the foot, from above."""
    name = shown_name(achievement.name)
    score = say("certificate", "score", score=achievement.score, count=achievement.out_of)
    return [
        _row(achievement.office.upper(), theme.strong, Weight.BOLD, 70),
        _row(say("certificate", "heading"), theme.ink, Weight.HEAVY, 190),
        _row(say("certificate", "for_name", name=name), theme.strong, Weight.BOLD, 120)
        if name
        else _row(say("certificate", "for_nobody"), theme.strong, Weight.BOLD, 100),
        _row(say("certificate", "done"), theme.muted, Weight.MEDIUM, 70),
        _row(achievement.title, theme.ink, Weight.BOLD, 96),
        _row(score, theme.strong, Weight.HEAVY, 330, 1.0),
        _row(say("certificate", "score_label"), theme.ink, Weight.BOLD, 76),
        _row(say("certificate", "day", day=vietnamese_date(achievement.day)), theme.muted, Weight.MEDIUM, 58),
    ]


def _row(text: str, colour: str, weight: Weight, size: int, leading: float = LEADING) -> _Row:
    box = (WIDTH * _SCALE - 2 * _MARGIN, 2 * round(size * leading))
    return _Row(fitted(text, weight, box, (size // 2, size), leading), colour)


def shown_name(name: str) -> str:
    """A name as it is printed, on one line; raises OutreachError when it is too long or has other than letters."""
    plain = " ".join(name.split())
    if len(plain) > LONGEST_NAME or not all(letter.isalpha() or letter in " .'-" for letter in plain):
        raise OutreachError(f"Tên trên giấy chứng nhận chỉ gồm chữ cái, nhiều nhất {LONGEST_NAME} ký tự.")
    return plain
