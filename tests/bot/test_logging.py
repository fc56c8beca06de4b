"""Nothing that somebody wrote can reach the log."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Action
from bot.logging import FRAME, HIDDEN, MEASURES, NAMES, configure_logging, redact
from bot.settings import LogFormat, LogLevel, LogSettings

if TYPE_CHECKING:
    from tests.bot.conftest import Chat

PRIVATE = "con tôi cccd 001099012345"


@pytest.fixture
def written() -> io.StringIO:
    """What is logged from here on, as JSON lines."""
    stream = io.StringIO()
    configure_logging(LogSettings(level=LogLevel.DEBUG, format=LogFormat.JSON), stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_action_and_measures(written: io.StringIO) -> None:
    structlog.get_logger().info(Action.TURN_DONE, channel="web", ms=1.23456, count=3, entry="muc-dong")
    (line,) = lines(written)
    del line["timestamp"]
    expected = {"event": "turn_done", "level": "info", "channel": "web", "ms": 1.235, "count": 3, "entry": "muc-dong"}
    assert line == expected


def test_unknown_keys_are_dropped_and_unknown_events_lose_their_words(written: io.StringIO) -> None:
    structlog.get_logger().info(PRIVATE, text=PRIVATE, sender="123", token="abc", **{PRIVATE: 1})
    (line,) = lines(written)
    assert set(line) == {"event", "level", "timestamp"}
    assert line["event"] == "unnamed"


@pytest.mark.parametrize("value", [PRIVATE, "0912345678", "a b", "x" * 65, "ngày", "a\nb", "12345", {"a": PRIVATE}])
def test_a_value_that_is_no_plain_name_is_hidden(value: object) -> None:
    assert redact(None, "", {"event": Action.STARTED, "reason": value})["reason"] == HIDDEN


@pytest.mark.parametrize("value", ["12", True, 912_345_678, float("inf"), float("nan"), PRIVATE, None])
def test_a_measure_that_is_no_small_number_is_hidden(value: object) -> None:
    assert redact(None, "", {"event": Action.STARTED, "count": value})["count"] == HIDDEN


def test_an_exception_is_told_by_class_and_place_in_our_code(written: io.StringIO) -> None:
    try:
        configure_logging(None)  # type: ignore[arg-type]
    except AttributeError:
        structlog.get_logger().exception(Action.TURN_FAILED)
    (line,) = lines(written)
    assert line["error"] == "AttributeError"
    assert line["place"].startswith("bot/logging.py:")


def test_a_library_may_say_that_something_happened_but_not_what(written: io.StringIO) -> None:
    logging.getLogger("aiohttp.server").error("bad request: %s", PRIVATE, exc_info=ValueError(PRIVATE))
    (line,) = lines(written)
    assert (line["event"], line["logger"], line["error"]) == ("library_message", "aiohttp.server", "ValueError")
    assert PRIVATE not in written.getvalue()


class CarelessError(Exception):
    """Shows what it was given wherever it can."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.add_note(text)

    def __repr__(self) -> str:
        return PRIVATE


def fail(error: Exception, cause: Exception | None = None) -> None:
    raise error from cause


def broken(how: str) -> None:
    """Errors as they come about: several at once, because of another, while another is handled."""
    if how == "group":
        fail(ExceptionGroup(PRIVATE, [CarelessError(PRIVATE), KeyError(PRIVATE)]))
    if how == "cause":
        fail(CarelessError(PRIVATE), KeyError(PRIVATE))
    try:
        fail(KeyError(PRIVATE))
    finally:
        fail(CarelessError(PRIVATE))


@pytest.mark.parametrize("how", ["cause", "context", "group"])
@pytest.mark.parametrize("format_", list(LogFormat))
def test_a_traceback_with_all_its_causes_stays_out(how: str, format_: LogFormat) -> None:
    stream = io.StringIO()
    configure_logging(LogSettings(level=LogLevel.DEBUG, format=format_), stream)
    try:
        broken(how)
    except Exception as error:
        structlog.get_logger().exception(Action.TURN_FAILED, text=PRIVATE, stack_info=True)
        structlog.get_logger().warning(Action.TURN_FAILED, exc_info=error, error=error, place=PRIVATE)
        logging.getLogger("asyncio").exception(PRIVATE, stack_info=True, extra={"said": PRIVATE})
    assert stream.getvalue().count("\n") == 3
    for private in (PRIVATE, "001099012345", "Traceback", "cccd"):
        assert private not in stream.getvalue()


def test_what_is_written_cannot_forge_a_line(written: io.StringIO) -> None:
    forged = 'ok\n{"event": "started", "level": "info"}'
    structlog.get_logger().info(Action.TURN_DONE, reason=forged, entry=forged, count=forged, **{forged: 1})
    logging.getLogger("forged\nstarted").error("%s", forged)
    assert [line["event"] for line in lines(written)] == ["turn_done", "library_message"]


@given(st.dictionaries(st.text() | st.sampled_from(sorted(NAMES | MEASURES | FRAME)), st.text() | st.integers()))
def test_whatever_is_passed_only_names_and_measures_come_out(passed: dict[str, Any]) -> None:
    kept = redact(None, "info", {**passed})
    assert set(kept) <= NAMES | MEASURES | FRAME
    assert kept["event"] in set(Action)
    for key in NAMES & set(kept):
        assert kept[key] == HIDDEN or str(kept[key]).isascii()


async def test_a_turn_that_goes_wrong_leaves_no_text_in_the_log(chat: Chat, written: io.StringIO) -> None:
    await chat.say(f"boom {PRIVATE}", sender="sender-4711", message_id="message-4711")
    await chat.say(f"case log {PRIVATE}", sender="sender-4711")
    assert [line["event"] for line in lines(written)] == ["turn_failed", "turn_done", "case_opened", "turn_done"]
    for private in (PRIVATE, "001099012345", "4711", "boom"):
        assert private not in written.getvalue()
