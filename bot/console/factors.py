"""The second factor: a code from a phone that changes every half minute (RFC 6238), good once."""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

import pyotp
from cryptography.fernet import Fernet, InvalidToken

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr

ISSUER = "BHYT HSSV"
_SECRET = re.compile(r"[A-Z2-7]{32}")
_STEP = 30
_DRIFT = 1
"""Steps by which a phone's clock may be wrong."""


class Factors:
    """Seals and opens the secrets of second factors; without a key there are none."""

    def __init__(self, key: SecretStr | None) -> None:
        self._fernet = Fernet(key.get_secret_value()) if key is not None else None

    @property
    def offered(self) -> bool:
        return self._fernet is not None

    def sealed(self, secret: str) -> bytes:
        """Raises ValueError without a key."""
        if self._fernet is None:
            raise ValueError("there is no key for second factors")
        return self._fernet.encrypt(secret.encode())

    def accepted(self, sealed: bytes, code: str, last: int | None, now: datetime) -> int | None:
        """The step that a code belongs to; None for a wrong or used one, and when the secret cannot be opened."""
        if self._fernet is None:
            return None
        try:
            secret = self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None
        return step_of(secret, code, last, now)


def step_of(secret: str, code: str, last: int | None, now: datetime) -> int | None:
    """The step that a code of a secret belongs to, later than the `last` one; None for any other."""
    typed, present = "".join(code.split()), int(now.timestamp()) // _STEP
    if len(typed) != 6 or not typed.isascii():
        return None
    totp = pyotp.TOTP(secret)
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed) and (last is None or step > last):
            return step
    return None


def new_secret() -> str:
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether a text can be one of our secrets."""
    return _SECRET.fullmatch(text) is not None


def address(secret: str, login: str) -> str:
    """What the QR code for the phone's app holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
