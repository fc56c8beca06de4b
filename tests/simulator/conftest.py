"""Chromium, as for the web chat."""

from tests.web.conftest import browser

__all__ = ["browser"]
