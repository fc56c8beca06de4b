"""The pages. Each module declares its `routes`; one that is not in this list is not served."""

from bot.console.pages import (
    account,
    audit,
    case,
    cases,
    drafts,
    entrance,
    files,
    home,
    knowledge,
    language,
    live,
    people,
    reports,
    staff,
)

PAGES = (home, cases, case, knowledge, drafts, people, reports, staff, audit, account, language, live, entrance, files)
"""In the order of the navigation."""
