"""Light markup as Telegram's HTML: what it looks like, and that every part is valid, short enough and loses nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.markup import ENTITIES, LIMIT, parts, styled, units
from bot.simulator.telegram.markup import parse_html

SHOWN = {
    "paragraphs": ("a\nb\n\n\n\nc", "a\nb\n\nc"),
    "bold": ("tự đóng **68 đồng**.", "tự đóng <b>68 đồng</b>."),
    "stray asterisks": ("2 ** 3 ** 4 ****", "2 ** 3 ** 4 ****"),
    "list": ("Gồm:\n- một\n  - **hai**", "Gồm:\n• một\n• <b>hai</b>"),
    "steps": ("1. một\n2. hai", "1. một\n2. hai"),
    "html": ("<b>&amp; \"'", "&lt;b&gt;&amp;amp; \"'"),
    "html in bold": ("**<i>**", "<b>&lt;i&gt;</b>"),
    "address": ("vào dichvucong.gov.vn.", "vào dichvucong.gov.vn."),
    "windows line ends": ("a\r\n\r\nb", "a\n\nb"),
    "white space around": ("\n\n a \n", "a"),
}


@pytest.mark.parametrize(("text", "html"), SHOWN.values(), ids=SHOWN.keys())
def test_markup(text: str, html: str) -> None:
    assert parts(styled(text)) == [html]


@pytest.mark.parametrize("text", ["", " \n ", "\n\n"])
def test_nothing_to_say(text: str) -> None:
    assert parts(styled(text)) == []


def test_the_note_is_quoted() -> None:
    html = "a\n\n<blockquote expandable>Nguồn: <b>x</b> &lt;1&gt;\n• y</blockquote>"
    assert parts(styled("a", "Nguồn: **x** <1>\n- y")) == [html]


def test_a_note_alone() -> None:
    assert parts(styled("", "b")) == ["<blockquote expandable>b</blockquote>"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aaaa bbb\n\ncc dd", ["aaaa bbb", "cc dd"]),
        ("aaaa bbb\ncc dd", ["aaaa bbb", "cc dd"]),
        ("aaaa bbb cc dd", ["aaaa bbb", "cc dd"]),
        ("aaaabbbbccccdd", ["aaaabbbbcc", "ccdd"]),
        ("a\n\nbbb bbb bbb", ["a\n\nbbb bbb", "bbb"]),
        ("**aaaa bbbb cccc**", ["<b>aaaa bbbb</b>", "<b>cccc</b>"]),
        ("😀😀😀😀😀😀", ["😀😀😀😀😀", "😀"]),
    ],
)
def test_where_a_long_text_is_cut(text: str, expected: list[str]) -> None:
    assert parts(styled(text), 10) == expected


def test_a_note_cut_in_two_is_quoted_twice() -> None:
    first, second = parts(styled("a", "bbb ccc ddd"), 9)
    assert first == "a\n\n<blockquote expandable>bbb</blockquote>"
    assert second == "<blockquote expandable>ccc ddd</blockquote>"


def test_the_real_limit() -> None:
    assert LIMIT == 4096
    assert len(parts(styled("ă" * 4096))) == 1
    assert [units(part) for part in parts(styled("😀" * 2049))] == [4096, 2]


def test_more_bold_than_telegram_shows() -> None:
    [html] = parts(styled("**a** " * (ENTITIES + 50), "n"))
    text, entities = parse_html(html)
    assert len(entities) == ENTITIES
    assert text.count("a") == ENTITIES + 50
    assert entities[-1]["type"] == "blockquote"


words = st.sampled_from(["một", "**hai**", "**ba bốn", "năm**", "<b>", "&lt;", "😀", "-", "1.", "**", "x" * 15])
texts = st.lists(words | st.sampled_from([" ", "\n", "\n\n", "\n- ", "\n1. ", "\t"]), max_size=60).map("".join)


@given(texts | st.text(), texts | st.text(max_size=20), st.integers(2, 50))
def test_parts_are_valid_short_and_complete(text: str, note: str, limit: int) -> None:
    source = styled(text, note)
    made = parts(source, limit)
    read = [parse_html(part) for part in made]
    assert all(0 < units(shown) <= limit for shown, _ in read)
    assert squeezed("".join(shown for shown, _ in read)) == squeezed(source.text)
    assert all(entity["type"] in {"bold", "blockquote"} for _, entities in read for entity in entities)


@given(texts | st.text())
def test_only_the_signs_of_the_markup_are_taken_out(text: str) -> None:
    shown = squeezed(styled(text).text).replace("*", "").replace("•", "-")
    assert shown == squeezed(text).replace("*", "").replace("•", "-")


@given(texts)
def test_what_is_bold_stays_bold_over_a_cut(text: str) -> None:
    whole, cut = bold_of(parts(styled(text))), bold_of(parts(styled(text), 20))
    assert squeezed(cut) == squeezed(whole)


def bold_of(made: list[str]) -> str:
    found: list[str] = []
    for part in made:
        text, entities = parse_html(part)
        found += [taken(text, entity) for entity in entities if entity["type"] == "bold"]
    return "".join(found)


def taken(text: str, entity: dict[str, Any]) -> str:
    raw = text.encode("utf-16-le", "surrogatepass")
    start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    return raw[start:end].decode("utf-16-le", "surrogatepass")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
