"""The keys to our accounts on Zalo: token pairs and consents under way. Every secret here is encrypted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base


class TokenState(StrEnum):
    """Whether an account's tokens work, as far as we know."""

    OK = "ok"
    RECONNECT = "reconnect"
    """The refresh token is dead; an administrator of the account has to consent again."""


class ChannelTokenRow(Base):
    """The token pair of one account, and who refreshes it.

    `obtained` is when the consent or the pasted pair came, `refreshed_at` when the refresh token in this row was
    issued, `expires` when the access token ends as far as the platform told. `lease_until` in the future means that
    some process refreshes now. `pending_since` is committed before the platform is asked and cleared with the new pair:
    left over, it means that the outcome of a refresh is unknown. `last_success` is when the platform last gave a pair.
    """

    __tablename__ = "channel_token"
    __table_args__ = (CheckConstraint("state IN ('ok', 'reconnect')", name="state"),)

    account: Mapped[str] = mapped_column(primary_key=True)
    access_token: Mapped[bytes]
    refresh_token: Mapped[bytes]
    previous_access_token: Mapped[bytes | None]
    previous_refresh_token: Mapped[bytes | None]
    obtained: Mapped[datetime]
    refreshed_at: Mapped[datetime]
    expires: Mapped[datetime]
    pending_since: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default=TokenState.OK.value)
    last_success: Mapped[datetime | None]


class ConsentRequestRow(Base):
    """A consent that was begun: `state` is what the callback should bring back, `used` when it came.

    `verifier` is the encrypted proof key, null when there is none or it stands in the settings; `account` the account
    that is meant, null when any of ours will do.
    """

    __tablename__ = "oauth_consent"

    state: Mapped[str] = mapped_column(primary_key=True)
    verifier: Mapped[bytes | None]
    account: Mapped[str | None]
    created: Mapped[datetime]
    used: Mapped[datetime | None]
