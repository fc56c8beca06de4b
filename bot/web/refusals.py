"""A request that is turned down: which words explain it, with which status, and when to come back."""

from __future__ import annotations

from enum import Enum


class Refused(Enum):
    """Why: the HTTP status, and the name under which `texts/*.toml` explains it."""

    BAD_REQUEST = (400, "bad_request")
    EMPTY = (400, "empty")
    SESSION = (401, "session")
    FOREIGN = (403, "foreign")
    TIMEOUT = (408, "timeout")
    TOO_LARGE = (413, "too_large")
    NOT_JSON = (415, "not_json")
    TOO_LONG = (422, "too_long")
    TOO_FAST = (429, "too_fast")
    FAILED = (500, "failed")
    BUSY = (503, "busy")

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def code(self) -> str:
        return self.value[1]


class Refusal(Exception):  # noqa: N818 - being turned down is no error of ours
    """Raised by the checks at the door; never carries anything that the person wrote."""

    def __init__(self, why: Refused, retry_after: float | None = None) -> None:
        super().__init__(why.code)
        self.why = why
        self.retry_after = retry_after
