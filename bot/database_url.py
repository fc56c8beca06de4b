"""What the address of a database tells, without loading what opens one."""

from __future__ import annotations

import re
from pathlib import Path

DRIVERS = {
    "sqlite": "sqlite+inline",
    "sqlite+inline": "sqlite+inline",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}

_URL = re.compile(
    r"""(?P<driver>[a-z+0-9]+)://
        (?: (?P<user>[^:/@]*) (?P<password>:[^@]*)? @ )?
        (?: \[[^\]]*\] | [^:/?@]* ) (?: :\d+ )?
        (?P<rest> [/?].* )?""",
    re.VERBOSE,
)


def with_driver(url: str) -> str:
    """The address with the driver that we use; raises ValueError for another database or no address at all."""
    match = _URL.fullmatch(url)
    if match is None:
        raise ValueError("is not a database URL")
    if match["driver"] not in DRIVERS:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if "sqlite" in match["driver"] and not url.partition("://")[2].startswith("/"):
        raise ValueError("needs three slashes: sqlite:///folder/file")
    return DRIVERS[match["driver"]] + url[match.end("driver") :]


def has_password(url: object) -> bool:
    """Whether an address holds a password."""
    match = _URL.fullmatch(url) if isinstance(url, str) else None
    return match is not None and (match["password"] is not None or "password=" in (match["rest"] or ""))


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL and for a database in memory."""
    driver, _, rest = url.partition(":///")
    name = rest.partition("?")[0]
    return Path(name) if driver.startswith("sqlite") and name and name != ":memory:" else None
