"""The command line: `bhyt-bot`, or `python -m bot`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from bot.cli import (
    ask,
    backup,
    campaign,
    case,
    chat,
    checks,
    contacts,
    database,
    knowledge,
    measure,
    poster,
    quiz,
    report,
    segments,
    serve,
    simulate,
    staff,
    zalo,
)
from bot.cli.console import Exit, notices, speak_utf8
from bot.cli.context import CONFIG
from bot.errors import BotError, ConfigError
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

app = typer.Typer(
    name="bhyt-bot",
    help="Chatbot on student health insurance (BHYT HSSV).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(serve.run)
app.command("chat")(chat.chat)
app.command("ask")(ask.ask)
app.add_typer(knowledge.app, name="knowledge")
app.command("eval")(measure.evaluate)
app.command("bench")(measure.bench)
app.add_typer(database.app, name="db")
app.add_typer(zalo.app, name="zalo")
app.add_typer(staff.app, name="staff")
app.add_typer(contacts.app, name="contacts")
app.add_typer(segments.app, name="segment")
app.add_typer(campaign.app, name="campaign")
app.add_typer(poster.app, name="poster")
app.add_typer(quiz.app, name="quiz")
app.add_typer(report.app, name="report")
app.add_typer(case.app, name="case")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(checks.doctor)
app.command("simulate")(simulate.simulate)


@app.callback()
def settings_file(
    config: Annotated[
        Path | None, typer.Option(help="Settings file; default: $BHYT_CONFIG, then ./config.toml.")
    ] = None,
) -> None:
    """Chatbot on student health insurance (BHYT HSSV).

    Exit codes: 0 all well, 1 problems were found, 2 the command or the configuration is wrong.
    """
    CONFIG.set(config)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code."""
    speak_utf8()
    try:
        app(args=None if arguments is None else list(arguments), prog_name="bhyt-bot")
    except ConfigError as error:
        for wrong in error.wrong:
            notices().print(Text.assemble(("setting", "red"), f" {wrong}"))
        sys.exit(Exit.USAGE)
    except KnowledgeError as error:
        for problem in error.problems:
            notices().print(str(problem))
        sys.exit(Exit.PROBLEMS)
    except BotError as error:
        notices().print(str(error), style="red")
        sys.exit(Exit.PROBLEMS)
    sys.exit(Exit.OK)
