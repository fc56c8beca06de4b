"""Builds what answers questions: knowledge base, search, conversation. Needs no database and no network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.session_key import key_folder
from handlers.conversation import Conversation
from knowledge.base import KnowledgeBase, load
from knowledge.search.engine import Search, build_search

if TYPE_CHECKING:
    from pathlib import Path

    from bot.config import Settings


@dataclass(frozen=True)
class Core:
    """What answers questions."""

    base: KnowledgeBase
    search: Search
    conversation: Conversation


def build_core(settings: Settings) -> Core:
    """Load the knowledge base and its search; raises KnowledgeError."""
    base = load_base(settings)
    search = build_search(base, settings.search.embeddings.value, cache=_cache(settings))
    return Core(base, search, Conversation(base, search))


def load_base(settings: Settings) -> KnowledgeBase:
    """The knowledge base without its search; raises KnowledgeError."""
    return load(cache=_cache(settings))


def _cache(settings: Settings) -> Path | None:
    """Where the entries and the index are kept: beside an SQLite database, and nowhere when we may not write there."""
    folder = key_folder(settings)
    if folder is None:
        return None
    try:
        (folder / "cache").mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / "cache" if os.access(folder / "cache", os.W_OK) else None
