"""Materials as files: PNG, and PDF of the size of the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outreach.materials.poster import DPI

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import IO

    from PIL import Image

JPEG_QUALITY = 95
"""Inside a PDF pictures are JPEG; at this quality no edge of a letter shows it in print."""


def save_png(image: Image.Image, path: Path | IO[bytes]) -> None:
    """Without loss; the size of the paper is noted in the file, so that it prints right without scaling."""
    image.save(path, "PNG", dpi=(DPI, DPI), optimize=True)


def save_pdf(image: Image.Image, path: Path | IO[bytes], title: str, made: datetime) -> None:
    """One page as large as the picture at 300 dots an inch."""
    moment = made.timetuple()
    image.save(
        path,
        "PDF",
        resolution=DPI,
        quality=JPEG_QUALITY,
        subsampling=0,
        title=title,
        creationDate=moment,
        modDate=moment,
    )


def stem(*parts: str) -> str:
    """The name of a file without its ending: `ap-phich_dong-thap_2024-10_c-kg26`."""
    return "_".join(part for part in parts if part)
