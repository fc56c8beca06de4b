"""The names of everything that is logged. A log line is one of these names and a few values, never a sentence."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What happened."""

    STARTED = "started"
    STOPPED = "stopped"
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
    CHANNEL_STARTED = "channel_started"
    CHANNEL_FAILED = "channel_failed"
    EVENT_SPOOLED = "event_spooled"
    EVENT_POISONED = "event_poisoned"
    FLOOD = "flood"
    SEND_FAILED = "send_failed"
    LANE_FAILED = "lane_failed"
    SWEEP_FAILED = "sweep_failed"
    ALERT = "alert"
    CAMPAIGN_STATE = "campaign_state"
    CAMPAIGN_NOTE_FAILED = "campaign_note_failed"
    CAMPAIGN_SEND_FAILED = "campaign_send_failed"
    OUTREACH_FAILED = "outreach_failed"
    QUIZ_ROUND_FAILED = "quiz_round_failed"
    WORKER_LOST = "worker_lost"
    ZALO_CONNECTED = "zalo_connected"
    ZALO_TOKEN_RENEWED = "zalo_token_renewed"  # noqa: S105 - a name
    ZALO_TOKEN_FAILED = "zalo_token_failed"  # noqa: S105 - a name
    ZALO_TOKEN_UNSAVED = "zalo_token_unsaved"  # noqa: S105 - a name
    KNOWLEDGE_CHANGED = "knowledge_changed"
    KNOWLEDGE_FAILED = "knowledge_failed"
    KNOWLEDGE_LEFT_OUT = "knowledge_left_out"
    KNOWLEDGE_REGRESSED = "knowledge_regressed"
    LIBRARY_MESSAGE = "library_message"
    UNNAMED = "unnamed"
