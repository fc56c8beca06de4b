"""The file of a backup: written whole or not at all, and looked through before anything of it is used."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from bot.backup.errors import BackupError
from bot.backup.manifest import Manifest, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Report = Callable[[str, float], None]

MANIFEST = "manifest.json"
# What zipfile raises for files that are no longer what they were; encrypted parts are a RuntimeError.
_DAMAGED = (BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError, OverflowError)


class Writer:
    """A backup in the making."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file

    def write(self, name: str, lines: Iterable[bytes]) -> str:
        """Add a part; gives its digest."""
        digest = hashlib.sha256()
        with self._file.open(name, "w", force_zip64=True) as part:
            for line in lines:
                part.write(line)
                digest.update(line)
        return digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        self._file.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def writing(file: Path) -> Iterator[Writer]:
    """A new file that only its owner may read, there when the block has ended well. Raises BackupError."""
    if file.exists():
        raise BackupError(f"{file.name} exists already; take another name")
    draft: Path | None = None
    try:
        # mkstemp gives the file mode 0600.
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        draft = Path(name)
        with os.fdopen(descriptor, "wb") as handle:
            with ZipFile(handle, "w", ZIP_DEFLATED) as archive:
                yield Writer(archive)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(file)
    except OSError as error:
        raise BackupError(f"{file.name} cannot be written: {error.strerror}") from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


class Archive:
    """A backup that was found whole."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self.manifest = Manifest.model_validate_json(file.read(MANIFEST))

    def rows(self, part: Part) -> Iterator[list[Any]]:
        """The rows of a table, values in the order of its columns."""
        for line in self.lines(part):
            row = json.loads(line)
            if not isinstance(row, list) or len(row) != len(part.columns):
                raise BackupError(f"the backup is damaged: {part.table}")
            yield row

    def lines(self, part: Part) -> Iterator[bytes]:
        with self._file.open(part.file) as lines:
            yield from lines


@contextmanager
def reading(file: Path, report: Report) -> Iterator[Archive]:
    """A backup every part of which is as it was written; raises BackupError when it is not, also within the block."""
    try:
        with ZipFile(file) as opened:
            if any(info.compress_type != ZIP_DEFLATED for info in opened.infolist()):
                raise BackupError("the backup is damaged or was not made by bhyt-bot")
            archive = Archive(opened)
            _check(archive, opened.namelist(), report)
            yield archive
    except OSError as error:
        raise BackupError(f"{file.name} cannot be read: {error.strerror}") from error
    except _DAMAGED as error:
        raise BackupError("the backup is damaged or was not made by bhyt-bot") from error


def _check(archive: Archive, names: list[str], report: Report) -> None:
    manifest = archive.manifest
    if sorted(names) != sorted([MANIFEST, *(part.file for part in manifest.parts)]):
        raise BackupError("the backup is damaged: its parts are not those that it names")
    for number, part in enumerate(manifest.parts):
        report(part.table, number / len(manifest.parts))
        digest, rows = hashlib.sha256(), 0
        for line in archive.lines(part):
            digest.update(line)
            rows += 1
        if (digest.hexdigest(), rows) != (part.sha256, part.rows):
            raise BackupError(f"the backup is damaged: {part.table}")
