"""The core is pure: the same turn gives the same outcome, whatever was asked in between."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation import Conversation, new_memory
from handlers.memory import Memory, Person
from handlers.turn import Turn
from knowledge.base import KnowledgeBase
from knowledge.search.engine import Search
from tests.handlers.talking import conversation_over_real_base
from tests.knowledge.real import TODAY

TEXTS = [
    "đóng bao nhiêu", "mất thẻ", "con tôi 12 tuổi", "còn thằng lớn", "gặp người thật", "tính tiền", "1",
    "xóa dữ liệu của tôi", "có", "nam hoc 2024-2025 dong bao nhieu", "con tôi đang co giật", "số 0912345678", "asdf",
    "", "dừng",
]  # fmt: skip
ACTIONS = [None, "menu", "guide:premium", "g:premium:level:pupil", "entry:mat-the", "none", "gone"]
MEMORIES = [
    Memory(),
    new_memory("parent", "en"),
    Memory(children=(Person(birth_year=2021), Person(birth_year=2011)), focus=0, last_entry="muc-dong-hien-nay"),
    Memory(pending="erase", case="HT-1", failures=1, province="hue"),
]


@given(st.sampled_from(MEMORIES), st.sampled_from(TEXTS), st.sampled_from(ACTIONS), st.sampled_from(TEXTS))
def test_the_same_turn_twice_gives_equal_outcomes(memory: Memory, text: str, action: str | None, between: str) -> None:
    conversation = conversation_over_real_base()
    turn = Turn(memory=memory, today=TODAY, text=text, action=action, case_number="HT-9")
    before = turn.memory.model_dump_json()
    first = conversation.respond(turn)
    conversation.respond(Turn(memory=Memory(), today=date(2026, 8, 1), text=between, case_number="HT-8"))
    assert conversation.respond(turn) == first
    assert turn.memory.model_dump_json() == before


@pytest.mark.parametrize("text", TEXTS)
def test_another_conversation_over_the_same_knowledge_says_the_same(
    base: KnowledgeBase, search: Search, text: str
) -> None:
    turn = Turn(memory=Memory(), today=TODAY, text=text, case_number="HT-9")
    assert Conversation(base, search).respond(turn) == conversation_over_real_base().respond(turn)


def test_the_answer_follows_the_day_that_is_given() -> None:
    answers = {}
    for today in (date(2024, 10, 1), date(2025, 10, 1), date(2026, 10, 1)):
        turn = Turn(memory=Memory(), today=today, action="entry:muc-dong-hien-nay")
        answers[today.year] = conversation_over_real_base().respond(turn).replies[0].text
    assert "884.520" in answers[2024]
    assert "631.800" in answers[2025]
    assert "683.100" in answers[2026]


@pytest.mark.parametrize("role", ["student", "parent", "teacher", "robot", None])
def test_a_new_memory_takes_only_roles_that_exist(role: str | None) -> None:
    memory = new_memory(role)
    assert memory.role == (role if role in {"student", "parent", "teacher"} else None)
    assert Memory.model_validate_json(memory.model_dump_json()) == memory


def test_memory_of_an_older_version_is_read() -> None:
    assert Memory.model_validate_json('{"version": 0, "colour": "red", "language": "en"}').language == "en"
