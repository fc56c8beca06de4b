"""One request to the console after it has passed the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.console.addresses import local
from bot.console.route import Scope
from bot.console.words import words
from bot.store.models import StaffRole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.console.console import Console
    from bot.console.route import Route
    from bot.console.sessions import SignedIn

_SAFE = "/?=&%+-._~"


@dataclass
class Visit:
    """What a page needs to know. `form` holds the checked fields of a POST, `file` the file with them, `csrf` the
    token for its own forms.

    A handler sets `object` (such as "case:17") and `detail` for the audit.
    """

    console: Console
    request: web.Request
    route: Route
    who: SignedIn | None
    language: str
    csrf: str
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict)
    file: bytes = b""
    object: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def me(self) -> SignedIn:
        """Who is signed in; only for routes that ask for a role."""
        if self.who is None:
            raise web.HTTPUnauthorized
        return self.who

    @property
    def province(self) -> str | None:
        """The only province whose data may be shown; None for all."""
        return self.me.staff.province

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    def page(self, name: str, /, *, status: int = 200, **values: Any) -> web.Response:
        """A page of the console in the person's language."""
        done = words(self.language)["common"]["done"].get(self.query.get("done", ""), "")
        html = self.console.pages.page(
            name,
            self.language,
            who=self.who,
            csrf=self.csrf,
            now=self.now,
            here=local(self.request.path_qs),
            nav=self._navigation(),
            done=done if self.request.method == "GET" else "",
            **values,
        )
        response = web.Response(text=html, status=status, content_type="text/html")
        response.enable_compression()
        return response

    def go(self, path: str, **query: str) -> web.Response:
        """To a page of the console, so that reloading it sends nothing again; `done` names a sentence to show."""
        target = "/console" + quote(path, safe=_SAFE) + ("?" + urlencode(query) if query else "")
        return web.Response(status=303, headers={"Location": target})

    def word(self, page: str, key: str) -> str:
        """A text of a page in the person's language."""
        text: str = words(self.language)[page][key]
        return text

    def field(self, name: str) -> str:
        """A field of the form without spaces around it; empty when it is not there."""
        return self.form.get(name, "").strip()

    def _navigation(self) -> list[tuple[str, str, bool]]:
        """Key, address and whether we are there, of every page that this person may open."""
        if self.who is None:
            return []
        here = self.route.path.split("/")[1]
        return [
            (route.nav, f"/console{route.path}", route.path.split("/")[1] == here)
            for route in self.console.table
            if route.nav and admits(route, self.who)
        ]


def admits(route: Route, who: SignedIn | None) -> bool:
    """Whether somebody may use a route."""
    if route.least is None:
        return True
    if who is None or not who.staff.may(StaffRole(route.least)):
        return False
    return route.scope is not Scope.COUNTRY or who.staff.province is None
