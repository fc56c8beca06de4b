"""What a route of the console declares: who may come, and whose data it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from bot.console.visit import Visit
    from bot.store.models import StaffRole

    Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


class Scope(StrEnum):
    """Whose data. SELF: of who is signed in, or nobody's. OFFICE: the handler shows `visit.province` only.

    COUNTRY: of all provinces, so only for staff who is not limited to one.
    """

    SELF = "self"
    OFFICE = "office"
    COUNTRY = "country"


@dataclass(frozen=True)
class Route:
    """One method of one address under /console.

    `least`: the least role that may come; None for people who are not signed in. `audit`: the name under which it is
    kept who did or saw this; every POST has one. `nav`: the key of its words in the navigation, empty when it is not
    there. `background`: asked for by the page itself, which is no sign that somebody works. `upload`: the
    form brings a file of at most so many bytes.
    """

    method: str
    path: str
    handler: Handler
    least: StaffRole | None
    scope: Scope = Scope.SELF
    audit: str = ""
    nav: str = ""
    background: bool = False
    upload: int = 0
