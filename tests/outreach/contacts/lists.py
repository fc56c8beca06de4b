"""Lists, and an office that imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.channels.inbound import Channel
from bot.outreach.contacts.importing import import_contacts
from bot.outreach.contacts.provinces import ProvinceNames
from bot.outreach.contacts.rows import ListRules
from bot.outreach.contacts.schools import SchoolRules, import_schools, load_schools
from bot.outreach.sheets import csv_bytes
from tests.outreach.office import NOW, TELEGRAM, ZALO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.outreach.contacts.outcomes import ListReport
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase

ACCOUNTS = {TELEGRAM: Channel.TELEGRAM, ZALO: Channel.ZALO}
SCHOOLS = [["THCS-01", "THCS Him Lam", "Điện Biên", "THCS"], ["TH-02", "TH Noong Bua", "Điện Biên", "Tiểu học"]]


def table(*rows: dict[str, Any]) -> bytes:
    """A CSV file of rows with the same or different columns."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    return csv_bytes(titles, [[row.get(title, "") for title in titles] for row in rows])


async def take_schools(database: Database, base: KnowledgeBase, rows: Sequence[Sequence[str]] = SCHOOLS) -> ListReport:
    data = csv_bytes(["Mã trường", "Tên trường", "Tỉnh", "Cấp học"], rows)
    return await import_schools(database, data, SchoolRules(ProvinceNames(base.offices)), write=True)


async def rules(database: Database, base: KnowledgeBase, **defaults: Any) -> ListRules:
    async with database.reading() as session:
        schools = await load_schools(session)
    return ListRules(NOW.date(), ProvinceNames(base.offices), schools, ACCOUNTS, **defaults)


async def take(
    database: Database, base: KnowledgeBase, *rows: dict[str, Any], write: bool = True, **more: Any
) -> ListReport:
    """Import rows."""
    return await import_contacts(database, table(*rows), await rules(database, base), NOW, write=write, **more)
