"""What the core asks for is carried out in the turn's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.reading import rows

if TYPE_CHECKING:
    from tests.bot.conftest import Chat


async def test_a_case_is_opened(chat: Chat) -> None:
    await chat.say("case")
    (case,) = await rows(chat.database, "support_case")
    assert (case["number"], case["reason"], case["urgency"], case["state"]) == (
        "YC26-000001",
        "money",
        "normal",
        "new",
    )
    assert case["summary"] == "hỏi: case"
    assert case["opened"] == chat.clock()
    assert case["resolved"] is None


async def test_consent_is_a_history_and_a_state(chat: Chat) -> None:
    await chat.say("join")
    assert {row["consent"] for row in await rows(chat.database, "consent")} == {"given"}
    await chat.say("stop")
    events = await rows(chat.database, "consent_event")
    assert [(event["consent"], event["wording"], event["channel"]) for event in events] == [
        ("given", "join", "web"),
        ("withdrawn", "stop", "web"),
    ]
    assert {row["topic"]: row["consent"] for row in await rows(chat.database, "consent")} == {
        "news": "withdrawn",
        "reminders": "withdrawn",
        "quiz": "withdrawn",
    }


async def test_a_question_is_logged_without_a_link_to_the_person(chat: Chat) -> None:
    await chat.say("log")
    (logged,) = await rows(chat.database, "question_log")
    assert set(logged) == {"id", "day", "text", "decision", "entry", "confidence", "language"}
    assert (logged["day"].isoformat(), logged["entry"], logged["confidence"]) == ("2026-09-05", "muc-dong", 0.9)


async def test_feedback_is_kept(chat: Chat) -> None:
    await chat.say("good")
    (feedback,) = await rows(chat.database, "feedback")
    assert (feedback["entry"], feedback["helpful"]) == ("muc-dong", True)


async def test_the_same_reminder_twice_is_one(chat: Chat) -> None:
    await chat.say("remind")
    await chat.say("remind")
    (reminder,) = await rows(chat.database, "reminder")
    assert (reminder["due"].isoformat(), reminder["entry"], reminder["state"]) == ("2026-10-05", "gia-han", "planned")


async def test_one_message_can_ask_for_several_things(chat: Chat) -> None:
    await chat.say("case join log good remind")
    for table in ("support_case", "consent_event", "question_log", "feedback", "reminder"):
        assert len(await rows(chat.database, table)) == 1
