"""Our name for an Official Account, and for people who write without a Zalo account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

_ACCOUNT = "zalo:"
_ANONYMOUS = "anon:"


def account_of(oa: str) -> str:
    """The account of an Official Account, as in `Inbound.account`."""
    return f"{_ACCOUNT}{oa}"


def oa_of(account: str) -> str:
    """The Official Account behind one of our accounts."""
    return account.removeprefix(_ACCOUNT)


@dataclass(frozen=True)
class Anonymous:
    """A visitor of the chat widget on a website, known only within one conversation."""

    id: str
    conversation: str

    @property
    def address(self) -> str:
        """As in `Inbound.sender`."""
        return f"{_ANONYMOUS}{self.id}:{self.conversation}"

    @classmethod
    def read(cls, address: str) -> Self | None:
        """The visitor behind an address; None when it is a Zalo user's."""
        if not address.startswith(_ANONYMOUS):
            return None
        visitor, _, conversation = address.removeprefix(_ANONYMOUS).partition(":")
        return cls(visitor, conversation)
