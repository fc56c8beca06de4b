"""A day at an office, for the pages that are looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.store.models import (
    CampaignRow,
    CampaignState,
    CaseRow,
    CaseState,
    QuestionRow,
    RecipientRow,
    RecipientState,
    StaffRole,
)
from handlers.turn import Decision
from tests.console.support import MORNING

if TYPE_CHECKING:
    from bot.store.session import Session
    from tests.console.support import Office

ASKED = (
    ("Con tôi bị trừ tiền hai lần khi đóng BHYT ở trường, tôi muốn được hoàn lại khoản đã đóng thừa", "ha-noi", "a"),
    ("Thẻ của cháu ghi sai ngày sinh, đi khám bị bệnh viện từ chối, phải làm sao ạ", "dien-bien", "b"),
    ("Em muốn khiếu nại nhà trường bắt đóng 15 tháng một lúc", "nghe-an", "c"),
    ("toi da dong tien tu thang 9 ma den nay chua co the", None, "d"),
)
RECIPIENTS, SENT = 240, 156
COUNTS = {Decision.ANSWER: 31, Decision.CLARIFY: 6, Decision.HANDOFF: 5, Decision.REFUSE: 3}


async def busy_day(desk: Office) -> list[str]:
    """Staff, cases of different ages and two weeks of questions; gives the numbers of the cases, oldest first."""
    await desk.hire("lan.nguyen", StaffRole.AGENT)
    await desk.hire("minh.tran", StaffRole.EDITOR)
    numbers = []
    for text, province, sender in ASKED:
        await desk.ask("học sinh đóng bao nhiêu tiền", sender=sender)
        desk.clock.advance(minutes=2)
        numbers.append(await desk.case(text, province, sender=sender))
        desk.clock.advance(minutes=47)
    async with desk.runtime.database.transaction() as session:
        for ago in range(14):
            day = desk.clock().date() - timedelta(days=ago)
            if ago:
                for number in range((ago * 5) % 8 + 1):
                    session.add(_settled(desk.clock() - timedelta(days=ago), number, open_days=(ago + number) % 3))
            for decision, count in COUNTS.items():
                for number in range(count * (7 - ago % 7) // 5):
                    session.add(_question(day, decision, number))
        await _campaign(session, desk.clock())
    return numbers


async def _campaign(session: Session, now: datetime) -> None:
    campaign = CampaignRow(
        code="hoc-ky-2",
        title="Nhắc gia hạn thẻ BHYT, học kỳ 2",
        topic="reminders",
        content={"variants": {"vi": {"text": "Thẻ BHYT sắp hết hạn."}}},
        segment="all",
        state=CampaignState.RUNNING.value,
        created=now,
        updated=now,
    )
    session.add(campaign)
    await session.flush()
    for number in range(RECIPIENTS):
        state = RecipientState.SENT if number < SENT else RecipientState.PLANNED
        row = RecipientRow(campaign_id=campaign.id, variant="a", params={}, state=state.value, updated=now)
        session.add(row)
    await session.flush()


def _settled(opened: datetime, number: int, open_days: int) -> CaseRow:
    resolved = opened + timedelta(days=open_days, minutes=30)
    return CaseRow(
        number=f"YC26-9{opened.day:02}{number:03}",
        summary="",
        urgency="normal",
        channel="web",
        province="ha-noi",
        state=CaseState.RESOLVED.value,
        opened=opened,
        updated=resolved,
        first_response=resolved,
        resolved=min(resolved, MORNING),
    )


def _question(day: object, decision: Decision, number: int) -> QuestionRow:
    return QuestionRow(
        day=day, text=f"câu {number}", decision=decision.value, entry=None, confidence=0.9, language="vi"
    )
