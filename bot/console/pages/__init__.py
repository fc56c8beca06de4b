"""The pages. Each module declares its `routes`; one that is not in this list is not served."""

from bot.console.pages import (
    account,
    audit,
    campaigns,
    campaigns_form,
    campaigns_materials,
    campaigns_one,
    campaigns_report,
    campaigns_segments,
    case,
    cases,
    drafts,
    entrance,
    files,
    home,
    knowledge,
    language,
    lists,
    live,
    people,
    reports,
    staff,
)

CAMPAIGNS = (
    campaigns,
    campaigns_form,
    campaigns_segments,
    campaigns_one,
    campaigns_materials,
    campaigns_report,
)
PAGES = (
    home,
    cases,
    case,
    knowledge,
    drafts,
    *CAMPAIGNS,
    lists,
    people,
    reports,
    staff,
    audit,
    account,
    language,
    live,
    entrance,
    files,
)
"""In the order of the navigation."""
