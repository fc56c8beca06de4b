"""The suppression list: by what a list could name somebody who asked to be erased, as keyed digests.

It holds HMAC-SHA256 digests and a day, nothing that can be read. The key stands in the same database, so this protects
against whoever sees the table, a log or a part of a backup, not against whoever has the whole database: telephone
numbers are few enough to try them all.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.channels.inbound import Channel
from bot.store.inserting import insert_new, put
from bot.store.models import AccountRow, ContactRow, IdentityRow, SuppressionKeyRow, SuppressionRow, table_of
from bot.store.models.suppression import ONLY_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.store.session import Session

Key = tuple[str, ...]
"""By what a list names somebody: its kind, then its value."""

KEY_BYTES = 32
_IN_LISTS = (Channel.TELEGRAM.value, Channel.ZALO.value)
"""Channels whose addresses can stand in a list; those of the others mean nothing outside one browser."""

_list, _key = table_of(SuppressionRow), table_of(SuppressionKeyRow)


def by_address(account: str, sender: str) -> Key:
    """An account of ours, and the platform's id of the person there."""
    return ("address", account, sender)


def by_phone(number: str) -> Key:
    """A telephone number in E.164."""
    return ("phone", number)


def by_external_id(key: str) -> Key:
    """The office's own key of a person."""
    return ("external_id", key)


async def suppress(session: Session, person: int, day: date) -> None:
    """Keep that somebody asked on a day to be erased. Do it first: afterwards nobody knows what would name them."""
    keys = await _keys_of(session, person)
    if keys:
        digests = _digests(await _made_key(session), keys)
        # In one order everywhere, so that two transactions never wait for each other.
        await put(session, SuppressionRow, [{"digest": digest, "day": day} for digest in sorted(digests)])


async def suppressed(session: Session, keys: Iterable[Key]) -> Mapping[Key, date]:
    """Those of these keys that belong to somebody who asked to be erased, and when they last did."""
    key = await _kept_key(session)
    digests = _digests(key, keys) if key is not None else {}
    if not digests:
        return {}
    found = await session.execute(select(_list.c.digest, _list.c.day).where(_list.c.digest.in_(list(digests))))
    return {digests[digest]: day for digest, day in found}


async def release(session: Session, keys: Iterable[Key]) -> None:
    """Forget that somebody asked to be erased: they agreed again."""
    key = await _kept_key(session)
    if key is not None:
        await session.execute(delete(_list).where(_list.c.digest.in_(list(_digests(key, keys)))))


async def release_person(session: Session, person: int) -> None:
    """The same, by all that is known of somebody now."""
    await release(session, await _keys_of(session, person))


async def asked_on(session: Session, person: int) -> list[date]:
    """The days on which somebody of whom we know something again had asked to be erased."""
    return sorted(set((await suppressed(session, await _keys_of(session, person))).values()))


async def _keys_of(session: Session, person: int) -> list[Key]:
    addresses = (
        select(IdentityRow.account, IdentityRow.sender)
        .join(AccountRow, AccountRow.id == IdentityRow.account)
        .where(IdentityRow.person_id == person, AccountRow.channel.in_(_IN_LISTS))
    )
    keys = [by_address(account, sender) for account, sender in await session.execute(addresses)]
    told = select(ContactRow.phone, ContactRow.external_id).where(ContactRow.person_id == person)
    for phone, external_id in await session.execute(told):
        keys += [by_phone(phone)] if phone else []
        keys += [by_external_id(external_id)] if external_id else []
    return keys


async def _kept_key(session: Session) -> bytes | None:
    """None while nobody ever asked to be erased."""
    found: bytes | None = await session.scalar(select(_key.c.key).where(_key.c.id == ONLY_KEY))
    return found


async def _made_key(session: Session) -> bytes:
    """Of two processes that make it at once, both end up with the one that was kept."""
    await insert_new(session, SuppressionKeyRow, id=ONLY_KEY, key=secrets.token_bytes(KEY_BYTES))
    key = await _kept_key(session)
    if key is None:
        raise RuntimeError("a key that was made is not there")
    return key


def _digests(key: bytes, keys: Iterable[Key]) -> dict[bytes, Key]:
    return {hmac.digest(key, "\x00".join(each).encode("utf-8", "surrogatepass"), "sha256"): each for each in keys}
