"""`bhyt-bot knowledge`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer
from rich.table import Table

from bot.cli import drafts
from bot.cli.console import Exit, output, progress
from bot.cli.context import settings
from bot.clock import now

app = typer.Typer(
    help="The knowledge base: check it, search it, see what has to be reviewed, and change it.", no_args_is_help=True
)

drafts.add_to(app)

Day = Annotated[str | None, typer.Option("--date", help="As of this day, such as 2026-09-05; default today.")]


@app.command("check")
def check(day: Day = None) -> None:
    """Everything that must be mended before an answer may reach a citizen; exit code 1 when there is anything."""
    from knowledge.base import load
    from knowledge.check import check as find_problems

    base = load()
    problems = find_problems(base, _day(day))
    for problem in problems:
        output().print(str(problem))
    if problems:
        output().print(f"{len(problems)} problems", style="red")
        raise typer.Exit(Exit.PROBLEMS)
    output().print(f"{len(base.entries)} answers, no problems", style="green")


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="A question as somebody would type it.")],
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many answers.")] = 5,
) -> None:
    """The most probable answers to a question, with the phrasing that is nearest to it."""
    from bot.core import build_core

    core = build_core(settings(quiet=True))
    table = Table("probability", "entry", "nearest phrasing", box=None)
    for found in core.search.find(text, limit):
        table.add_row(f"{found.probability:.3f}", found.entry_id, core.search.nearest(text, found.entry_id))
    output().print(table)


@app.command("stale")
def stale(
    within: Annotated[int, typer.Option(min=0, help="Also those due within this many days.")] = 30,
    day: Day = None,
) -> None:
    """Answers whose review is due, the longest overdue first; exit code 1 when one is overdue."""
    from knowledge.base import load

    today = _day(day)
    due = [entry for entry in load().entries.values() if entry.review_by <= today + timedelta(days=within)]
    table = Table("review by", "reviewed", "entry", "title", box=None)
    for entry in sorted(due, key=lambda entry: (entry.review_by, entry.id)):
        style = "red" if entry.review_by < today else None
        table.add_row(str(entry.review_by), str(entry.reviewed), entry.id, entry.title, style=style)
    output().print(table if due else "nothing is due")
    if any(entry.review_by < today for entry in due):
        raise typer.Exit(Exit.PROBLEMS)


@app.command("fit")
def fit() -> None:
    """Learn the search model from phrasings and messages and keep it; with the embeddings when they are wanted."""
    from dataclasses import asdict

    from knowledge.base import load
    from knowledge.messages import load_messages
    from knowledge.search import compounds, incident_fit, stopping_fit
    from knowledge.search.embedding import load_embedder
    from knowledge.search.fitting import fit as learn
    from knowledge.search.index import Corpus, PhrasingIndex

    base = load()
    messages = load_messages(base.root)
    compounds.renew(base)
    embedder = load_embedder(settings(quiet=True).search.embeddings.value)
    with progress("fit") as report:
        model, result = learn(base, embedder, report, messages=messages)
    model.save()
    index = PhrasingIndex.build(Corpus.of(base))
    incident_fit.save(incident_fit.fit(base, index))
    stopping_fit.fit(index, messages).save()
    for name, value in asdict(result).items():
        output().print(f"{name}: {value}")


def _day(written: str | None) -> date:
    try:
        return date.fromisoformat(written) if written else now().date()
    except ValueError:
        raise typer.BadParameter("must be a day such as 2026-09-05", param_hint="--date") from None
