"""What staff are told about a list (`texts.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def tell(section: str, key: str, /, **values: object) -> str:
    """One text with its places filled."""
    return str(_texts()[section][key]).format(**values)


def tell_problem(key: str, /, **values: object) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    told = _texts()["problem"][key]
    return told["what"].format(**values), told["mend"].format(**values)
