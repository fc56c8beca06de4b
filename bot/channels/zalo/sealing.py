"""Tokens at rest are encrypted with the key from the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken

from bot.config import variable
from bot.errors import ConfigError, WrongSetting

if TYPE_CHECKING:
    from pydantic import SecretStr

_NAME = ("zalo", "token_key")


class Seal:
    """Encrypts and decrypts with one key (Fernet: AES and HMAC)."""

    def __init__(self, key: SecretStr) -> None:
        self._fernet = Fernet(key.get_secret_value())

    def close(self, secret: str) -> bytes:
        """Encrypted; the same secret never gives the same bytes twice."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret; raises ConfigError when it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            wrong = WrongSetting(".".join(_NAME), "does not open the tokens in the database", variable(*_NAME))
            raise ConfigError([wrong]) from None


def new_key() -> str:
    """A fresh key for the setting."""
    return Fernet.generate_key().decode()
