"""Logging that cannot leak. Whatever is passed, a line holds an action name and values from a short list of keys.

Texts, numbers that people typed, tokens and addresses never appear: an unknown key is dropped, a value that is not a
plain name or a measure is replaced by `•`, an exception is told by its class and place in our code.
"""

from __future__ import annotations

import logging
import re
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import structlog

from bot.actions import Action
from bot.settings import LogFormat

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from types import TracebackType

    from bot.settings import LogSettings

NAMES = frozenset({"channel", "decision", "entry", "error", "place", "logger", "revision", "state", "reason", "route"})
MEASURES = frozenset({"ms", "count", "port", "status", "pid"})
FRAME = frozenset({"event", "level", "timestamp"})
HIDDEN = "•"
ROOT = Path(__file__).parent.parent
ROOMS = frozenset({"bot", "handlers", "knowledge"})

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/\-]{0,63}", re.ASCII)
_LONG_NUMBER = re.compile(r"\d{5,}")


def configure_logging(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging for this process; `stream` defaults to standard error."""
    level = getattr(logging, settings.level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer()
            if settings.format is LogFormat.JSON
            else structlog.dev.ConsoleRenderer(colors=(stream or sys.stderr).isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [LibraryHandler()]
    root.setLevel(max(level, logging.WARNING))


def redact(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep what is on the list, hide what does not look like a name or a measure, drop the rest."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    kept: dict[str, Any] = {key: line[key] for key in FRAME if key in line}
    kept["event"] = _action(line.get("event"))
    kept.update({key: _name(value) for key, value in line.items() if key in NAMES})
    kept.update({key: _measure(value) for key, value in line.items() if key in MEASURES})
    if isinstance(error, BaseException):
        kept["error"] = type(error).__name__
        kept["place"] = _place(error.__traceback__)
    return kept


def _action(event: object) -> str:
    try:
        return Action(str(event)).value
    except ValueError:
        return Action.UNNAMED.value


def _name(value: object) -> str | None:
    if value is None:
        return None
    text = str(value.value) if isinstance(value, Enum) else str(value)
    return text if _NAME.fullmatch(text) and not _LONG_NUMBER.search(text) else HIDDEN


def _measure(value: object) -> float | str:
    """Durations, counts and ports; anything as long as a phone number is not one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 10_000_000:
        return HIDDEN
    return round(value, 3)


def _place(trace: TracebackType | None) -> str | None:
    """The innermost place in our own code, such as bot/turns.py:57."""
    place = None
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in ROOMS:
            place = f"{file.relative_to(ROOT)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


class LibraryHandler(logging.Handler):
    """Lets a library say that something happened, not what: its message may quote what somebody wrote."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        error = record.exc_info[1] if record.exc_info else None
        log.log(record.levelno, Action.LIBRARY_MESSAGE, logger=record.name, exc_info=error)
