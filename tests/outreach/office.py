"""An office with two accounts: people are put into its database directly, in whatever state a test needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from sqlalchemy import ColumnElement, insert, true, update

from bot.clock import VIETNAM
from bot.config import Settings
from bot.outreach.campaign import Campaign
from bot.outreach.editing import create
from bot.outreach.eligibility import Eligibility, Standing
from bot.outreach.manuscript import Manuscript
from bot.settings import OfficialAccount, TelegramSettings, ZaloSettings
from bot.store.inserting import insert_new
from bot.store.models import (
    AccountRow,
    CampaignRow,
    CampaignState,
    Consent,
    ConsentRow,
    ContactRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    RecipientRow,
    StaffRow,
)
from handlers.effects import Topic

if TYPE_CHECKING:
    from bot.store.database import Database

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)
TELEGRAM = "telegram"
ZALO = "zalo:1234567890"
SETTINGS = Settings(
    telegram=TelegramSettings(token=SecretStr("1:x"), username="bhyt_hssv_bot"),
    zalo=ZaloSettings(oa=(OfficialAccount(id="1234567890", name="BHXH tỉnh"),)),
)
EVERYBODY: ColumnElement[bool] = true()
WRITTEN: dict[str, Any] = {
    "code": "kg26",
    "title": "Khai giảng",
    "segment": "province = ha-noi",
    "texts": {"vi": {"text": "Chào {ten|quý vị}, mức đóng là {student_month} một tháng."}},
}


def written(**changes: Any) -> Manuscript:
    """A manuscript that could be sent."""
    return Manuscript.of({**WRITTEN, **changes})


@dataclass
class Office:
    """Puts people, staff and campaigns into a database."""

    database: Database

    async def staff(self, login: str, role: str = "editor", province: str | None = None) -> int:
        async with self.database.transaction() as session:
            values = {"login": login, "role": role, "province": province, "created": NOW}
            return int((await session.execute(insert(StaffRow).values(values).returning(StaffRow.id))).scalar_one())

    async def person(self, *, consent: Consent | None = Consent.GIVEN, phone: str | None = None, **contact: Any) -> int:
        """Somebody without any account, who said `consent` about news."""
        async with self.database.transaction() as session:
            person = (await session.execute(insert(PersonRow).values(created=NOW).returning(PersonRow.id))).scalar_one()
            if consent is not None:
                said = {"person_id": person, "topic": Topic.NEWS.value, "consent": consent.value, "since": NOW}
                await session.execute(insert(ConsentRow).values(said))
            row = {"person_id": person, "phone": phone, "created": NOW, "updated": NOW, **contact}
            await session.execute(insert(ContactRow).values(row))
            return int(person)

    async def account(
        self, person: int, account: str, silent: timedelta | None = timedelta(0), *, sender: str = "", **identity: Any
    ) -> str:
        """An address of somebody who last wrote so long ago."""
        sender = sender or f"{account.partition(':')[0]}-{person}"
        async with self.database.transaction() as session:
            await insert_new(session, AccountRow, id=account, channel=account.partition(":")[0], created=NOW)
            row = {"person_id": person, "account": account, "sender": sender, **identity}
            ours = (await session.execute(insert(IdentityRow).values(row).returning(IdentityRow.id))).scalar_one()
            last = None if silent is None else NOW - silent
            thread = {"identity_id": ours, "memory": {}, "memory_version": 1, "updated": NOW, "last_interaction": last}
            await session.execute(insert(ConversationRow).values(thread))
        return sender

    async def reader(self, account: str = TELEGRAM, silent: timedelta | None = timedelta(0), **person: Any) -> int:
        """Somebody who agreed to news and wrote to one account."""
        who = await self.person(**person)
        await self.account(who, account, silent)
        return who

    async def campaign(self, staff: int | None = None, **changes: Any) -> Campaign:
        """A draft."""
        author = staff or await self.staff("soan-thao")
        async with self.database.transaction() as session:
            return await create(session, written(**changes), author, NOW)

    async def received(self, campaign: Campaign, person: int, **recipient: Any) -> None:
        """A line of the ledger."""
        row = {
            "campaign_id": campaign.id, "person_id": person, "account": TELEGRAM, "variant": "vi", "params": {},
            "state": "sent", "updated": NOW, **recipient,
        }  # fmt: skip
        async with self.database.transaction() as session:
            await session.execute(insert(RecipientRow).values(row))

    async def set_state(self, campaign: Campaign, state: CampaignState) -> None:
        async with self.database.transaction() as session:
            await session.execute(update(CampaignRow).where(CampaignRow.id == campaign.id).values(state=state.value))

    async def standings(
        self, campaign: Campaign, audience: ColumnElement[bool] = EVERYBODY, settings: Settings = SETTINGS
    ) -> dict[int, Standing]:
        """How everybody stands for a campaign now."""
        rules = Eligibility.of(campaign, settings, NOW)
        async with self.database.reading() as session:
            rows = await session.execute(rules.candidates(audience))
            return {row.person: Standing.of(row) for row in rows}
