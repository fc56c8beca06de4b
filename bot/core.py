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
    from handlers.turn import Outcome, Turn


@dataclass(eq=False)
class Core:
    """What answers questions: one object for the life of the process.

    Staff changes answers while it runs (`bot.drafts.live`): take its parts anew for each piece of work.
    """

    base: KnowledgeBase
    search: Search
    conversation: Conversation

    def respond(self, turn: Turn) -> Outcome:
        """What the bot says and does, by the knowledge base as it is now."""
        return self.conversation.respond(turn)

    def having(self, base: KnowledgeBase) -> Core:
        """Another core, for a knowledge base in which some answers differ. Takes half a second of processor time."""
        search = self.search.updated(base)
        return Core(base, search, Conversation(base, search))

    def become(self, other: Core) -> None:
        """Answer as another core from now on. Call it where turns run: no turn then sees half of it."""
        self.base, self.search, self.conversation = other.base, other.search, other.conversation


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
