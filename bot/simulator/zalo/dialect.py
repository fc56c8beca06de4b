"""The points on which the sources about Zalo disagree; each can be switched while the platform runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.simulator.zalo.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable


class QuotaStyle(StrEnum):
    """How an answer tells what a message was counted against (reference §2.3)."""

    PLAIN = "plain"
    """Free replies carry their type alone, as since 2026-03-01; other numbers are strings."""
    EIGHT = "eight"
    """Free replies carry the fixed 8 of 8, as in January and February 2026."""
    NUMBERS = "numbers"
    """As EIGHT, with numbers that are no strings."""
    ABSENT = "absent"


@dataclass
class Dialect:
    """Defaults are what most sources, or the newest, report."""

    quota: QuotaStyle = QuotaStyle.PLAIN
    quoted_errors: bool = False
    """Errors of the token endpoint as strings: "-14014" (§1.4)."""
    expires_in: Callable[[int], Any] = str
    """What the token endpoint tells for a number of seconds; §1.3 asks to survive number, null and garbage."""
    keeps_refresh_token: bool = False
    """A refresh answers without `refresh_token`, and the old one stays good (§1.4, one source)."""
    outside_window: Code = Code.OUTSIDE_WINDOW
    """-230 or -232 after seven days (§3.1)."""
    list_template: bool = False
    """Lists are documented for v2 only (§2.8)."""
    button_template: bool = False
    """Text with buttons as `template_type: button` and `payload.text` (§2.4)."""
    retries_refusals: bool = False
    """An event answered late or with another status than 200 is tried again, as after a failed connection (§5.1)."""
    old_user_info: bool = False
    """`user_submit_info` in its older form (§5.5)."""
    echoes: bool = True
    """`oa_send_*` events for what the bot sends (§5.4)."""
    echoes_keep_id: bool = True
    """The echo's `msg_id` is the `message_id` that the send returned: likely, unverified (§5.4)."""
    receipts: bool = True
    """`user_received_message` for what the bot sends (§5.4)."""
