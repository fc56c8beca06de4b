"""The two routes of oauth.zaloapp.com (reference §1.2–1.4)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from aiohttp import web
from yarl import URL

from bot.simulator.zalo.oauth import ConsentError, ConsumedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.simulator.zalo.dialect import Dialect
    from bot.simulator.zalo.oauth import OAuth
    from bot.simulator.zalo.state import Account


class ConsentPage:
    """GET /v4/oa/permission and POST /v4/oa/access_token."""

    def __init__(self, oauth: OAuth, accounts: Mapping[str, Account], dialect: Dialect) -> None:
        self._oauth = oauth
        self._accounts = accounts
        self._dialect = dialect

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v4/oa/permission", self.permission),
            web.post("/v4/oa/access_token", self.access_token),
        ]

    async def permission(self, request: web.Request) -> web.StreamResponse:
        """The owner consents at once; with several accounts they first choose one on a page of links."""
        query = request.query
        try:
            self._oauth.check(query.get("app_id", ""), query.get("redirect_uri", ""))
        except ConsentError as error:
            return web.json_response(self._refusal(error))
        account = self._chosen(query.get("oa_id"))
        if account is None:
            return web.Response(text=self._choice(request.url), content_type="text/html")
        answer = {"code": self._oauth.permit(account, query.get("code_challenge", "")), "oa_id": account.id}
        if "state" in query:
            answer["state"] = query["state"]
        raise web.HTTPFound(URL(self._oauth.callback).extend_query(answer))

    async def access_token(self, request: web.Request) -> web.Response:
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        try:
            return web.json_response(self._oauth.exchange(request.headers.get("secret_key"), form))
        except ConsentError as error:
            return web.json_response(self._refusal(error))
        except ConsumedError:
            # Seen in production on 2026-08-14 (§1.4).
            return web.Response()

    def _chosen(self, wanted: str | None) -> Account | None:
        if wanted is not None:
            return self._accounts.get(wanted)
        return next(iter(self._accounts.values())) if len(self._accounts) == 1 else None

    def _choice(self, url: URL) -> str:
        links = (
            f'<li><a href="{escape(str(url.update_query(oa_id=account.id)))}">{escape(account.name)}</a></li>'
            for account in self._accounts.values()
        )
        return f'<!doctype html><meta charset="utf-8"><title>Zalo</title><ul>{"".join(links)}</ul>'

    def _refusal(self, error: ConsentError) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "error_name": error.name,
            "error_reason": error.name,
            "error_description": error.name,
        }
        if error.number is not None:
            answer["error"] = str(error.number) if self._dialect.quoted_errors else error.number
        return answer
