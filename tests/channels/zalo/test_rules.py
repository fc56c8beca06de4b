"""The file of rules: dated, with sources, complete."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.channels.zalo.rules import Dated, Remedy, Rules
from tests.channels.zalo.support import RULES

TODAY = date(2026, 9, 5)
LISTED = {
    *(-32, -100, -200, -201, -204, -205, -209, -210, -211, -212, -213, -214, -216, -217, -218, -219, -220, -221),
    *(-223, -224, -227, -230, -232, -233, -234, -235, -237, -238, -240, -241, -242, -244, -248, -249, -320, -321, -403),
}
"""Reference §4.1, state of 2026-09; -1340 and -1341 are about calls."""


def test_every_code_of_the_reference_has_a_remedy() -> None:
    assert set(RULES.on(TODAY).errors) == LISTED


def test_no_code_has_two_remedies_on_one_day() -> None:
    for rows in (RULES.error, RULES.http):
        named = [number for row in rows for number in (row.codes if hasattr(row, "codes") else row.status)]
        assert len(named) == len(set(named))


def test_who_cannot_be_written_to_has_a_reason() -> None:
    assert all((row.reason is not None) == (row.do is Remedy.PERSON) for row in RULES.error)


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2025, 12, 31), date(2026, 1, 1), TODAY, date(2030, 1, 1)])
def test_one_window_and_one_limit_hold_on_each_day(day: date) -> None:
    assert [row.holds(day) for row in RULES.window].count(True) == 1
    assert [row.holds(day) for row in RULES.limit].count(True) == 1


def test_what_no_quota_means_depends_on_the_day() -> None:
    assert RULES.on(date(2026, 2, 28)).charged_to[""] == "paid"
    assert "" not in RULES.on(date(2026, 3, 1)).charged_to


def test_the_limits_are_those_of_the_reference() -> None:
    limit = RULES.on(TODAY).limit
    assert (limit.text, limit.buttons, limit.title, limit.payload) == (2000, 5, 100, 1000)
    assert (limit.image, set(limit.image_types)) == (1024 * 1024, {"image/jpeg", "image/png"})


def test_every_row_names_its_source() -> None:
    rows: list[Dated] = [*RULES.window, *RULES.limit, *RULES.quota, *RULES.http, *RULES.error]
    assert all(row.source[0].isdigit() or row.source.startswith("our reading") for row in rows)


def test_a_wrong_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('[[window]]\nfree_hours = "bald"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="free_hours"):
        Rules.load(file)
