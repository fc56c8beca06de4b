"""Charts, the thread of a case, and the words in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.reading import Said, StepTaken
from bot.console.charts import HEIGHT, WIDTH, Series, lines, stacked
from bot.console.passwords import Passwords, _default
from bot.console.timeline import timeline
from bot.console.words import words
from bot.store.models import CaseEventKind
from bot.web.refusals import Refused
from tests.console.support import MORNING

CONSOLE = Path(__file__).parents[2] / "bot" / "console"

_PLACE = re.compile(r"{(\w+)}")


@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)), min_size=1, max_size=31))
def test_bars_lie_on_each_other_inside_the_drawing(columns: list[tuple[int, int]]) -> None:
    series = [Series(key, tuple(column[n] for column in columns)) for n, key in enumerate(("a", "b"))]
    chart = stacked(["x"] * len(columns), series)
    assert len(chart.bars) == sum(value > 0 for column in columns for value in column)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH + 0.1
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT
    assert 2 <= len(chart.ticks) <= 5
    assert chart.empty is not any(map(any, columns))


def test_a_line_goes_up_with_its_values() -> None:
    chart = lines(["a", "b", "c"], [Series("x", (0, 5, 10))])
    heights = [float(point.partition(",")[2]) for point in chart.lines[0][1].split()]
    assert heights == sorted(heights, reverse=True)
    assert chart.ticks[0][0] == 0
    assert chart.ticks[-1][0] >= 10


def at(minutes: float):  # type: ignore[no-untyped-def]
    return MORNING + timedelta(minutes=minutes)


def test_what_stands_in_both_is_shown_once() -> None:
    said = [
        Said(at(0), citizen=True, text="hỏi trước"),
        Said(at(1), citizen=False, text="bot đáp"),
        Said(at(5), citizen=True, text="bệnh viện huyện"),
        Said(at(6), citizen=False, text="Cán bộ hỗ trợ (mã YC26-000001):\n\nchào chị"),
    ]
    steps = [
        StepTaken(1, CaseEventKind.OPENED, "hỏi trước", None, at(1)),
        StepTaken(2, CaseEventKind.CITIZEN, "bệnh viện huyện", None, at(5)),
        StepTaken(3, CaseEventKind.NOTE, "gọi lại", "Lan", at(5.5)),
        StepTaken(4, CaseEventKind.REPLY, "chào chị", "Lan", at(6), delivery="sent"),
    ]
    lined = timeline(said, steps)
    assert [(line.who, line.text) for line in lined] == [
        ("citizen", "hỏi trước"),
        ("bot", "bot đáp"),
        ("step", ""),
        ("citizen", "bệnh viện huyện"),
        ("note", "gọi lại"),
        ("staff", "chào chị"),
    ]
    assert lined[-1].delivery == "sent"


def test_the_same_words_later_are_said_again() -> None:
    said = [Said(at(0), citizen=True, text="alo"), Said(at(30), citizen=True, text="alo")]
    steps = [StepTaken(1, CaseEventKind.CITIZEN, "alo", None, at(30))]
    assert [line.text for line in timeline(said, steps)] == ["alo", "alo"]


def keys(table: Mapping[str, object], before: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from keys(value, f"{before}{name}.")
        else:
            yield f"{before}{name}:{sorted(_PLACE.findall(str(value)))}"


def test_both_languages_say_the_same_things_with_the_same_places() -> None:
    assert set(keys(words("vi"))) == set(keys(words("en")))


def test_every_refusal_has_its_words() -> None:
    assert {refused.code for refused in Refused} <= set(words("vi")["problem"]["why"])


@pytest.mark.parametrize("name", ["items", "keys", "values", "get", "pop", "copy", "update", "clear"])
def test_no_text_has_a_name_that_templates_would_read_as_a_method(name: str) -> None:
    assert not any(f".{name}:" in key for key in keys(words("vi")))


def test_pages_hold_nothing_inline() -> None:
    for file in (CONSOLE / "templates").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|\|\s*safe", text), file.name


async def test_passwords_are_kept_as_argon2id_digests_that_are_costly_to_try() -> None:
    """Time and memory as RFC 9106 recommends where memory is scarce."""
    passwords = Passwords(_default())
    digest = await passwords.digest("mùa thu hoa sữa")
    assert digest.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.matches(digest, "mùa thu hoa sữa")
    assert not await passwords.matches(digest, "mùa thu hoa sưa")
    assert not await passwords.matches(None, "a password that nobody has")
