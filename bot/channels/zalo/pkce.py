"""The proof key of a consent, in the three ways in which Zalo is said to want it (zalo-oa.md §1.2, low confidence)."""

from __future__ import annotations

import secrets
import string
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.settings import Pkce

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import ZaloSettings

LENGTH = 43
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Proof:
    """What goes to the consent page and what proves it later; both None when no proof key is used."""

    verifier: str | None = field(default=None, repr=False)
    challenge: str | None = None


def challenge_of(verifier: str) -> str:
    """Base64 of the SHA-256, URL-safe, without padding."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def generated(letter: Callable[[str], str] = secrets.choice) -> Proof:
    """A fresh proof key whose challenge is the same in both alphabets of Base64."""
    while True:
        verifier = "".join(letter(_LETTERS) for _ in range(LENGTH))
        challenge = challenge_of(verifier)
        if challenge.isalnum():
            return Proof(verifier, challenge)


def proof_for(settings: ZaloSettings) -> Proof:
    """The proof key that the settings ask for."""
    if settings.pkce is Pkce.GENERATED:
        return generated()
    if settings.pkce is Pkce.FIXED and settings.code_verifier is not None:
        verifier = settings.code_verifier.get_secret_value()
        return Proof(verifier, challenge_of(verifier))
    return Proof()
