"""How campaigns look on the command line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.console.words import words
from bot.outreach.approval import shown
from bot.outreach.messages import say
from bot.store.models import CampaignState, RecipientState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from rich.console import Console

    from bot.outreach.campaign import Campaign
    from bot.outreach.checking import Finding
    from bot.outreach.drafts import Draft
    from bot.outreach.forecast import Forecast
    from bot.outreach.preview import Preview, Sample
    from bot.store.campaigns import Doubtful, Event
    from bot.store.models import CampaignRow
    from knowledge.base import KnowledgeBase

PLANNED = (RecipientState.PLANNED, RecipientState.WAITING, RecipientState.SKIPPED)


def number(value: int) -> str:
    return str(format_decimal(value, locale="vi"))


def moment(value: datetime | None) -> str:
    return f"{value:%H:%M %d/%m/%Y}" if value else "–"


def draft_table(drafts: Mapping[str, Draft]) -> Table:
    table = Table("bản thảo", "tiêu đề", "năm học", "khẩu hiệu", "ngôn ngữ", box=None)
    for name, draft in drafts.items():
        season = draft.season or "năm học này"
        table.add_row(name, draft.title, season, str(len(draft.slogans)), ", ".join(draft.texts))
    return table


def slogan_table(draft: Draft, base: KnowledgeBase) -> Table:
    table = Table("khẩu hiệu", "công văn", "nguyên văn", box=None)
    for slogan in (draft.slogan(base, name) for name in draft.slogans):
        if slogan is not None:
            table.add_row(slogan.id, base.sources[slogan.letter].cite(), slogan.text)
    return table


def campaign_table(rows: Iterable[CampaignRow]) -> Table:
    table = Table("mã", "tiêu đề", "trạng thái", "bắt đầu", "kết thúc", "ưu tiên", box=None)
    for row in rows:
        standing = row.terms.get("repeats") is not None and row.state == CampaignState.APPROVED
        state = say("state_standing") if standing else say(f"state_{row.state}")
        table.add_row(row.code, row.title, state, moment(row.starts), moment(row.ends), str(row.priority))
    return table


def history_table(events: Iterable[Event]) -> Table:
    table = Table("lúc", "ai", "việc", "chi tiết", box=None)
    for event in events:
        told = "; ".join(f"{_called(name)}: {_told(name, value)}" for name, value in event.detail.items())
        table.add_row(f"{event.happened:%d/%m/%Y %H:%M}", event.login or "bot", say(f"step_{event.action}"), told)
    return table


def _words() -> dict[str, Any]:
    """The console's words of campaigns: staff read the same on every desk."""
    found: dict[str, Any] = words("vi")["campaigns"]
    return found


def _called(name: str) -> str:
    spoken = _words()
    return str(spoken["detail"].get(name) or spoken["recipient"].get(name, name)).lower()


def _told(name: str, value: object) -> str:
    spoken = _words()
    if name == "seal":
        return shown(str(value))
    if isinstance(value, bool):
        return str(spoken["yes"] if value else spoken["no"]).lower()
    named = spoken.get({"changed": "field", "reason": "because", "verdict": "verdict"}.get(name, ""), {})
    each = value if isinstance(value, list) else [value]
    return ", ".join(str(named.get(one, one)) for one in each)


def paused_because(reason: str | None) -> str:
    """Why a campaign rests."""
    return str(_words()["because"].get(reason, reason or ""))


def by_state(counts: Mapping[tuple[str, str | None], int]) -> Counter[str]:
    """How many recipients are in each state, whatever the reason."""
    states = Counter[str]()
    for (state, _), count in counts.items():
        states[state] += count
    return states


def only_waiting(campaign: Campaign, counts: Mapping[tuple[str, str | None], int]) -> str:
    """That a campaign has nothing left to do but to wait; empty when it has."""
    states = by_state(counts)
    still = states[RecipientState.PLANNED] + states[RecipientState.SENDING]
    if campaign.state is not CampaignState.RUNNING or still or not states[RecipientState.WAITING]:
        return ""
    return f"Đã gửi hết; còn chờ {number(states[RecipientState.WAITING])} người nhắn lại thì gửi cho họ."


def recipient_table(counts: Mapping[tuple[str, str | None], int]) -> Table:
    spoken = _words()
    table = Table("trạng thái", "lý do", "số người", box=None)
    for (state, reason), count in sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        table.add_row(spoken["recipient"][state], spoken["reason"].get(reason, reason or ""), number(count))
    return table


def doubtful_table(people: Iterable[Doubtful]) -> Table:
    table = Table("liên hệ", "kênh", "từ lúc", box=None)
    for one in people:
        table.add_row("–" if one.person is None else str(one.person), one.account or "–", moment(one.since))
    return table


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    for finding in findings:
        console.print("✗" if finding.blocks else "!", str(finding), style="red" if finding.blocks else "yellow")


def show_preview(console: Console, seen: Preview) -> None:
    """All that an approver has to know, the seal last."""
    for sample in seen.samples:
        console.print(_sample(sample), soft_wrap=False)
    console.print(_people(seen))
    if image := next((v.image for v in seen.campaign.content.variants.values() if v.image), None):
        console.print(f"Có ảnh đi kèm: {image[:12]}…")
    if seen.reasons.get(None, 0) < seen.people and seen.cost is None:
        console.print("Chi phí tin trả phí: chưa khai outreach.paid_price trong config.toml", style="yellow")
    elif not seen.campaign.terms.pays and seen.would_cost:
        console.print(f"Nếu bật tin trả phí (terms.pays): thêm khoảng {number(seen.would_cost)} đồng")
    elif seen.cost:
        console.print(f"Chi phí tin trả phí: khoảng {number(seen.cost)} đồng")
    _show_forecast(console, seen.forecast)
    if waiting := seen.states.get(RecipientState.WAITING, 0):
        ends = seen.campaign.ends
        until = f"đến {moment(ends)}" if ends else f"trong {seen.waiting_days} ngày"
        console.print(f"{number(waiting)} người nhận khi họ nhắn lại, {until}; sau đó chiến dịch kết thúc")
    show_findings(console, seen.findings)
    console.print(f"Mã niêm phong: {seen.seal}", style="bold")


def _sample(sample: Sample) -> Panel:
    text = Text(sample.reply.plain)
    for button in sample.reply.buttons:
        text.append(f"\n[ {button.label} ]" + (f" {button.link}" if button.link else ""), style="cyan")
    size = f"{sample.size} / {sample.limit} ký tự"
    return Panel(text, title=f"{sample.channel} · {sample.key}", subtitle=size, title_align="left", width=80)


def _people(seen: Preview) -> Table:
    table = Table("người nhận", "số người", box=None)
    table.add_row("trong nhóm", number(seen.people), style="bold")
    for state in PLANNED:
        table.add_row(say(f"planned_{state}"), number(seen.states.get(state, 0)))
    if seen.reasons:
        table.add_row("trong đó", "", style="dim")
    for reason, count in sorted(seen.reasons.items(), key=lambda item: -item[1]):
        why = say(f"reason_{reason}") if reason else say("reason_free")
        table.add_row(f"  {why}", number(count), style="dim")
    return table


def _show_forecast(console: Console, expected: Forecast) -> None:
    console.print(f"Gửi từ {moment(expected.begin)}, xong khoảng {moment(expected.finish)}")
    each_day = f"{number(expected.replies_a_day)} người một ngày; cán bộ trả lời được {number(expected.cases_a_day)}"
    console.print(f"Dự kiến {number(expected.replies)} người hỏi lại, {each_day}")
