"""All answers of a folder, read from their files or as they were read before.

Parsing hundreds of small files takes longer than the rest of a start. What was read is kept in one file, under a digest
of every byte it came from, so a changed answer is always read anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from knowledge import entries as parser
from knowledge.entries import Entry, load_entry
from knowledge.errors import KnowledgeError, Problem


@dataclass(frozen=True)
class Kept:
    """Entries by id, and the digest of the files that they were read from."""

    digest: str
    entries: dict[str, Entry]


def load_entries(root: Path, kept: Path | None = None) -> dict[str, Entry]:
    """All entries below `root` by id; raises KnowledgeError with every file that cannot be read.

    `kept` is the file that holds what was read before; it is written when it does not fit, and never needed.
    """
    paths = sorted((root / "faq").glob("*/*.md"))
    if kept is None:
        return _read(paths, root)
    digest = _digest(paths, root)
    known = _load(kept)
    if known is not None and known.digest == digest:
        return known.entries
    entries = _read(paths, root)
    _save(Kept(digest, entries), kept)
    return entries


def _read(paths: list[Path], root: Path) -> dict[str, Entry]:
    problems: list[Problem] = []
    entries: dict[str, Entry] = {}
    for path in paths:
        try:
            entry = load_entry(path, root)
        except KnowledgeError as error:
            problems.extend(error.problems)
            continue
        if entry.id in entries:
            problems.append(
                Problem(entry.file, 1, f"id {entry.id} stands in {entries[entry.id].file} too", "rename one")
            )
        entries[entry.id] = entry
    if problems:
        raise KnowledgeError(problems)
    return entries


def _digest(paths: list[Path], root: Path) -> str:
    """Changes with every file, its name, and the way in which files are read."""
    state = hashlib.sha256(Path(parser.__file__).read_bytes())
    for path in paths:
        content = path.read_bytes()
        state.update(f"{path.relative_to(root)} {len(content)}\n".encode() + content)
    return state.hexdigest()


def _load(kept: Path) -> Kept | None:
    try:
        return TypeAdapter(Kept).validate_json(kept.read_bytes())
    except (OSError, ValidationError):
        return None


def _save(known: Kept, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    written = kept.with_suffix(".part")
    written.write_bytes(TypeAdapter(Kept).dump_json(known))
    written.replace(kept)
