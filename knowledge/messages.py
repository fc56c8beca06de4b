"""Messages as people write them, longer than phrasings, by the entry that is right for them: `messages/<topic>.toml`.

The networks of the search learn from them as from the phrasings (`knowledge fit`). The running bot does not read them.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from knowledge.errors import KnowledgeError, Problem

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "messages"

Messages = dict[str, tuple[str, ...]]
"""Messages by the id of their entry."""


def load_messages(root: Path) -> Messages:
    """All messages below `root`; raises KnowledgeError with every file that cannot be read."""
    messages: Messages = {}
    problems: list[Problem] = []
    for path in message_files(root):
        file = str(path.relative_to(root))
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            problems.append(Problem(file, 1, f"is not valid TOML: {error}"))
            continue
        for entry_id, texts in raw.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
                problems.append(Problem(file, 1, f"`{entry_id}` must be a list of texts", f'{entry_id} = ["…"]'))
            else:
                messages[entry_id] = messages.get(entry_id, ()) + tuple(texts)
    if problems:
        raise KnowledgeError(problems)
    return messages


def message_files(root: Path) -> list[Path]:
    """The files of the folder, in order."""
    return sorted((root / FOLDER).glob("*.toml"))
