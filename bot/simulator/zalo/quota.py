"""Sending windows and what a message is counted against (reference §2.3, §2.20, §3.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.simulator.zalo.codes import Code, RefusalError
from bot.simulator.zalo.dialect import QuotaStyle
from bot.simulator.zalo.ids import milliseconds
from bot.simulator.zalo.state import WELCOMES, Allowance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.simulator.zalo.dialect import Dialect
    from bot.simulator.zalo.gate import Call
    from bot.simulator.zalo.state import Account, Member

FREE = timedelta(hours=48)
WINDOW = timedelta(days=7)
FIXED_REPLIES = Allowance(8, 8)

Quota = tuple[str, Allowance | None]
"""The type of a quota and its numbers, if it is told with numbers."""


def charge(account: Account, member: Member, dialect: Dialect, now: datetime) -> Quota | None:
    """Count one consultation message; None when the wallet paid. RefusalError when nothing lets it through."""
    if member.last_interaction is None:
        return _welcome(member)
    since = now - member.last_interaction
    if since > WINDOW:
        raise RefusalError(dialect.outside_window)
    if since <= FREE:
        return "reply", None if dialect.quota is QuotaStyle.PLAIN else FIXED_REPLIES
    return _from_package(account)


def shown(quota: Quota | None, account: Account, dialect: Dialect) -> Mapping[str, Any]:
    """The part `quota` of an answer: empty when there is none."""
    if quota is None or dialect.quota is QuotaStyle.ABSENT:
        return {}
    name, allowance = quota
    told: dict[str, Any] = {"quota_type": name}
    if allowance is not None:
        write = int if dialect.quota is QuotaStyle.NUMBERS else str
        told |= {"remain": write(allowance.remain), "total": write(allowance.total)}
    if name not in {"reply", "welcome_msg"}:
        told |= {"owner_type": "OA", "owner_id": account.id}
    if allowance is not None and allowance.until is not None:
        told["expired_date"] = _day(allowance)
    return {"quota": told}


async def tell(call: Call) -> Any:
    """POST /v3.0/oa/quota/message, for a user or for the account's package (§2.20)."""
    body = await call.body()
    if "user_id" in body:
        return _of_member(call.account, body["user_id"], call.now)
    asset = body.get("quota_type")
    if body.get("quota_owner") not in {"OA", "APP"} or body.get("product_type") != "cs":
        raise RefusalError(Code.PARAMETER)
    if asset not in call.account.quotas:
        raise RefusalError(Code.PARAMETER, "quota_type is invalid")
    allowance = call.account.quotas[asset]
    return [
        {
            "asset_id": f"{call.account.id}-{asset}",
            "product_type": "cs",
            "quota_type": asset,
            "valid_through": _day(allowance),
            "total": allowance.total,
            "remain": allowance.remain,
        }
    ]


def _welcome(member: Member) -> Quota:
    """A follower who never wrote may get a few messages (§3.1)."""
    if not member.welcomes:
        raise RefusalError(Code.NO_INTERACTION)
    member.welcomes -= 1
    return "welcome_msg", Allowance(WELCOMES, member.welcomes)


def _from_package(account: Account) -> Quota | None:
    for name, allowance in account.quotas.items():
        if allowance.remain:
            allowance.remain -= 1
            return name, allowance
    if account.wallet is None:
        raise RefusalError(Code.NO_WALLET)
    if not account.wallet:
        raise RefusalError(Code.WALLET_EMPTY)
    account.wallet -= 1
    return None


def _of_member(account: Account, user_id: Any, now: datetime) -> Mapping[str, Any]:
    member = account.members.get(user_id) if isinstance(user_id, str) else None
    if member is None or not member.related:
        raise RefusalError(Code.NO_RELATION)
    last = member.last_interaction
    free = last is not None and now - last <= FREE
    return {
        "last_interaction": int(milliseconds(last)) if last is not None else 0,
        "cs_reply": {"remain": FIXED_REPLIES.remain if free else 0, "total": FIXED_REPLIES.total},
        "promotion": {"daily_remain": 1, "daily_total": 1, "monthly_remain": 4, "monthly_total": 4},
    }


def _day(allowance: Allowance) -> str:
    return allowance.until.strftime("%d/%m/%Y") if allowance.until is not None else ""
