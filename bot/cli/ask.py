"""`bhyt-bot ask`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.console import output
from bot.cli.context import settings


def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Answer JSON lines from standard input, in order.")] = False,
    persona: Annotated[str | None, typer.Option(help="student, parent, teacher or other.")] = None,
    date: Annotated[
        str | None, typer.Option(help="The day of the question, such as 2026-09-05; default today.")
    ] = None,
    locale: Annotated[str | None, typer.Option(help="vi or en.")] = None,
) -> None:
    """Ask one question, or with --jsonl any number of them. Needs and touches no database.

    A line in: {"id", "text", "session"?, "persona"?, "date"?, "locale"?}. A line out: {"id", "decision", "entry",
    "confidence", "text", "options", "sources"}, or {"id", "error"}. Lines with the same session are one conversation.
    """
    if jsonl == (text is not None):
        raise typer.BadParameter("give either a question or --jsonl")
    if jsonl:
        _answer_lines()
    elif text is not None:
        _answer_one(text, persona, date, locale)


def _answer_lines() -> None:
    from bot.asking import Interview
    from bot.clock import now
    from bot.core import build_core

    interview = Interview(build_core(settings(quiet=True)).conversation, now().date())
    for line in sys.stdin.buffer:
        if line.strip():
            # As bytes: the answer must be UTF-8 with plain line ends, and there before the next question comes.
            sys.stdout.buffer.write(interview.answer_line(line).encode("utf-8") + b"\n")
            sys.stdout.buffer.flush()


def _answer_one(text: str, persona: str | None, date: str | None, locale: str | None) -> None:
    from pydantic import ValidationError

    from bot.asking import Interview, Question, visible_text
    from bot.clock import now
    from bot.core import build_core

    try:
        question = Question(id=0, text=text, persona=persona, date=date, locale=locale)
    except ValidationError:
        raise typer.BadParameter("must be a day such as 2026-09-05", param_hint="--date") from None
    outcome = Interview(build_core(settings(quiet=True)).conversation, now().date()).ask(question)
    console = output()
    console.print(visible_text(outcome))
    for number, button in enumerate(outcome.buttons, 1):
        console.print(f"  [{number}] {button.label}")
