"""Things that test people send, from samples.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLES = Path(__file__).with_name("samples.toml")


def attachment(kind: str) -> Mapping[str, Any]:
    """An attachment as `user_send_<kind>` carries it; LookupError for a kind that is none."""
    found: Mapping[str, Any] = _samples()["attachment"][kind]
    return found


def details() -> Mapping[str, str]:
    """Contact details of nobody."""
    found: Mapping[str, str] = _samples()["details"]
    return found


@cache
def _samples() -> Mapping[str, Any]:
    return tomllib.loads(SAMPLES.read_text(encoding="utf-8"))
