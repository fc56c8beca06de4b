"""What the bot may ask about members and about the account itself (reference §2.16, §2.18)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.clock import VIETNAM
from bot.simulator.zalo.codes import Code, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.simulator.zalo.gate import Call
    from bot.simulator.zalo.state import Member

MAX_COUNT = 50
MAX_OFFSET = 9_951
_SHARED = ("address", "city", "district", "phone", "name")


async def detail(call: Call) -> Any:
    """GET /v3.0/oa/user/detail?data={"user_id"}."""
    user_id = call.query.get("user_id")
    if not isinstance(user_id, str):
        raise RefusalError(Code.PARAMETER, "user_id is invalid")
    member = call.account.members.get(user_id)
    if member is None or not member.related:
        raise RefusalError(Code.NO_RELATION)
    last = member.last_interaction
    return {
        "user_id": member.user_id,
        "user_id_by_app": member.user_id_by_app,
        "user_external_id": "",
        "display_name": member.name,
        "user_alias": member.name,
        "is_sensitive": False,
        "user_last_interaction_date": last.astimezone(VIETNAM).strftime("%d/%m/%Y") if last else "",
        "user_is_follower": member.follower,
        "avatar": "",
        "avatars": {"120": "", "240": ""},
        "dynamic_param": "",
        "tags_and_notes_info": {"notes": [], "tag_names": sorted(member.tags)},
        "shared_info": {name: member.shared.get(name, "") for name in _SHARED},
    }


async def listed(call: Call) -> Any:
    """GET /v3.0/oa/user/getlist?data={"offset", "count", "is_follower", "tag_name", "last_interaction_period"}."""
    query = call.query
    offset, count = query.get("offset"), query.get("count")
    if not isinstance(offset, int) or not isinstance(count, int) or offset < 0 or count < 1:
        raise RefusalError(Code.PARAMETER, "offset or count is invalid")
    if offset > MAX_OFFSET or count > MAX_COUNT:
        raise RefusalError(Code.TOO_LONG, "offset or count is too large")
    keeps = _filters(query, call.now.astimezone(VIETNAM).date())
    found = [member for member in call.account.members.values() if member.related and keeps(member)]
    page = found[offset : offset + count]
    users = [{"user_id": member.user_id} for member in page]
    return {"total": len(found), "count": len(users), "offset": offset, "users": users}


async def account(call: Call) -> Any:
    """GET /v2.0/oa/getoa."""
    own = call.account
    return {
        "oaid": own.id,
        "name": own.name,
        "description": "",
        "oa_alias": "",
        "is_verified": True,
        "oa_type": 4,
        "cate_name": "",
        "num_follower": sum(member.follower for member in own.members.values()),
        "avatar": "",
        "cover": "",
        "package_name": own.package,
        "package_valid_through_date": "",
        "package_auto_renew_date": "",
        "linked_zca": "" if own.wallet is None else f"zca-{own.id}",
    }


def _filters(query: Any, today: date) -> Callable[[Member], bool]:
    follower, tag, period = (query.get(name) for name in ("is_follower", "tag_name", "last_interaction_period"))
    first, last = _period(period, today) if period is not None else (None, None)

    def keeps(member: Member) -> bool:
        if follower is not None and member.follower is not (str(follower).lower() == "true"):
            return False
        if tag is not None and tag not in member.tags:
            return False
        if first is None or last is None:
            return True
        return (
            member.last_interaction is not None and first <= member.last_interaction.astimezone(VIETNAM).date() <= last
        )

    return keeps


def _period(period: Any, today: date) -> tuple[date, date]:
    """First and last day."""
    match str(period).split(":"):
        case ["TODAY"]:
            return today, today
        case ["YESTERDAY"]:
            return today - timedelta(days=1), today - timedelta(days=1)
        case ["L7D"]:
            return today - timedelta(days=6), today
        case ["L30D"]:
            return today - timedelta(days=29), today
        case [first, last]:
            return _day(first), _day(last)
    raise RefusalError(Code.PARAMETER, "last_interaction_period is invalid")


def _day(written: str) -> date:
    try:
        return datetime.strptime(written, "%Y_%m_%d").replace(tzinfo=VIETNAM).date()
    except ValueError:
        raise RefusalError(Code.PARAMETER, "last_interaction_period is invalid") from None
