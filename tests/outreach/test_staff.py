"""Who may do what, and that there is always an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.outreach.errors import StaffError
from bot.outreach.staff import acting, add, change_role, disable, enable, members
from bot.store.models import StaffRole
from tests.outreach.office import NOW

if TYPE_CHECKING:
    from bot.store.database import Database

AGENT, EDITOR, APPROVER, ADMIN = StaffRole


async def test_the_first_is_an_administrator_and_takes_on_the_others(database: Database) -> None:
    async with database.transaction() as session:
        with pytest.raises(StaffError, match="admin"):
            await add(session, "an", EDITOR, NOW)
        await add(session, "an", ADMIN, NOW)
        with pytest.raises(StaffError, match="BHYT_STAFF"):
            await add(session, "binh", ADMIN, NOW)
        await add(session, "binh", EDITOR, NOW, by="an", province="hue")
        with pytest.raises(StaffError, match="cần quyền admin"):
            await add(session, "cuc", AGENT, NOW, by="binh")
        with pytest.raises(StaffError, match="Đã có"):
            await add(session, "binh", AGENT, NOW, by="an")
        assert [(each.login, each.role, each.province) for each in await members(session)] == [
            ("an", ADMIN, None),
            ("binh", EDITOR, "hue"),
        ]


@pytest.mark.parametrize("login", ["", "A", "có dấu", "-an", "a" * 41, "an\n"])
async def test_a_strange_login_is_refused(database: Database, login: str) -> None:
    async with database.transaction() as session:
        with pytest.raises(StaffError, match="Tên đăng nhập"):
            await add(session, login, ADMIN, NOW)


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("needed", StaffRole)
async def test_a_role_may_what_those_before_it_may(database: Database, role: StaffRole, needed: StaffRole) -> None:
    async with database.transaction() as session:
        await add(session, "an", ADMIN, NOW)
        await add(session, "binh", role, NOW, by="an")
        if list(StaffRole).index(role) >= list(StaffRole).index(needed):
            assert (await acting(session, " Binh ", needed)).role is role
        else:
            with pytest.raises(StaffError, match=f"cần quyền {needed}"):
                await acting(session, "binh", needed)


async def test_who_is_disabled_may_nothing_until_enabled(database: Database) -> None:
    async with database.transaction() as session:
        await add(session, "an", ADMIN, NOW)
        await add(session, "binh", EDITOR, NOW, by="an")
        assert (await disable(session, "binh", NOW, by="an")).disabled == NOW
        with pytest.raises(StaffError, match="đã bị khóa"):
            await acting(session, "binh", AGENT)
        await enable(session, "binh", by="an")
        assert (await acting(session, "binh", EDITOR)).login == "binh"
        with pytest.raises(StaffError, match="Không có tài khoản"):
            await acting(session, "dung", AGENT)


async def test_the_last_administrator_stays(database: Database) -> None:
    async with database.transaction() as session:
        await add(session, "an", ADMIN, NOW)
        for change in (disable(session, "an", NOW, by="an"), change_role(session, "an", EDITOR, by="an")):
            with pytest.raises(StaffError, match="duy nhất"):
                await change
        await add(session, "binh", ADMIN, NOW, by="an")
        assert (await change_role(session, "an", EDITOR, by="binh")).role is EDITOR
