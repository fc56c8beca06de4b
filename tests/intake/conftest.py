from __future__ import annotations

from tests.bot.conftest import clock, database, log_lines, postgres, url
from tests.delivery.conftest import post

__all__ = ["clock", "database", "log_lines", "post", "postgres", "url"]
