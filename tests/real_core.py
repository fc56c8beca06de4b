"""What answers in a test of the whole program: the knowledge base of the repository, indexed once in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import Core
from tests.handlers.talking import conversation_over_real_base
from tests.knowledge.real import real_base, real_search

if TYPE_CHECKING:
    from bot.turns import Responder


def real_core(responder: Responder | None = None) -> Core:
    """Holds no state of any conversation; with another conversation when one is given."""
    return Core(real_base(), real_search(), responder or conversation_over_real_base())
