"""Drawing on a page: blocks of text, panels, QR codes. Lengths are pixels, places the upper left corner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from PIL import Image, ImageDraw, ImageFilter

from bot.outreach.materials.typesetting import Setting, Weight, fitted, font, set_lines

if TYPE_CHECKING:
    from bot.outreach.materials.themes import Theme

QUIET_ZONE = 4
"""Modules of white around a QR code, which ISO/IEC 18004 asks for."""
WHITE, BLACK = "white", "black"


class Canvas:
    """One page in the making."""

    def __init__(self, width: int, height: int, theme: Theme) -> None:
        self.theme = theme
        self.image = Image.new("RGB", (width, height), theme.paper)
        self._draw = ImageDraw.Draw(self.image)

    @property
    def width(self) -> int:
        return self.image.width

    @property
    def height(self) -> int:
        return self.image.height

    def panel(self, box: tuple[int, int, int, int], colour: str, radius: int = 0) -> None:
        self._draw.rounded_rectangle(box, radius, fill=colour)

    def raised(self, box: tuple[int, int, int, int], colour: str, radius: int) -> None:
        """A panel with a soft shadow."""
        x, y, right, bottom = box
        spread = radius
        shade = Image.new("L", (right - x + 4 * spread, bottom - y + 4 * spread))
        inside = (2 * spread, 2 * spread, shade.width - 2 * spread, shade.height - 2 * spread)
        ImageDraw.Draw(shade).rounded_rectangle(inside, radius, fill=70)
        shade = shade.filter(ImageFilter.GaussianBlur(spread * 0.6))
        self.image.paste(self.theme.ink, (x - 2 * spread, y - 2 * spread + spread // 4), shade)
        self.panel(box, colour, radius)

    def disc(self, centre: tuple[int, int], radius: int, colour: str) -> None:
        x, y = centre
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def shape(self, points: list[tuple[int, int]], colour: str) -> None:
        self._draw.polygon(points, fill=colour)

    def block(self, setting: Setting, at: tuple[int, int], colour: str, *, centred: bool = False) -> int:
        """Print lines from a place downwards, or around it when centred; the y below the last."""
        face = font(setting.weight, setting.size)
        x, y = at
        for number, line in enumerate(setting.lines):
            middle = y + number * setting.line_height + setting.line_height // 2
            self._draw.text((x, middle), line, fill=colour, font=face, anchor="mm" if centred else "lm")
        return y + setting.height

    def write(self, text: str, at: tuple[int, int], colour: str, size: int, wide: int, weight: Weight) -> int:
        """Print a text of a given size in even lines no wider than `wide`; the y below the last."""
        return self.block(Setting(set_lines(text, weight, size, wide), weight, size), at, colour)

    def caption(self, text: str, at: tuple[int, int], colour: str, size: int, weight: Weight) -> None:
        """One line around a place."""
        self.block(Setting((text,), weight, size), at, colour, centred=True)

    def fit(self, text: str, at: tuple[int, int], colour: str, box: tuple[int, int], sizes: tuple[int, int]) -> int:
        """Print a heavy text as large as the box allows, in the middle of its height; the y below the box."""
        setting = fitted(text, Weight.HEAVY, box, sizes)
        self.block(setting, (at[0], at[1] + (box[1] - setting.height) // 2), colour)
        return at[1] + box[1]

    def qr(self, text: str, at: tuple[int, int], side: int) -> None:
        """A QR code with its quiet zone on white, in whole pixels a module, centred in a square of this side."""
        matrix = segno.make(text, error="q", micro=False).matrix
        modules = len(matrix) + 2 * QUIET_ZONE
        scale = side // modules
        self.panel((at[0], at[1], at[0] + side, at[1] + side), WHITE)
        margin = (side - scale * len(matrix)) // 2
        for row, line in enumerate(matrix):
            for column, dark in enumerate(line):
                if dark:
                    x, y = at[0] + margin + column * scale, at[1] + margin + row * scale
                    self._draw.rectangle((x, y, x + scale - 1, y + scale - 1), fill=BLACK)

    def emblem(self, at: tuple[int, int], side: int, colour: str, inner: str) -> None:
        """A shield with a plus; deliberately nobody's official mark."""
        x, y = at
        outline = (
            (0.5, 0.0),
            (0.94, 0.16),
            (0.94, 0.52),
            (0.82, 0.76),
            (0.5, 1.0),
            (0.18, 0.76),
            (0.06, 0.52),
            (0.06, 0.16),
        )
        self.shape([(x + round(a * side), y + round(b * side)) for a, b in outline], colour)
        arm, thick = round(side * 0.22), round(side * 0.085)
        cx, cy = x + side // 2, y + round(side * 0.46)
        self.panel((cx - arm, cy - thick, cx + arm, cy + thick), inner, thick // 2)
        self.panel((cx - thick, cy - arm, cx + thick, cy + arm), inner, thick // 2)
