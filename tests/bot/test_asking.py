"""The interface that others measure the bot through."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking import Interview
from handlers.turn import Outcome, Turn
from knowledge.entries import Role
from tests.bot.scripted import ScriptedCore

TODAY = date(2026, 9, 5)


class Interviewed:
    """An interview with the scripted core."""

    def __init__(self) -> None:
        self.core = ScriptedCore()
        self.interview = Interview(self.core, TODAY)

    def ask(self, line: bytes | str | None = None, **fields: object) -> Any:
        if line is None:
            line = json.dumps({"id": "q1", "text": "một", **fields})
        data = line if isinstance(line, bytes) else line.encode()
        return json.loads(self.interview.answer_line(data))


@pytest.fixture
def bot() -> Interviewed:
    return Interviewed()


def test_an_answer_has_all_fields(bot: Interviewed) -> None:
    assert bot.ask(text="hỏi two") == {
        "id": "q1",
        "decision": "answer",
        "entry": "muc-dong",
        "confidence": 1.0,
        "text": "2: hỏi two\n\nNguồn\n\nthêm",
        "options": ["Tính tiền đóng"],
        "sources": ["188/2025/NĐ-CP"],
    }


def test_lines_of_a_session_are_one_conversation_and_others_stand_alone(bot: Interviewed) -> None:
    answers = [bot.ask(session=session)["text"][0] for session in ("a", "b", "a", None, None, "a")]
    assert answers == ["1", "1", "2", "1", "1", "3"]


@pytest.mark.parametrize(
    ("persona", "role"),
    [
        ("student", Role.STUDENT),
        ("parent", Role.PARENT),
        ("teacher", Role.TEACHER),
        ("staff", Role.TEACHER),
        ("other", None),
        ("martian", None),
        (None, None),
    ],
)
def test_a_persona_is_a_first_role(bot: Interviewed, persona: str | None, role: Role | None) -> None:
    bot.ask(persona=persona)
    assert bot.core.turns[0].memory.role is role


@pytest.mark.parametrize(
    ("locale", "language"), [("vi", "vi"), ("en", "en"), ("en-US", "en"), (None, "vi"), ("fr", "vi")]
)
def test_a_locale_is_a_first_language(bot: Interviewed, locale: str | None, language: str) -> None:
    bot.ask(locale=locale)
    assert bot.core.turns[0].memory.language == language


def test_a_date_is_that_days_today(bot: Interviewed) -> None:
    bot.ask(date="2025-06-30")
    bot.ask()
    assert [turn.today for turn in bot.core.turns] == [date(2025, 6, 30), TODAY]


def test_case_numbers_are_the_same_in_every_run() -> None:
    runs = []
    for _ in range(2):
        bot = Interviewed()
        bot.ask("broken")
        bot.ask()
        bot.ask()
        runs.append([turn.case_number for turn in bot.core.turns])
    assert runs[0] == runs[1] == ["YC26-000002", "YC26-000003"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ('{"id": "q1"}', "text: Field required"),
        ('{"text": "x"}', "id: Field required"),
        ('{"id": "q1", "text": 5}', "text: Input should be a valid string"),
        ('{"id": "q1", "text": "x", "date": "hôm nay"}', "date: must be a day such as 2026-09-05"),
        ('{"id": "q1", "text": "x", "session": []}', "session: Input should be a valid string"),
    ],
)
def test_a_malformed_line_gives_an_error_and_the_run_goes_on(bot: Interviewed, line: bytes | str, error: str) -> None:
    answer = bot.ask(line)
    assert answer["error"] == error
    assert set(answer) == {"id", "error"}
    assert bot.ask()["decision"] == "answer"


def test_an_error_keeps_the_id(bot: Interviewed) -> None:
    assert bot.ask('{"id": 7}')["id"] == 7
    assert bot.ask('{"id": {"a": 1}, "text": "x"}')["id"] is None


def test_an_unexpected_failure_is_one_line_and_its_session_lives_on(bot: Interviewed) -> None:
    bot.ask(session="a")
    assert bot.ask(text="boom", session="a") == {"id": "q1", "error": "unexpected CoreBrokenError"}
    assert bot.ask(session="a")["text"].startswith("2:")


def test_half_a_surrogate_pair_is_answered_in_utf8(bot: Interviewed) -> None:
    line = bot.interview.answer_line(rb'{"id": "\ud83d", "text": "\ud83d \u0000"}')
    assert json.loads(line.encode("utf-8"))["decision"] == "answer"


@given(st.binary())
def test_any_bytes_give_one_line_of_json(line: bytes) -> None:
    answer = Interviewed().interview.answer_line(line)
    assert "\n" not in answer
    assert "id" in json.loads(answer)


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    answer = Interviewed().ask(text=text)
    assert "error" not in answer or "CoreBroken" in answer["error"]


def test_confidence_stays_between_nothing_and_all() -> None:
    class Overconfident(ScriptedCore):
        def respond(self, turn: Turn) -> Outcome:
            outcome = super().respond(turn)
            return Outcome(outcome.replies, outcome.memory, outcome.decision, confidence=1.0000001)

    answer = json.loads(Interview(Overconfident(), TODAY).answer_line(b'{"id": 1, "text": "x"}'))
    assert answer["confidence"] == 1.0
