"""Whether an image that staff chose can be sent: that is told when they choose it, not when a platform refuses it."""

from __future__ import annotations

from io import BytesIO
from warnings import catch_warnings, simplefilter

from PIL import Image, UnidentifiedImageError

from bot.outreach.errors import CampaignError
from bot.outreach.messages import say

SIDES = 10_000
"""Pixels that width and height have together at most, and how much longer one side may be: Telegram's sendPhoto."""
RATIO = 20


def check_picture(content: bytes) -> None:
    """Read an image to its end; raises CampaignError when it is no PNG or JPEG that can be shown."""
    try:
        with catch_warnings():
            simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
                if sum(picture.size) > SIDES or max(picture.size) > RATIO * min(picture.size):
                    raise CampaignError(say("image_shape"))
                picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombWarning):
        raise CampaignError(say("no_image")) from None
