"""The names of everything that is logged. A log line is one of these names and a few values, never a sentence."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What happened."""

    STARTED = "started"
    STOPPED = "stopped"
    MIGRATED = "migrated"
    TURN_DONE = "turn_done"
    TURN_DUPLICATE = "turn_duplicate"
    TURN_FAILED = "turn_failed"
    TURN_LOST = "turn_lost"
    MEMORY_RESET = "memory_reset"
    CASE_OPENED = "case_opened"
    PERSON_ERASED = "person_erased"
    RETENTION_DONE = "retention_done"
    RETENTION_FAILED = "retention_failed"
    WEB_REFUSED = "web_refused"
    WEB_FAILED = "web_failed"
    LIBRARY_MESSAGE = "library_message"
    UNNAMED = "unnamed"
