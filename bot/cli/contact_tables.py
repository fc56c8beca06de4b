"""Contacts and lists as tables on the terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from bot.cli.console import notices, output

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.outreach.contacts.listing import Summary
    from bot.outreach.contacts.outcomes import ListReport, Outcome, Problem
    from knowledge.offices import Office

SHOWN = 30
"""Problems on the terminal; the file of --report has all."""


def print_report(report: ListReport) -> None:
    """How many lines met which fate, and the first problems."""
    from bot.outreach.contacts.texts import tell

    if report.unread:
        notices().print(f"Không đọc các cột: {', '.join(report.unread)}")
    if report.problems:
        table = Table("Dòng", "Cột", "Sai gì", "Sửa thế nào", box=None)
        for problem in report.problems[:SHOWN]:
            table.add_row(str(problem.row), problem.column, problem.what, problem.mend)
        output().print(table)
    if len(report.problems) > SHOWN:
        notices().print(f"… và {len(report.problems) - SHOWN} lỗi nữa; xem tất cả bằng --report")
    fates = ", ".join(f"{tell('fate', fate)} {count}" for fate, count in sorted(report.fates.items()))
    joined = sum(outcome.joined is not None for outcome in report.outcomes)
    output().print(f"{len(report.outcomes)} dòng: {fates}; {joined} dòng gộp với dòng trước")
    if refusals := sum(outcome.refusals > 0 for outcome in report.outcomes):
        output().print(f"{refusals} người đã từ chối nhận tin: giữ nguyên lời từ chối")
    _print_erased([outcome for outcome in report.outcomes if outcome.erased])
    notices().print("Đã ghi." if report.written else "Chưa ghi gì." + _next(report), style="bold")


def _print_erased(outcomes: Sequence[Outcome]) -> None:
    """Lines of people who asked to be erased, and how they can be taken again."""
    from bot.outreach.contacts.texts import tell

    if not outcomes:
        return
    output().print(tell("erased", "count", count=len(outcomes)) + ":")
    for outcome in outcomes[:SHOWN]:
        output().print(f"  dòng {outcome.row}: {_why_left_out(outcome)}")
    if len(outcomes) > SHOWN:
        notices().print(f"… và {len(outcomes) - SHOWN} dòng nữa; xem tất cả bằng --report")
    output().print(f"{tell('erased', 'again')}.")


def _why_left_out(outcome: Outcome) -> str:
    from bot.outreach.contacts.texts import tell

    return tell("erased", "why", day=f"{outcome.erased:%d/%m/%Y}")


def _next(report: ListReport) -> str:
    return "" if report.problems else " Thêm --write để nhận danh sách này."


def write_report(report: ListReport, file: Path) -> None:
    """What became of each line, as a sheet."""
    from bot.outreach.contacts.texts import tell
    from bot.outreach.sheets import write_sheet

    wrong: defaultdict[int, list[Problem]] = defaultdict(list)
    for problem in report.problems:
        wrong[problem.row].append(problem)
    told = [_line(outcome, tell("fate", outcome.fate), wrong[outcome.row]) for outcome in report.outcomes]
    write_sheet(file, ["Dòng", "Kết quả", "Gộp với dòng", "Số liên hệ", "Vì sao", "Làm thế nào"], told)
    notices().print(f"Đã ghi {file}")


def _line(outcome: Outcome, fate: str, problems: Sequence[Problem]) -> list[object]:
    from bot.outreach.contacts.texts import tell

    what = "; ".join(f"{problem.column}: {problem.what}" for problem in problems)
    mend = "; ".join(dict.fromkeys(problem.mend for problem in problems))
    if outcome.erased:
        what, mend = _why_left_out(outcome), tell("erased", "again")
    return [outcome.row, fate, outcome.joined, outcome.number, what, mend]


def print_contacts(contacts: Sequence[Summary], offices: Mapping[str, Office]) -> None:
    """One line each."""
    from bot.outreach.contacts.exporting import word

    table = Table("Số", "Tên", "Vai trò", "Tỉnh", "Người học", "Hạn thẻ", "Đồng ý", box=None)
    for each in contacts:
        table.add_row(
            str(each.number),
            each.name,
            word(each.role or ""),
            offices[each.province].name if each.province and each.province in offices else each.province,
            str(each.students),
            f"{each.card_end:%d/%m/%Y}" if each.card_end else "",
            ", ".join(map(word, each.topics)),
        )
    output().print(table)


def print_sections(exported: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """What is known, section by section."""
    for title, rows in exported.items():
        output().print(title, style="bold")
        for row in rows:
            output().print(f"  {_said(row)}")


def _said(value: Any) -> str:
    """A value as a line: what it holds, one after the other, without what is not known."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_said(inner)}" for name, inner in value.items() if inner not in (None, [], {}))
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value)
