"""From a gap to an approved answer: gaps, the form of a draft with its preview, review with what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.console.route import Route
from bot.drafts.desk import OPEN
from bot.drafts.draft import Draft, difference
from bot.drafts.errors import DraftError, NoDraftError, ProblemsError
from bot.drafts.gaps import find_disliked, find_gaps
from bot.drafts.reading import preview
from bot.drafts.writing import new_answer
from bot.store.models import DraftState, StaffRole
from bot.web.markup import LightMarkup
from knowledge.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from bot.console.route import Handler
    from bot.console.visit import Visit

    Step = Callable[[Visit, int], Awaitable[Draft]]

QUESTION = 300
_MARKUP = LightMarkup()


async def get_gaps(visit: Visit) -> web.Response:
    """What has no answer yet, and answers that do not help."""
    console, today = visit.console, visit.now.date()
    gaps = await find_gaps(console.database, console.core, today)
    disliked = await find_disliked(console.database, console.core, today)
    return visit.page("knowledge_gaps", gaps=gaps, disliked=disliked, base=console.core.base)


async def get_drafts(visit: Visit) -> web.Response:
    """Drafts under way, then what is live and what was taken back."""
    desk = visit.console.drafts
    return visit.page(
        "knowledge_drafts",
        under_way=await desk.drafts(OPEN),
        finished=await desk.drafts((DraftState.LIVE, DraftState.ROLLED_BACK)),
        left_out={draft.id for draft in desk.live.overlay.left_out},
    )


async def get_new(visit: Visit) -> web.Response:
    """The form of a draft: for `?entry=` or a new answer, for the gap `?question=`."""
    question, entry = visit.query.get("question", "").strip()[:QUESTION], visit.query.get("entry", "")
    desk = visit.console.drafts
    text = desk.text(entry) if entry in desk.base.entries else new_answer(question, visit.now.date())
    return _form(visit, text, question=question, entry=entry if entry in desk.base.entries else "")


async def post_new(visit: Visit) -> web.StreamResponse:
    """Keep a draft; with `look` only show what it would say."""
    text, question, note = visit.form.get("text", ""), visit.field("question")[:QUESTION], visit.field("note")
    if "look" in visit.form:
        return _form(visit, text, question=question, note=note, look=True)
    try:
        draft = await visit.console.drafts.write(visit.me.staff, text, question=question, note=note)
    except DraftError as error:
        return _form(visit, text, question=question, note=note, error=error)
    return _kept(visit, draft)


async def post_phrasing(visit: Visit) -> web.StreamResponse:
    """A draft of one more way of asking."""
    desk, entry = visit.console.drafts, visit.field("entry")
    phrasing, question = visit.field("phrasing")[:QUESTION], visit.field("question")[:QUESTION]
    try:
        draft = await desk.add_phrasing(visit.me.staff, entry, phrasing, question)
    except DraftError as error:
        return _form(visit, new_answer(question, visit.now.date()), question=question, error=error)
    return _kept(visit, draft)


async def get_draft(visit: Visit) -> web.Response:
    """One draft: what it changes, what is wrong with it, what it says, and every step that can be taken."""
    return await _page(visit)


async def _edit(visit: Visit, number: int) -> Draft:
    text, note = visit.form.get("text", ""), visit.field("note")
    return await visit.console.drafts.edit(visit.me.staff, number, text, note=note)


async def _submit(visit: Visit, number: int) -> Draft:
    return await visit.console.drafts.submit(visit.me.staff, number)


async def _approve(visit: Visit, number: int) -> Draft:
    seen = visit.field("revision")
    return await visit.console.drafts.approve(visit.me.staff, number, int(seen) if seen.isdecimal() else 0)


async def _reject(visit: Visit, number: int) -> Draft:
    return await visit.console.drafts.reject(visit.me.staff, number, visit.field("why"))


async def _roll_back(visit: Visit, number: int) -> Draft:
    return await visit.console.drafts.roll_back(visit.me.staff, number)


def _taking(name: str, step: Step) -> Handler:
    """The handler of one step: back to the draft when it is done, or the draft with what went wrong."""

    async def post(visit: Visit) -> web.StreamResponse:
        try:
            draft = await step(visit, _number(visit))
        except NoDraftError:
            return visit.page("problem", status=404, code="missing")
        except DraftError as error:
            return await _page(visit, error)
        visit.object, visit.detail = f"draft:{draft.id}", {"entry": draft.entry}
        return visit.go(f"/knowledge/drafts/{draft.id}", done=f"draft_{name}")

    return post


async def _page(visit: Visit, error: DraftError | None = None) -> web.Response:
    desk, number = visit.console.drafts, _number(visit)
    try:
        draft = await desk.draft(number)
    except NoDraftError:
        return visit.page("problem", status=404, code="missing")
    visit.object = f"draft:{draft.id}"
    # After a refusal the form shows what was typed, or it would be lost.
    text = visit.form.get("text", draft.text)
    revisions = await desk.revisions(number)
    before = [row.text for row, _ in revisions[1:]] + [draft.before]
    return visit.page(
        "knowledge_draft",
        status=409 if error else 200,
        draft=draft,
        text=text,
        changes=difference(draft.before, draft.text),
        problems=await desk.problems(draft) if draft.state in OPEN else (),
        said=_said(visit, draft.text),
        revisions=[
            (row, login, difference(earlier, row.text)) for (row, login), earlier in zip(revisions, before, strict=True)
        ],
        error=error,
        open=draft.state in OPEN,
        approves=visit.me.staff.may(StaffRole.APPROVER),
        wrote=visit.me.staff.id in {row.staff_id for row, _ in revisions},
        left_out=draft.id in {each.id for each in desk.live.overlay.left_out},
    )


def _form(
    visit: Visit,
    text: str,
    *,
    question: str,
    note: str = "",
    entry: str = "",
    error: DraftError | None = None,
    look: bool = False,
) -> web.Response:
    problems = error.problems if isinstance(error, ProblemsError) else ()
    return visit.page(
        "knowledge_new",
        status=409 if error else 200,
        text=text,
        question=question,
        note=note,
        entry=entry,
        error=error,
        problems=problems,
        said=_said(visit, text) if look else None,
    )


def _said(visit: Visit, text: str) -> str:
    """The answer of a file as people would read it today, or why it cannot be shown."""
    try:
        return _MARKUP.render(preview(visit.console.drafts.base, text, visit.now.date()).text)
    except (DraftError, FactError) as error:
        return str(error)


def _kept(visit: Visit, draft: Draft) -> web.StreamResponse:
    visit.object, visit.detail = f"draft:{draft.id}", {"entry": draft.entry}
    return visit.go(f"/knowledge/drafts/{draft.id}", done="saved")


def _number(visit: Visit) -> int:
    """The number in the address; 0, which no draft has, when there is none."""
    given = visit.request.match_info["number"]
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def _route(name: str, step: Step, least: StaffRole, audit: str) -> Route:
    return Route("POST", f"/knowledge/drafts/{{number}}/{name}", _taking(name, step), least, audit=audit)


routes = (
    Route("GET", "/knowledge/gaps", get_gaps, StaffRole.EDITOR, audit="gaps_viewed"),
    Route("GET", "/knowledge/drafts", get_drafts, StaffRole.EDITOR),
    Route("GET", "/knowledge/new", get_new, StaffRole.EDITOR),
    Route("POST", "/knowledge/new", post_new, StaffRole.EDITOR, audit="draft_written"),
    Route("POST", "/knowledge/phrasing", post_phrasing, StaffRole.EDITOR, audit="phrasing_added"),
    Route("GET", "/knowledge/drafts/{number}", get_draft, StaffRole.EDITOR),
    _route("edit", _edit, StaffRole.EDITOR, "draft_edited"),
    _route("submit", _submit, StaffRole.EDITOR, "draft_submitted"),
    _route("approve", _approve, StaffRole.APPROVER, "draft_approved"),
    _route("reject", _reject, StaffRole.APPROVER, "draft_rejected"),
    _route("roll-back", _roll_back, StaffRole.APPROVER, "draft_rolled_back"),
)
