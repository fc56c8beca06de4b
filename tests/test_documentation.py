"""What the documents say is there, and what is there is said."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from bot.actions import Action
from bot.cli import app
from bot.config import SECRETS, known_settings, variable
from bot.metrics import REGISTRY as METRICS
from bot.store.models import Base
from knowledge.base import load

ROOT = Path(__file__).parents[1]
OURS = ("bot", "handlers", "knowledge", "tests", "docs", ".ci")
PAGES = sorted([*ROOT.glob("*.md"), *(path for folder in OURS for path in (ROOT / folder).rglob("*.md"))])
GUIDES = [page for page in PAGES if "faq" not in page.parts]
HANDBOOK = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES if page.parent == ROOT or "docs" in page.parts)
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONFIG = (ROOT / "config.toml").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

# The classes of one letter keep this file from holding what it looks for.
MACHINE = re.compile(r"/[w]ork/|/tmp/[v]env|/[r]oot\b")
REGISTRY = re.compile(r"[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.|[h]uggingface\.co|deb\.[d]ebian\.org|proxy\.[g]olang")

_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


def commands() -> Iterator[str]:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from (f"bhyt-bot {name} {sub}" for sub in inner) if inner else (f"bhyt-bot {name}",)


def slug(heading: str) -> str:
    """The anchor that a heading gets on the usual forges."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_named(command: str) -> None:
    assert re.search(rf"\b{command}\b", HANDBOOK)


def test_every_command_that_is_named_exists() -> None:
    known = set(commands())
    groups = {command.rpartition(" ")[0] for command in known}
    for named in re.findall(r"`bhyt-bot ([a-z]+(?: [a-z]+)?)", HANDBOOK):
        first = f"bhyt-bot {named.split()[0]}"
        assert f"bhyt-bot {named}" in known or (first in known and first not in groups)


_USAGE_ERROR = typer.BadParameter.__bases__[0]


def shown() -> Iterator[str]:
    """Commands with their arguments, as the handbook tells people to type them."""
    names = sorted((command.removeprefix("bhyt-bot ") for command in commands()), key=len, reverse=True)
    in_blocks, in_lines = (re.findall(f"{before}bhyt-bot ([^`\n]+)", HANDBOOK) for before in (r"\$ ", "`"))
    for code in (*in_blocks, *in_lines):
        name = next((name for name in names if f"{code} ".startswith(f"{name} ")), code)
        if code != name and not re.search(r"…|\\$", code):  # shortened, or goes on in the next line
            yield code


@pytest.mark.parametrize("code", sorted(set(shown())))
def test_a_command_that_is_shown_lacks_nothing(code: str) -> None:
    command, arguments = typer.main.get_command(app), shlex.split(re.sub(r" [<>] .*", "", code))
    while hasattr(command, "commands"):
        command = command.commands[arguments.pop(0)]
    wrong = ""
    try:
        command.make_context("bhyt-bot", arguments)
    except _USAGE_ERROR as error:  # a file that is not here is no fault of the handbook
        wrong = type(error).__name__
    assert wrong not in {"MissingParameter", "NoSuchOption", "BadOptionUsage", "UsageError"}


@pytest.mark.parametrize("section", re.findall(r"^\[(\w+)\]", (ROOT / "config.toml").read_text("utf-8"), re.MULTILINE))
def test_every_section_of_the_settings_is_named(section: str) -> None:
    assert f"`[{section}]`" in HANDBOOK


@pytest.mark.parametrize(("section", "name"), list(known_settings()))
def test_every_setting_has_its_line(section: str, name: str) -> None:
    """In config.toml with a comment; a secret among the variables at its head."""
    table = CONFIG.partition(f"\n[{section}]\n")[2].partition("\n[")[0]
    told = re.search(rf"^#\s+{variable(section, name)}\s+\S", CONFIG, re.MULTILINE)
    assert told if (section, name) in SECRETS else re.search(rf"^# {name} = ", table, re.MULTILINE)


@pytest.mark.parametrize("metric", sorted(family.name for family in METRICS.collect()))
def test_every_metric_has_its_line(metric: str) -> None:
    assert re.search(rf"^\| `{metric}(?:_total)?` \| [\w, ]*\| \S", OPERATIONS, re.MULTILINE)


def test_every_metric_that_is_named_exists() -> None:
    known = {family.name for family in METRICS.collect()}
    assert {name.removesuffix("_total") for name in re.findall(r"`(bhyt_\w+)`", OPERATIONS)} <= known


@pytest.mark.parametrize("action", [action.value for action in Action])
def test_every_name_of_a_log_line_is_explained(action: str) -> None:
    assert re.search(rf"^\| [^|]*`{action}`[^|]*\| \S", OPERATIONS, re.MULTILINE)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, f"{page.name}: {target}"


def test_nothing_names_this_machine_or_a_registry() -> None:
    files = [*PAGES, *(path for folder in OURS for path in (ROOT / folder).rglob("*.py")), ROOT / ".ci" / "run"]
    files += [ROOT / name for name in ("Makefile", "config.toml", "pyproject.toml")]
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in files
        for pattern in (MACHINE, REGISTRY)
        if (match := pattern.search(file.read_text(encoding="utf-8")))
    ]
    assert not found


def test_the_readme_counts_no_more_answers_than_there_are() -> None:
    actual = Counter(entry.topic for entry in load().entries.values())
    rows = re.findall(
        r"^\| .+ \| ((?:`[\w-]+`(?:, )?)+) \| (\d+) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    named = [(re.findall(r"[\w-]+", topics), int(count)) for topics, count in rows]
    assert {topic for topics, _ in named for topic in topics} == set(actual)
    for topics, count in named:
        assert count <= sum(actual[topic] for topic in topics), topics


def test_every_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=!~]", line)[0] for line in project["dependencies"]}
    told = set(re.findall(r"^\| ([\w-]+) \| \S", ARCHITECTURE.partition("## Runtime dependencies")[2], re.MULTILINE))
    assert names <= told
    assert told - {"package"} <= names


def test_every_table_of_data_has_its_line() -> None:
    for name in Base.metadata.tables:
        assert f"| `{name}` |" in ARCHITECTURE
    for folder in ("knowledge", "handlers", "bot"):
        for file in (ROOT / folder).rglob("*.toml"):
            path = file.relative_to(ROOT)
            assert {f"`{path.as_posix()}`", f"`{path.parent.as_posix()}/*.toml`"} & set(
                re.findall(r"`[^`]+`", ARCHITECTURE)
            ), path


def test_the_screenshot_is_there() -> None:
    assert (ROOT / "docs" / "images" / "web-chat.png").stat().st_size > 10_000


def test_ci_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert all(step in script.read_text(encoding="utf-8") for step in ("test", "lint", "types", "browser"))
