"""The conversation over the real knowledge base, and a person who talks to it."""

from __future__ import annotations

import pytest

from handlers.conversation import Conversation
from handlers.places import Gazetteer
from knowledge.base import KnowledgeBase
from knowledge.search.engine import Search
from tests.handlers.talking import Talk, conversation_over_real_base
from tests.knowledge.real import real_base, real_search


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    return real_base()


@pytest.fixture(scope="session")
def search() -> Search:
    return real_search()


@pytest.fixture(scope="session")
def conversation() -> Conversation:
    return conversation_over_real_base()


@pytest.fixture(scope="session")
def places(base: KnowledgeBase) -> Gazetteer:
    return Gazetteer(base)


@pytest.fixture
def talk() -> Talk:
    """A conversation with somebody who has just come."""
    return Talk()
