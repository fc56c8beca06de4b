"""The same figures as CSV, workbook and page."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from bot.outreach.reports.charts import WIDTH, Bars, Columns, Stack
from bot.outreach.reports.document import Document, Figure, Table
from bot.outreach.reports.writing import as_csv, as_html, as_xlsx

NASTY = '=1+1<script>alert("x")</script>'
BARS = Bars((("Hà Nội", 10, 4), (NASTY, 0, 0)), ("số người", "nhận được"), "sent")
COLUMNS = Columns(("09:00",), (("sent", "nhận được", (7,)),))
STACK = Stack((("sent", "nhận được", 3), ("failed", "lỗi", 0)))
PLACES = ((NASTY, 1234, 0.5), ("Huế", 0, None))
DOCUMENT = Document(
    title="Báo cáo",
    subtitle=NASTY,
    at="Số liệu đến 09:00",
    figures=(Figure("người nhận được", 1234, "83%"),),
    tables=(
        Table("Theo tỉnh [1/2]", ("tỉnh", "số người", "tỷ lệ"), PLACES, ("cộng", 1234, 1.0), BARS),
        Table("Theo giờ", ("từ", "nhận được"), (("09:00", 7),), (), COLUMNS),
        Table("Đến đâu", ("a", "b"), (("a", 1),), (), STACK),
    ),
    notes=("Cách tính",),
)


def test_csv_has_each_number_on_a_line() -> None:
    lines = list(csv.reader(io.StringIO(as_csv(DOCUMENT).decode("utf-8-sig"))))
    assert lines[0] == ["phần", "mục", "chỉ tiêu", "giá trị"]
    assert ["Báo cáo", "người nhận được", "giá trị", "1234"] in lines
    assert ["Theo tỉnh [1/2]", f"'{NASTY}", "số người", "1234"] in lines
    assert ["Theo tỉnh [1/2]", "cộng", "tỷ lệ", "1.0"] in lines


def test_a_workbook_has_a_sheet_for_each_table() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(DOCUMENT)))
    assert book.sheetnames == ["Báo cáo", "Theo tỉnh  1 2 ", "Theo giờ", "Đến đâu", "Cách tính"]
    rows = [[cell.value for cell in row] for row in book["Theo tỉnh  1 2 "].iter_rows()]
    assert rows[1:] == [[f"'{NASTY}", 1234, 0.5], ["Huế", 0, None], ["cộng", 1234, 1]]


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_page_needs_nothing_else_and_runs_nothing() -> None:
    page = as_html(DOCUMENT)
    tags = Tags(page).found
    assert not [tag for tag, _ in tags if tag in {"script", "link", "img", "iframe"}]
    assert not [attributes for _, attributes in tags if {"src", "href", "onload"} & attributes.keys()]
    assert "url(" not in page
    assert "1.234" in page
    assert "50%" in page
    assert "–</td>" in page


def test_charts_are_whole_and_lie_on_the_page() -> None:
    drawings = re.findall(r"<svg.*?</svg>", as_html(DOCUMENT), re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        svg = ET.fromstring(drawing)  # noqa: S314 - our own
        assert svg.get("aria-label")
        height = float(svg.attrib["viewBox"].split()[-1])
        for shape in svg.iter("rect"):
            x, y, wide, high = (float(shape.attrib[name]) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= x + wide <= WIDTH
            assert 0 <= y <= y + high <= height


@pytest.mark.parametrize("count", [1, 7, 14, 15, 60])
def test_ticks_stay_on_the_page(count: int) -> None:
    columns = Columns(tuple(map(str, range(count))), (("sent", "a", (1,) * count),))
    assert 1 <= len(columns.ticks()) <= count
    assert columns.shapes((0,) * count)[0].height == 0
