"""What the web chat needs to know. `bot/app.py` builds it from the configuration and the facts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from bot.settings import WebSettings

PRIVATE_NETWORKS = ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
"""Where a proxy of ours can stand; nobody on the internet comes from there."""
_MINUTE = 60


@dataclass(frozen=True)
class Limits:
    """How much one visitor may ask of us; bytes, characters, seconds, and requests per second."""

    address_rate: float = 20.0
    """Generous: a whole school shares one address."""
    address_burst: int = 200
    session_rate: float = 0.5
    session_burst: int = 12
    tracked: int = 20_000
    """Addresses (and sessions) remembered at most; the longest idle is forgotten first."""
    body_bytes: int = 16 * 1024
    fields: int = 10
    """Of one form."""
    text_length: int = 2_000
    streams_per_session: int = 3
    streams: int = 4_000
    heartbeat: float = 15.0
    body_timeout: float = 10.0
    turn_timeout: float = 20.0
    history: int = 40
    """Lines of the conversation shown after a reload."""


@dataclass(frozen=True)
class ChatSettings:
    """Settings of one web chat.

    `session_key` signs cookies and tokens (32 bytes or more). `hotline` and `phones` are the numbers that become links.
    `public_url` is set when visitors reach us by another address than ours, e.g. behind a proxy. `embed_origins` may
    show the chat in a frame ("https://school.example"). `trusted_proxies` are networks whose X-Forwarded-* we believe.
    """

    session_key: bytes = field(repr=False)
    hotline: str
    phones: tuple[str, ...] = ()
    account: str = "web"
    public_url: str | None = None
    embed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    session_days: int = 30
    limits: Limits = Limits()

    @property
    def known_phones(self) -> frozenset[str]:
        return frozenset((self.hotline, *self.phones))

    @classmethod
    def of(cls, configured: WebSettings, session_key: bytes, hotline: str, phones: tuple[str, ...] = ()) -> Self:
        """The settings of this process, from its configuration and the facts."""
        limits = replace(
            Limits(),
            address_rate=configured.rate_per_address / _MINUTE,
            address_burst=configured.rate_per_address,
            session_rate=configured.rate_per_session / _MINUTE,
            session_burst=configured.rate_per_session,
            body_bytes=configured.max_body,
        )
        return cls(
            session_key=session_key,
            hotline=hotline,
            phones=phones,
            embed_origins=configured.embed_origins,
            public_url=configured.public_url or None,
            trusted_proxies=PRIVATE_NETWORKS if configured.behind_proxy else (),
            limits=limits,
        )
