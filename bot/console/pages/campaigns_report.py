"""What came of a campaign: figures, charts and tables, and the same as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.route import Route, Scope
from bot.outreach.errors import NoCampaignError
from bot.outreach.reports.reporting import report_campaign
from bot.outreach.reports.writing import as_csv, as_html, as_xlsx
from bot.store.models import StaffRole

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.console.visit import Visit
    from bot.outreach.reports.document import Document

FILES: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv", as_csv),
    "html": ("text/html", lambda document: as_html(document).encode()),
}


async def get_report(visit: Visit) -> web.Response:
    """The report on a page."""
    document = await _document(visit)
    if document is None:
        return visit.page("problem", status=404, code="missing")
    code = visit.request.match_info["code"]
    return visit.page("campaigns_report", document=document, code=code, files=list(FILES))


async def get_file(visit: Visit) -> web.Response:
    """The report as a file to keep; the HTML one is to be printed."""
    ending = visit.request.match_info["name"]
    document = await _document(visit) if ending in FILES else None
    if document is None:
        return visit.page("problem", status=404, code="missing")
    content_type, write = FILES[ending]
    return attached(write(document), content_type, f"bao-cao_c-{visit.request.match_info['code']}.{ending}")


def attached(content: bytes, content_type: str, name: str) -> web.Response:
    """A file that the browser keeps instead of showing it; `name` has nothing but letters, digits, `_`, `-` and `.`."""
    response = web.Response(body=content, content_type=content_type)
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "_-."))
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    return response


async def _document(visit: Visit) -> Document | None:
    desk = visit.console.campaigns
    code, least = visit.request.match_info["code"], desk.settings.outreach.group_size
    try:
        return await report_campaign(desk.database, code, desk.base, least, visit.now)
    except NoCampaignError:
        return None


routes = (
    Route("GET", "/campaigns/{code}/report", get_report, StaffRole.EDITOR, Scope.COUNTRY),
    Route("GET", "/campaigns/{code}/report/{name}", get_file, StaffRole.EDITOR, Scope.COUNTRY),
)
