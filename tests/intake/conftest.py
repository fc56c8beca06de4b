from __future__ import annotations

from tests.bot.conftest import clock, log_lines
from tests.delivery.conftest import post

__all__ = ["clock", "log_lines", "post"]
