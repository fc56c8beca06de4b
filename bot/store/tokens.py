"""Token pairs and consents under way. What is secret comes here already encrypted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import CursorResult, delete, func, insert, literal, or_, select, update

from bot.store.models import ChannelTokenRow, ConsentRequestRow, TokenState, table_of
from bot.store.types import Instant

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Delete, Update

    from bot.store.session import Session

_token = table_of(ChannelTokenRow)
_consent = table_of(ConsentRequestRow)


@dataclass(frozen=True)
class SealedPair:
    """A pair ready to be kept. `issued` is when the platform gave the refresh token."""

    access: bytes = field(repr=False)
    refresh: bytes = field(repr=False)
    expires: datetime
    issued: datetime


@dataclass(frozen=True)
class StoredToken:
    """A row as it stood when it was read. Sealed anew at each change, `refresh` also names the version of the row."""

    account: str
    access: bytes = field(repr=False)
    refresh: bytes = field(repr=False)
    obtained: datetime
    refreshed_at: datetime
    expires: datetime
    pending_since: datetime | None
    lease_until: datetime | None
    state: TokenState
    last_success: datetime | None


@dataclass(frozen=True)
class ConsentRequest:
    """A consent that somebody began; `account` is the one that is meant, None when any of ours will do."""

    state: str = field(repr=False)
    verifier: bytes | None = field(repr=False)
    account: str | None


async def read_token(session: Session, account: str) -> StoredToken | None:
    """The pair of an account, None when it was never connected."""
    names = ("obtained", "refreshed_at", "expires", "pending_since", "lease_until", "last_success")
    columns = (_token.c.access_token, _token.c.refresh_token, _token.c.state, *(_token.c[name] for name in names))
    row = (await session.execute(select(*columns).where(_token.c.account == account))).one_or_none()
    if row is None:
        return None
    moments = {name: getattr(row, name) for name in names}
    return StoredToken(account, row.access_token, row.refresh_token, state=TokenState(row.state), **moments)


async def connect(session: Session, account: str, pair: SealedPair, now: datetime) -> None:
    """Keep the pair of a new consent, whatever was there before."""
    values = {**_renewed(pair, now), "obtained": now}
    replaced = update(_token).where(_token.c.account == account).values(**values, **_PREVIOUS)
    if not await _changed(session, replaced):
        await session.execute(insert(_token).values(account=account, **values))


async def claim(session: Session, seen: StoredToken, now: datetime, until: datetime) -> bool:
    """Become the one who refreshes, until the lease ends, with the pending marker set.

    False when somebody else is at it, or when the pair is no longer the one that was seen.
    """
    free = or_(_token.c.lease_until.is_(None), _token.c.lease_until <= now)
    mine = (_token.c.account == seen.account) & (_token.c.refresh_token == seen.refresh)
    marked = func.coalesce(_token.c.pending_since, literal(now, Instant()))
    return await _changed(
        session,
        update(_token)
        .where(mine, free, _token.c.state == TokenState.OK.value)
        .values(lease_until=until, pending_since=marked),
    )


async def keep_renewed(session: Session, spent: StoredToken, pair: SealedPair, now: datetime) -> bool:
    """Replace the pair whose refresh token was spent; False when another pair stands there by now."""
    same = (_token.c.account == spent.account) & (_token.c.refresh_token == spent.refresh)
    return await _changed(session, update(_token).where(same).values(**_renewed(pair, now), **_PREVIOUS))


async def release(session: Session, claimed: StoredToken, lease: datetime, *, settled: bool) -> None:
    """Give the claim back without a new pair. `settled` when the platform surely did nothing: the marker goes too."""
    values: dict[str, Any] = {"lease_until": None}
    if settled:
        values["pending_since"] = claimed.pending_since
    ours = (_token.c.account == claimed.account) & (_token.c.lease_until == lease)
    await session.execute(update(_token).where(ours).values(values))


async def mark_dead(session: Session, spent: StoredToken) -> bool:
    """The platform refused the refresh token; the pair is left as it is. False when another pair stands there."""
    same = (_token.c.account == spent.account) & (_token.c.refresh_token == spent.refresh)
    values = {"state": TokenState.RECONNECT.value, "lease_until": None, "pending_since": None}
    return await _changed(session, update(_token).where(same).values(values))


async def begin_consent(session: Session, request: ConsentRequest, now: datetime, oldest: datetime) -> None:
    """Note that somebody was sent to the consent page; requests begun before `oldest` are forgotten."""
    await session.execute(delete(_consent).where(_consent.c.created < oldest))
    values = {"state": request.state, "verifier": request.verifier, "account": request.account, "created": now}
    await session.execute(insert(_consent).values(values))


async def take_consent(session: Session, state: str | None, now: datetime, oldest: datetime) -> ConsentRequest | None:
    """Use up the consent that a callback belongs to; None when there is none since `oldest`.

    Without a state, which the platform does not promise to bring back, it must be the only one under way.
    """
    open_requests = (_consent.c.used.is_(None)) & (_consent.c.created >= oldest)
    named = open_requests if state is None else open_requests & (_consent.c.state == state)
    found = (await session.execute(select(_consent).where(named).limit(2))).all()
    if len(found) != 1:
        return None
    row = found[0]
    used = update(_consent).where(_consent.c.state == row.state, _consent.c.used.is_(None)).values(used=now)
    return ConsentRequest(row.state, row.verifier, row.account) if await _changed(session, used) else None


_PREVIOUS = {"previous_access_token": _token.c.access_token, "previous_refresh_token": _token.c.refresh_token}


def _renewed(pair: SealedPair, now: datetime) -> dict[str, Any]:
    return {
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "refreshed_at": pair.issued,
        "expires": pair.expires,
        "pending_since": None,
        "lease_until": None,
        "state": TokenState.OK.value,
        "last_success": now,
    }


async def _changed(session: Session, statement: Update | Delete) -> bool:
    result = await session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1
