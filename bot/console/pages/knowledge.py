"""The answers as they are: find one, see why it wins, what it says on another day, which figures end soon."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.console.route import Route
from bot.drafts.draft import difference
from bot.drafts.explaining import explain
from bot.drafts.reading import browse, ending_facts, topics
from bot.store.models import DraftState, StaffRole
from bot.web.markup import LightMarkup
from knowledge.entries import Role
from knowledge.errors import FactError
from knowledge.rendering import period_text

if TYPE_CHECKING:
    from aiohttp import web

    from bot.console.visit import Visit

WORDS = 300
_MARKUP = LightMarkup()


async def get_knowledge(visit: Visit) -> web.Response:
    """All answers; `?topic=`, `?words=` and `?due=1` choose some."""
    drafts, query = visit.console.drafts, visit.query
    topic, words, due = query.get("topic", "")[:60], query.get("words", "")[:WORDS], query.get("due", "") == "1"
    shown = browse(drafts.base, drafts.live.drafts, visit.now.date(), topic=topic, words=words, due=due)
    return visit.page("knowledge", shown=shown, topics=topics(drafts.base), topic=topic, words=words, due=due)


async def get_try(visit: Visit) -> web.Response:
    """A question, what the bot says to it, and why."""
    question = visit.query.get("question", "").strip()[:WORDS]
    if not question:
        return visit.page("knowledge_try", question="", explained=None, replies=())
    explained = explain(visit.console.core, question, visit.now.date())
    replies = [_MARKUP.render(reply.text) for reply in explained.outcome.replies]
    return visit.page("knowledge_try", question=question, explained=explained, replies=replies)


async def get_answer(visit: Visit) -> web.Response:
    """One answer as of `?day=`, for the reader `?role=`, with its history."""
    desk, name = visit.console.drafts, visit.request.match_info["name"]
    entry = desk.base.entries.get(name)
    if entry is None:
        return visit.page("problem", status=404, code="missing")
    day, role = _day(visit), _role(visit)
    language = "en" if visit.query.get("language") == "en" else "vi"
    rendered, problem = None, ""
    try:
        rendered = desk.base.render(entry.id, day, language, role)
    except FactError as error:
        problem = str(error)
    changes = await desk.drafts((DraftState.LIVE, DraftState.ROLLED_BACK), entry.id)
    return visit.page(
        "knowledge_answer",
        entry=entry,
        day=day,
        role=role,
        language=language,
        roles=[each.value for each in Role],
        text=_MARKUP.render(rendered.text) if rendered else "",
        period=period_text(rendered.period, day, entry.reviewed, rendered.language) if rendered else "",
        sources=rendered.sources if rendered else (),
        problem=problem,
        changes=[(change, difference(change.before, change.text)) for change in changes],
    )


async def get_figures(visit: Visit) -> web.Response:
    """Figures whose value ends within three months."""
    today = visit.now.date()
    return visit.page("knowledge_figures", endings=ending_facts(visit.console.drafts.base, today), today=today)


def _day(visit: Visit) -> date:
    try:
        return date.fromisoformat(visit.query.get("day", ""))
    except ValueError:
        return visit.now.date()


def _role(visit: Visit) -> Role | None:
    asked = visit.query.get("role", "")
    return Role(asked) if asked in {role.value for role in Role} else None


routes = (
    Route("GET", "/knowledge", get_knowledge, StaffRole.AGENT, nav="knowledge"),
    Route("GET", "/knowledge/try", get_try, StaffRole.AGENT),
    Route("GET", "/knowledge/answers/{name}", get_answer, StaffRole.AGENT),
    Route("GET", "/knowledge/figures", get_figures, StaffRole.AGENT),
)
