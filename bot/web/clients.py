"""Who asks, and by which address of ours: the peer, or what a trusted proxy says in X-Forwarded-*."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

_UNKNOWN = "unknown"
_IPV6_SITE = 64
"""One household or school holds a whole /64, so that is what is counted."""


@dataclass(frozen=True)
class Proxies:
    """The networks whose forwarding headers we believe; nobody by default."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> Self:
        """Raises ValueError for something that is no network."""
        return cls(tuple(ip_network(network, strict=False) for network in networks))

    def address(self, request: web.Request) -> str:
        """The visitor's address for counting: the last one in the chain that is no proxy of ours."""
        seen = request.remote or _UNKNOWN
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        while hops and self._trusts(seen):
            seen = hops.pop()
        return _counted(seen)

    def secure(self, request: web.Request) -> bool:
        """Whether the visitor came over https."""
        if self._trusts(request.remote or _UNKNOWN):
            return request.headers.get("X-Forwarded-Proto", request.scheme).lower() == "https"
        return request.scheme == "https"

    def origins(self, request: web.Request, public_url: str | None) -> frozenset[str]:
        """The addresses under which our own pages are seen."""
        own = f"{'https' if self.secure(request) else 'http'}://{request.host}"
        return frozenset({own, "{0.scheme}://{0.netloc}".format(urlsplit(public_url))} if public_url else {own})

    def _trusts(self, address: str) -> bool:
        if not self.networks:
            return False
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self.networks)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _counted(address: str) -> str:
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed) if parsed is not None else _UNKNOWN
