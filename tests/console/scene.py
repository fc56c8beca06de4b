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


def _question(day: object, decision: Decision, number: int, entry: str | None = None) -> QuestionRow:
    return QuestionRow(
        day=day, text=f"câu {number}", decision=decision.value, entry=entry, confidence=0.9, language="vi"
    )


ASKED_MUCH = (("muc-dong", 63, 7), ("noi-kham", 41, 6), ("the-bhyt", 38, 9), ("dong-tien", 27, 5), ("ho-tro", 19, 8),
              ("di-kham", 14, 3), ("vssid", 9, 4))  # fmt: skip
UNKNOWN = (
    ("con học lớp 1 đổi trường giữa kỳ thì có phải đóng lại không", "clarify", 14),
    ("thẻ của con bị trùng mã với bạn cùng lớp", "handoff", 9),
    ("trường thu hộ mà chưa thấy thẻ thì hỏi ai", "clarify", 7),
)
REASONS = ("money", "personal-record", "complaint", "procedure", "money", "fraud")


async def month_of_work(desk: Office) -> None:
    """Two months of questions, cases with their clocks, and a campaign that is over."""
    entries = list(desk.console.drafts.base.entries.values())
    named = {topic: next(entry for entry in entries if entry.topic == topic) for topic, _, _ in ASKED_MUCH}
    today = desk.clock().date()
    async with desk.runtime.database.transaction() as session:
        for ago in range(52):
            day, quiet = today - timedelta(days=ago), 3 if (today - timedelta(days=ago)).weekday() > 4 else 1
            for topic, answered, missed in ASKED_MUCH:
                for number in range((answered * (60 - ago) // 180) // quiet):
                    session.add(_question(day, Decision.ANSWER, number, named[topic].id))
                for number in range(missed // 4 // quiet):
                    decision = Decision.HANDOFF if number % 2 else Decision.CLARIFY
                    row = _question(day, decision, number, named[topic].id)
                    row.text = named[topic].phrasings[(ago + number) % len(named[topic].phrasings)]
                    session.add(row)
            for number in range(ago % 4 + 1 if quiet == 1 else 0):
                session.add(_worked_on(desk.clock() - timedelta(days=ago), ago, number))
        for text, decision, times in UNKNOWN:
            for _ in range(times):
                row = _question(today - timedelta(days=3), Decision(decision), 0)
                row.text = text
                session.add(row)
        title = "Tháng cao điểm BHYT học sinh, sinh viên"
        await season_sent(session, desk.clock() - timedelta(days=9), "cao-diem-26", title)
        await session.flush()


def _worked_on(opened: datetime, day: int, number: int) -> CaseRow:
    late = (day + number) % 5 == 0
    responded = opened + timedelta(days=1 if late else 0, minutes=35 + 20 * number)
    settled = responded + timedelta(days=(day + number) % 3, hours=2)
    done = settled <= MORNING
    return CaseRow(
        number=f"YC26-8{day:02}{number:03}",
        summary="",
        reason=REASONS[(day + number) % len(REASONS)],
        urgency="normal",
        channel="zalo",
        province=("dien-bien", "ha-noi", "nghe-an")[number % 3],
        state=(CaseState.RESOLVED if done else CaseState.OPEN).value,
        opened=opened,
        updated=opened,
        first_response=responded if responded <= MORNING else None,
        resolved=settled if done else None,
        satisfaction=(5, 4, 5, 3, None)[(day + number) % 5] if done else None,
    )


async def season_sent(session: Session, when: datetime, code: str, title: str) -> None:
    """A campaign that is over, with what became of it."""
    campaign = CampaignRow(
        code=code,
        title=title,
        topic="news",
        content={"variants": {}},
        segment="",
        state=CampaignState.FINISHED.value,
        created=when,
        updated=when,
        started=when,
        finished=when,
        attributed=MORNING,
    )
    session.add(campaign)
    await session.flush()
    for number in range(RECIPIENTS):
        deeds = {"replied": when if number % 7 == 0 else None, "tapped": when if number % 4 == 0 else None}
        state = RecipientState.FAILED if number % 31 == 0 else RecipientState.SENT
        sent = when if state is RecipientState.SENT else None
        refused = when if number % 60 == 1 else None
        row = {"variant": "vi", "params": {}, "state": state.value, "sent": sent, "updated": when, "opted_out": refused}
        session.add(RecipientRow(campaign_id=campaign.id, province="dien-bien", **row, **deeds))
