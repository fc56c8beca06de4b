"""Cases for the call centre's own system, and one of them on paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.cases.texts import say
from bot.outreach.sheets import csv_bytes, xlsx_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.cases.reading import Listed, Said, StepTaken

HEADER = (
    "Mã",
    "Trạng thái",
    "Mức",
    "Lý do",
    "Câu hỏi",
    "Tóm tắt",
    "Vai trò",
    "Tỉnh",
    "Kênh",
    "Phụ trách",
    "Mở lúc",
    "Trả lời đầu",
    "Hạn trả lời",
    "Đóng lúc",
    "Hạn đóng",
    "Hài lòng (1-5)",
)


def table(cases: Sequence[Listed], *, xlsx: bool) -> bytes:
    """A file of cases: a workbook, or CSV. No cell is ever taken for a formula."""
    return (xlsx_bytes if xlsx else csv_bytes)(HEADER, [_row(listed) for listed in cases])


def sheet(listed: Listed, steps: Sequence[StepTaken], said: Sequence[Said], printed: datetime) -> str:
    """The hand-over sheet of a case as one page of HTML, to be printed; texts in it are masked."""
    template = _environment().get_template("sheet.html")
    return template.render(case=listed.case, listed=listed, steps=steps, said=said, printed=printed, t=_vietnamese)


def _row(listed: Listed) -> tuple[object, ...]:
    case = listed.case
    return (
        case.number,
        say("vi", f"state_{case.state}"),
        say("vi", f"urgency_{case.urgency}"),
        case.reason,
        case.question,
        case.summary,
        case.role,
        case.province,
        case.channel,
        listed.owner,
        case.opened,
        case.first_response,
        listed.respond_by,
        case.resolved,
        listed.resolve_by,
        case.satisfaction,
    )


def _vietnamese(key: str) -> str:
    return say("vi", key)


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("bot.cases"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
