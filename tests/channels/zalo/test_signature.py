"""The signature of webhook requests: the vector of the platform reference (§5.7), and what must not pass."""

from __future__ import annotations

import pytest

from bot.channels.zalo.signature import claimed, matches, signature

APP = "1234567890"
BODY = b'{"event_name":"user_send_text","timestamp":"1700000000000"}'
TIMESTAMP = "1700000000000"
KEY = "oa-secret"
MAC = "ca57d61741b63aedbda1e84aabb3d35e867bdd468b37815e8f84090545397b78"


def test_the_vector() -> None:
    assert signature(APP, BODY, TIMESTAMP, KEY) == MAC


@pytest.mark.parametrize("header", [f"mac={MAC}", MAC, f"MAC={MAC.upper()}", MAC.upper(), f"  mac={MAC} "])
def test_all_forms_of_the_header(header: str) -> None:
    mac = claimed(header)
    assert mac is not None
    assert matches(mac, APP, BODY, TIMESTAMP, KEY)


@pytest.mark.parametrize(
    "header", ["", "mac=", MAC[:-1], f"{MAC}0", f"sha256={MAC}", f"mac={MAC[:-1]}g", "mac=" + "٣" * 64]
)
def test_what_is_no_signature(header: str) -> None:
    assert claimed(header) is None


@pytest.mark.parametrize(
    ("app", "body", "timestamp", "key"),
    [
        ("1234567891", BODY, TIMESTAMP, KEY),
        (APP, BODY + b" ", TIMESTAMP, KEY),
        (APP, BODY, "1700000000001", KEY),
        (APP, BODY, TIMESTAMP, "oa-secret2"),
        (APP, BODY, TIMESTAMP, ""),
    ],
)
def test_anything_else_does_not_match(app: str, body: bytes, timestamp: str, key: str) -> None:
    assert not matches(MAC, app, body, timestamp, key)
