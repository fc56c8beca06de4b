"""Lists as they come from Excel, Google Sheets and by hand."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.outreach.contacts import reading, workbook
from bot.outreach.contacts.reading import Line, read_sheet
from bot.outreach.contacts.workbook import OLD_EXCEL
from bot.outreach.errors import SheetError
from bot.outreach.sheets import csv_bytes, xlsx_bytes

TITLES = ["STT", "Họ tên phụ huynh (*)", "Số điện thoại", "Lớp"]
ROWS = [["1", "Lò Thị Mận", "0901234567", "5A"], ["2", "Quàng Văn Đức", "0912345678", "Lớp 6"]]
READ = (
    Line(2, {"name": "Lò Thị Mận", "phone": "0901234567", "grade": "5A"}),
    Line(3, {"name": "Quàng Văn Đức", "phone": "0912345678", "grade": "Lớp 6"}),
)
FIELDS = ("name", "phone", "grade")


def text(sign: str = ",") -> str:
    return "\r\n".join(sign.join(row) for row in [TITLES, *ROWS]) + "\r\n"


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_every_usual_csv_reads_the_same(sign: str, encoding: str) -> None:
    data = text(sign).encode("utf-8") if encoding != "cp1258" else vietnamese_1258(text(sign))
    data = text(sign).encode(encoding) if encoding not in {"utf-8", "cp1258"} else data
    sheet = read_sheet(data, "contacts")
    assert sheet.lines == READ
    assert sheet.unread == ("STT",)
    assert sheet.columns == {"name": TITLES[1], "phone": TITLES[2], "grade": TITLES[3]}


def vietnamese_1258(written: str) -> bytes:
    """As Windows writes it: the letter with its hat, then the tone as a character of its own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = ""
    for letter in written:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        out += base + tone
    return out.encode("cp1258")


def test_a_workbook_reads_as_it_looks() -> None:
    sheet = read_sheet(
        book(
            ["DANH SÁCH PHỤ HUYNH"],
            [],
            ["Họ tên phụ huynh", "SĐT", "Hạn thẻ", "Ngày sinh", "Lớp"],
            ["Lò Thị Mận", 901234567, date(2026, 12, 31), datetime(2015, 9, 5), 5.0],  # noqa: DTZ001
            [None, None, None, None, None],
            ["Quàng Văn Đức", "0912345678", None, 2016, "6A"],
        ),
        "contacts",
    )
    assert sheet.lines == (
        Line(
            4,
            {
                "name": "Lò Thị Mận",
                "phone": "901234567",
                "card_end": "31/12/2026",
                "birth_year": "05/09/2015",
                "grade": "5",
            },
        ),
        Line(6, {"name": "Quàng Văn Đức", "phone": "0912345678", "birth_year": "2016", "grade": "6A"}),
    )


def test_formulas_are_not_run_and_our_own_guard_is_taken_off() -> None:
    sheet = read_sheet(xlsx_bytes(["SĐT", "Họ tên phụ huynh"], [["+84901234567", "=1+1"]]), "contacts")
    assert sheet.lines[0].cells == {"phone": "+84901234567", "name": "=1+1"}
    assert read_sheet(csv_bytes(["SĐT"], [["+84901234567"]]), "contacts").lines[0].cells == {"phone": "+84901234567"}


def test_excel_may_name_the_sign_between_columns() -> None:
    assert read_sheet(("sep=;\r\n" + text(";")).encode(), "contacts").lines[0].cells == READ[0].cells


def test_cells_with_line_breaks_and_quotes() -> None:
    data = 'Họ tên phụ huynh,SĐT\n"Lò\nThị ""Mận""",0901234567\n'.encode()
    assert read_sheet(data, "contacts").lines == (Line(2, {"name": 'Lò Thị "Mận"', "phone": "0901234567"}),)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "trống"),
        (b" \n ", "trống"),
        (OLD_EXCEL + b"x", ".xls"),
        (b"PK\x03\x04broken", "Không mở được"),
        (b"\xff\xfea", "Không đọc được chữ"),
        ("một,hai\n1,2\n".encode(), "dòng tên cột"),
        ("SĐT,Điện thoại\n1,2\n".encode(), "cùng nghĩa"),
    ],
)
def test_what_is_no_list_is_told_so(data: bytes, told: str) -> None:
    with pytest.raises(SheetError, match=told):
        read_sheet(data, "contacts")


def test_lists_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINES", 5)
    with pytest.raises(SheetError, match="dài quá 5 dòng"):
        read_sheet(csv_bytes(["SĐT"], [["0901234567"]] * 30), "contacts")
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(SheetError, match="lớn quá"):
        read_sheet(text().encode(), "contacts")


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 100_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 200_000)
    with pytest.raises(SheetError, match="lớn quá"):
        read_sheet(file.getvalue(), "contacts")


CELLS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12).map(lambda cell: cell.strip("'"))


@settings(max_examples=50)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8), st.sampled_from([csv_bytes, xlsx_bytes]))
def test_what_we_write_is_what_we_read(rows: list[list[str]], write: object) -> None:
    data = write(["Họ tên phụ huynh", "SĐT", "Lớp"], rows)  # type: ignore[operator]
    expected = [
        {field: unicodedata.normalize("NFC", cell) for field, cell in zip(FIELDS, row, strict=True) if cell}
        for row in rows
    ]
    assert [line.cells for line in read_sheet(data, "contacts").lines] == [cells for cells in expected if cells]


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", "SĐT,Lớp\n".encode()]))
def test_any_bytes_are_a_list_or_refused(data: bytes, before: bytes) -> None:
    try:
        read_sheet(before + data, "contacts")
    except SheetError as error:
        assert str(error)  # noqa: PT017
