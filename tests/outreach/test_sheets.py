"""No file that we write runs anything on the computer of whoever opens it."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.clock import VIETNAM
from bot.outreach.sheets import CELL_LIMIT, STARTS, csv_bytes, safe, unguarded, write_sheet, xlsx_bytes

ATTACKS = ["=1+1", "+84901234567", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", '=HYPERLINK("http://x")']
TEXTS = st.one_of(st.text(max_size=20), st.tuples(st.sampled_from(STARTS), st.text(max_size=20)).map("".join))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_formula_becomes_text(attack: str, tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx"):
        write_sheet(tmp_path / name, ["=tên"], [[attack]])
    (header,), (cell,) = csv.reader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"), newline=""))
    assert (header, cell) == ("'=tên", f"'{attack}")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert all(cell.data_type == "s" and str(cell.value).startswith("'") for row in sheet.iter_rows() for cell in row)


@settings(max_examples=50)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_no_cell_ever_begins_like_a_formula(cells: list[str]) -> None:
    rows = csv.reader(io.StringIO(csv_bytes(["x"], [cells]).decode("utf-8-sig"), newline=""))
    sheet = load_workbook(io.BytesIO(xlsx_bytes(["x"], [cells]))).active
    assert sheet is not None
    written = [cell for row in rows for cell in row]
    written += [str(cell.value or "") for row in sheet.iter_rows() for cell in row]
    assert not any(cell.lstrip(" \u00a0").startswith(STARTS) for cell in written)


@given(st.text(st.characters(exclude_categories=["C"]), max_size=20).filter(lambda text: not text.startswith("'")))
def test_the_guard_can_be_taken_off(text: str) -> None:
    assert unguarded(str(safe(text))) == text


def test_numbers_days_and_moments_stay_what_they_are() -> None:
    moment = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)
    assert [safe(value) for value in (-5, 1.5, None, moment.date())] == [-5, 1.5, None, moment.date()]
    assert safe(moment) == moment.replace(tzinfo=None)
    assert safe("x\x00\x07y") == "xy"
    assert len(str(safe("=" * 2 * CELL_LIMIT))) == CELL_LIMIT
