"""Members of staff: who may do what. Signing in comes with the console; on the command line people name themselves.

The first administrator is made by whoever operates the program; every other change is made by an administrator. There
is always one left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy import select

from bot.outreach.errors import StaffError
from bot.store.models import StaffRole, StaffRow

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_RANKS = {role: rank for rank, role in enumerate(StaffRole)}


@dataclass(frozen=True)
class Staff:
    """A member of staff. `province` is the id of the office whose people they see; None for all."""

    id: int
    login: str
    role: StaffRole
    province: str | None
    disabled: datetime | None

    @classmethod
    def of(cls, row: StaffRow) -> Self:
        return cls(row.id, row.login, StaffRole(row.role), row.province, row.disabled)

    def may(self, at_least: StaffRole) -> bool:
        """Whether they may do what a role may."""
        return self.disabled is None and _RANKS[self.role] >= _RANKS[at_least]


async def acting(session: Session, login: str, at_least: StaffRole) -> Staff:
    """Who acts. Raises StaffError when nobody of that login may do what a role of this rank may."""
    if not login.strip():
        raise StaffError("Chưa rõ ai làm việc này: thêm --staff TÊN, hoặc đặt biến môi trường BHYT_STAFF")
    staff = await find(session, login)
    if staff.disabled is not None:
        raise StaffError(f"Tài khoản “{staff.login}” đã bị khóa")
    if not staff.may(at_least):
        raise StaffError(f"Việc này cần quyền {at_least} trở lên; “{staff.login}” có quyền {staff.role}")
    return staff


async def find(session: Session, login: str) -> Staff:
    """The member of staff with a login. Raises StaffError."""
    return Staff.of(await _row(session, login))


async def members(session: Session) -> list[Staff]:
    """Everybody, also the disabled, by login."""
    return [Staff.of(row) for row in (await session.execute(select(StaffRow).order_by(StaffRow.login))).scalars()]


async def add(
    session: Session, login: str, role: StaffRole, now: datetime, *, by: str = "", province: str | None = None
) -> Staff:
    """Take somebody on. Without any administrator only one can be taken on, by anybody; raises StaffError."""
    if _LOGIN.fullmatch(login) is None:
        raise StaffError("Tên đăng nhập gồm chữ thường không dấu, số, dấu . _ -, tối đa 40 ký tự")
    if await _administrators(session):
        await acting(session, by, StaffRole.ADMIN)
    elif role is not StaffRole.ADMIN:
        raise StaffError("Chưa có quản trị viên nào: người đầu tiên phải có quyền admin")
    if await session.scalar(select(StaffRow.id).where(StaffRow.login == login)) is not None:
        raise StaffError(f"Đã có tài khoản “{login}”")
    row = StaffRow(login=login, role=role.value, province=province, created=now)
    session.add(row)
    await session.flush()
    return Staff.of(row)


async def change_role(session: Session, login: str, role: StaffRole, *, by: str) -> Staff:
    """Give somebody another role. Raises StaffError; the last administrator stays one."""
    await acting(session, by, StaffRole.ADMIN)
    row = await _row(session, login)
    if role is not StaffRole.ADMIN:
        await _keep_an_administrator(session, row)
    row.role = role.value
    await session.flush()
    return Staff.of(row)


async def disable(session: Session, login: str, now: datetime, *, by: str) -> Staff:
    """Shut somebody out; what they did stays under their name. Raises StaffError; the last administrator stays."""
    await acting(session, by, StaffRole.ADMIN)
    row = await _row(session, login)
    await _keep_an_administrator(session, row)
    row.disabled = row.disabled or now
    await session.flush()
    return Staff.of(row)


async def enable(session: Session, login: str, *, by: str) -> Staff:
    """Let somebody in again. Raises StaffError."""
    await acting(session, by, StaffRole.ADMIN)
    row = await _row(session, login)
    row.disabled = None
    await session.flush()
    return Staff.of(row)


async def _row(session: Session, login: str) -> StaffRow:
    wanted = login.strip().lower()
    row = await session.scalar(select(StaffRow).where(StaffRow.login == wanted))
    if row is None:
        raise StaffError(f"Không có tài khoản “{wanted[:40]}”; xem: bhyt-bot staff list")
    return row


async def _administrators(session: Session) -> list[int]:
    able = select(StaffRow.id).where(StaffRow.role == StaffRole.ADMIN.value, StaffRow.disabled.is_(None))
    # Two administrators who shut each other out at the same moment must not both succeed.
    return list((await session.execute(able.with_for_update())).scalars())


async def _keep_an_administrator(session: Session, row: StaffRow) -> None:
    if await _administrators(session) == [row.id]:
        raise StaffError(f"“{row.login}” là quản trị viên duy nhất; hãy thêm một quản trị viên khác trước")
