"""Proof that a webhook request comes from Zalo.

A plain SHA-256 over app id, raw body, timestamp and OA Secret Key, not an HMAC (zalo-oa.md §5.2, high confidence).
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

HEADER = "X-ZEvent-Signature"
TIMESTAMP_HEADER = "X-ZEvent-Timestamp"

_FORM = re.compile(r"(?:mac=)?(?P<mac>[0-9a-f]{64})", re.IGNORECASE | re.ASCII)


def signature(app_id: str, body: bytes, timestamp: str, key: str) -> str:
    """64 lower-case hexadecimal digits; `body` exactly as received, `timestamp` as the body gives it."""
    return sha256(app_id.encode() + body + timestamp.encode("utf-8", "surrogatepass") + key.encode()).hexdigest()


def claimed(header: str) -> str | None:
    """The signature that a header claims, with or without `mac=`, in any case; None when it is none."""
    match = _FORM.fullmatch(header.strip())
    return match["mac"].lower() if match else None


def matches(mac: str, app_id: str, body: bytes, timestamp: str, key: str) -> bool:
    """Whether a claimed signature is right; takes the same time for every wrong one."""
    return hmac.compare_digest(mac, signature(app_id, body, timestamp, key))
