"""Words that tables share with commands. Nothing heavy is imported here: every command would wait for it."""

from __future__ import annotations

from enum import StrEnum


class Consent(StrEnum):
    """What a person said about campaign messages."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class StaffRole(StrEnum):
    """What somebody may do. Each may also do what those before it may, but nobody approves what they wrote."""

    AGENT = "agent"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"


class Verdict(StrEnum):
    """What staff decide about recipients of whom nobody knows whether they got the message."""

    RESEND = "resend"
    SENT = "sent"
    FAILED = "failed"
