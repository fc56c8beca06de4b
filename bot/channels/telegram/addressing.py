"""How a person on Telegram is named: the chat's id in a private chat, "<chat>:<user>" in a group."""

from __future__ import annotations


def address_of(chat: int, user: int | None = None) -> str:
    """The sender of a message; `user` only in groups, where several people share a chat."""
    return str(chat) if user is None else f"{chat}:{user}"


def chat_of(address: str) -> str:
    """The chat to send to; also what Telegram's limit per chat counts."""
    return address.partition(":")[0]


def is_group(address: str) -> bool:
    """Groups have negative ids."""
    return address.startswith("-")


def moved(address: str, chat: int) -> str:
    """The address after the group has become another chat."""
    _, mark, user = address.partition(":")
    return f"{chat}{mark}{user}"
