"""Options of the whole test run."""

from __future__ import annotations

import os

# There are more test processes than processors: numbers are worked out by one thread each, also in started programs.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import pytest
from hypothesis import settings

# The same examples in every run, however slow the machine is.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

pytest_plugins = ["tests.databases", "tests.warmth"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-screenshots", action="store_true", help="write docs/images/web-chat*.png anew")
