"""A lock on a folder that ends with the process, however it ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows: one process per folder, which is how it runs there
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pathlib import Path


def lock(folder: Path) -> int | None:
    """Lock a folder until the descriptor is closed; None when a living process holds it."""
    if fcntl is None:
        return os.open(os.devnull, os.O_RDONLY)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
