"""Options of the whole test run."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.databases"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-screenshots", action="store_true", help="write docs/images/web-chat*.png anew")
