"""Keeps events that the database could not take in time: one small file each, on disk before it counts as accepted.

A file holds a message masked, is readable by this user only, and lives for as long as the database is slow. Each
process has a folder of its own under the spool, locked while it lives; one that starts adopts what dead ones left.
"""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, Any

from bot.channels.inbound import Channel, Inbound, Profile, Reachability, StaffMessage, Withdrawal
from bot.intake.locking import lock
from bot.store.texts import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

Kept = Inbound | Reachability | Withdrawal | Profile | StaffMessage

_KINDS: dict[str, type[Kept]] = {
    kind.__name__: kind for kind in (Inbound, Reachability, Withdrawal, Profile, StaffMessage)
}
FAILED = "failed"
"""The folder for events that could not be processed however often it was tried."""


class Spool:
    """A folder of events. `open` before use; `close` lets another process adopt what is left."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / uuid.uuid4().hex
        self._numbers = count()
        self._lock: int | None = None

    def open(self) -> list[tuple[Path, Kept]]:
        """Make this process's folder, and give what earlier processes left, oldest first. Raises OSError."""
        self._folder.mkdir(parents=True, mode=0o700)
        self._lock = lock(self._folder)
        return sorted(self._adopted(), key=lambda found: found[0].name)

    def close(self) -> None:
        """Give the folder up; it goes when it is empty."""
        if self._lock is None:
            return
        os.close(self._lock)
        self._lock = None
        with suppress(OSError):
            self._folder.rmdir()

    async def put(self, event: Kept) -> Path:
        """Keep an event; it is on disk when this returns. Raises OSError."""
        name = f"{time_ns():020d}-{next(self._numbers):06d}.json"
        return await asyncio.to_thread(_write, self._folder / name, _to_json(event))

    def remove(self, path: Path) -> None:
        """Forget an event that has been processed."""
        path.unlink(missing_ok=True)

    def set_aside(self, path: Path) -> None:
        """Keep an event that nothing can be made of for an operator to look at."""
        folder = self._root / FAILED
        folder.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):
            path.rename(folder / path.name)

    def forget_failed(self, before: datetime) -> int:
        """Delete what was set aside before a moment; gives the number of files."""
        old = [path for path in (self._root / FAILED).glob("*.json") if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _adopted(self) -> Iterator[tuple[Path, Kept]]:
        """The events of folders whose process is gone; the files move to ours."""
        for folder in self._root.iterdir():
            if folder in {self._folder, self._root / FAILED} or not folder.is_dir() or (held := lock(folder)) is None:
                continue
            for draft in folder.glob("*.tmp"):
                draft.unlink(missing_ok=True)  # not whole, so it was never accepted
            for path in folder.glob("*.json"):
                ours = path.rename(self._folder / f"{path.stem}-{uuid.uuid4().hex[:6]}.json")
                event = _from_json(ours.read_bytes())
                if event is None:
                    self.set_aside(ours)
                else:
                    yield ours, event
            os.close(held)
            with suppress(OSError):
                folder.rmdir()


def _write(path: Path, text: str) -> Path:
    """Whole or not at all, also when the power goes."""
    draft = path.with_suffix(".tmp")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path


def _to_json(event: Kept) -> str:
    if isinstance(event, Inbound):
        event = replace(event, text=masked(event.text))
    return json.dumps({"kind": type(event).__name__, **asdict(event)}, ensure_ascii=False, default=datetime.isoformat)


def _from_json(text: bytes) -> Kept | None:
    """The event, or None when an older version, or a broken disk, wrote something else."""
    try:
        values: dict[str, Any] = json.loads(text)
        kind = _KINDS[values.pop("kind")]
        for name in ("received", "happened"):
            if name in values:
                values[name] = datetime.fromisoformat(values[name])
        if "channel" in values:
            values["channel"] = Channel(values["channel"])
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
