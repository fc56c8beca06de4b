"""Markup, buttons and images as the fake reads them."""

from __future__ import annotations

import html
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.telegram.errors import ApiError
from bot.simulator.telegram.files import dimensions, drawn_photo
from bot.simulator.telegram.keyboard import inline_keyboard
from bot.simulator.telegram.markup import parse_html, units

TAGS = {"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "code": "code", "blockquote": "blockquote"}


def nested() -> st.SearchStrategy[tuple[str, str, int]]:
    """Valid HTML, its plain text, and how many tags it has."""
    plain = st.text(min_size=1).map(lambda text: (html.escape(text), text, 0))
    return st.recursive(
        plain,
        lambda inner: st.tuples(st.sampled_from(list(TAGS)), st.lists(inner, min_size=1, max_size=3)).map(_wrapped),
        max_leaves=8,
    )


def _wrapped(made: tuple[str, list[tuple[str, str, int]]]) -> tuple[str, str, int]:
    tag, parts = made
    source, text = ("".join(part[place] for part in parts) for place in (0, 1))
    return f"<{tag}>{source}</{tag}>", text, 1 + sum(part[2] for part in parts)


@given(nested())
def test_valid_html_gives_its_text_and_entities_inside_it(made: tuple[str, str, int]) -> None:
    source, plain, tags = made
    text, entities = parse_html(source)
    assert text == plain.strip()
    assert len(entities) <= tags
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= units(text) for one in entities)
    assert {one["type"] for one in entities} <= set(TAGS.values())


@given(st.text(alphabet="<>/&;b i'\"=aă\U0001f600", max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    with suppress(ApiError):
        text, entities = parse_html(source)
        assert units(text) <= units(source)
        assert len(entities) <= source.count("</")


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("A \U0001f600 <b>ệ</b>", "A \U0001f600 ệ", [("bold", 5, 1)]),
        (" \n<b> A </b>\n", "A", [("bold", 0, 1)]),
        ("<b></b>A", "A", []),
        ('<a href="https://a.vn/?x=1&amp;y=2">A</a>', "A", [("text_link", 0, 1)]),
        ('<a href="javascript:1">A</a>', "A", []),
        ('<span class="tg-spoiler">A</span>', "A", [("spoiler", 0, 1)]),
        ("<B><I>A</I></B>", "A", [("italic", 0, 1), ("bold", 0, 1)]),
        ("A &nbsp; &lt;b&gt; & B", "A &nbsp; <b> & B", []),
        ("&#7879;&#x1EC7;", "ệệ", []),
    ],
)
def test_html(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    found, marks = parse_html(source)
    assert found == text
    assert [(mark["type"], mark["offset"], mark["length"]) for mark in marks] == entities


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>A", 'Can\'t find end tag corresponding to start tag "b"'),
        ("A</b>", "Unexpected end tag at byte offset 1"),
        ("ệ<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<b>A</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>A</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_wrong_html(source: str, why: str) -> None:
    with pytest.raises(ApiError) as told:
        parse_html(source)
    assert told.value.description == f"Bad Request: can't parse entities: {why}"


def test_the_style_of_the_hundred_and_first_is_lost() -> None:
    assert len(parse_html("<b>a</b> " * 101)[1]) == 100


@pytest.mark.parametrize(
    "markup",
    [
        None,
        {"remove_keyboard": True},
        {"keyboard": [[{"text": "A", "request_contact": True}]]},
        {"inline_keyboard": []},
    ],
)
def test_what_has_no_inline_keyboard(markup: object) -> None:
    assert inline_keyboard(markup) is None


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"text": "A"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "a"}, "Button text must be non-empty"),
        ({"text": "A", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": "đ" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "url": "mailto:a@a.vn"}, "BUTTON_URL_INVALID"),
        ({"text": "A", "url": "tel:19009068"}, "BUTTON_URL_INVALID"),
        ({"text": "A", "url": "https://"}, "BUTTON_URL_INVALID"),
        ({"text": "A", "copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ("A", "Object expected"),
    ],
)
def test_wrong_buttons(button: object, why: str) -> None:
    with pytest.raises(ApiError, match=why):
        inline_keyboard({"inline_keyboard": [[button]]})


@pytest.mark.parametrize("url", ["https://a.vn/x", "http://127.0.0.1:8080", "tg://user?id=1"])
def test_good_addresses(url: str) -> None:
    assert inline_keyboard({"inline_keyboard": [[{"text": "A", "url": url}], []]})


def test_bounds_of_a_keyboard() -> None:
    button = {"text": "A", "callback_data": "d" * 64}
    assert inline_keyboard({"inline_keyboard": [[button] * 8] * 12})
    for rows in ([[button] * 9], [[button]] * 101, "x"):
        with pytest.raises(ApiError):
            inline_keyboard({"inline_keyboard": rows})


def test_the_size_of_images() -> None:
    assert dimensions(drawn_photo(33, 7)) == (33, 7)
    table = b"\xff\xe0\x00\x04ab"
    frame = b"\xff\xc0" + struct.pack(">HBHH", 8, 8, 20, 30)
    assert dimensions(b"\xff\xd8" + table + frame + bytes(9)) == (30, 20)


@given(
    st.binary(max_size=60).flatmap(
        lambda tail: st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]).map(lambda head: head + tail)
    )
)
def test_what_is_no_image_is_refused(body: bytes) -> None:
    with suppress(ApiError):
        width, height = dimensions(body)
        assert width >= 0 <= height
