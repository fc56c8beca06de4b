"""Light markup: what it shows, and that nothing else can come out of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.web.markup import LightMarkup

MARKUP = LightMarkup(frozenset({"1900.9068", "115", "111"}))
HOTLINE = '<a class="tel" href="tel:19009068">1900.9068</a>'
AMBULANCE = '<a class="tel" href="tel:115">115</a>'


def link(host: str, shown: str | None = None) -> str:
    return f'<a href="https://{host}" target="_blank" rel="noopener noreferrer">{shown or host}</a>'


SHOWN = {
    "paragraphs": ("a\nb\n\n\nc", "<p>a<br>b</p><p>c</p>"),
    "bold": ("tự đóng **68 đồng**.", "<p>tự đóng <strong>68 đồng</strong>.</p>"),
    "stray asterisks": ("2 ** 3 ** 4 ****", "<p>2 ** 3 ** 4 ****</p>"),
    "list": ("Gồm:\n- một\n- **hai**", "<p>Gồm:</p><ul><li>một</li><li><strong>hai</strong></li></ul>"),
    "steps": ("1. một\n2. hai", "<ol><li>một</li><li>hai</li></ol>"),
    "steps go on": ("3. ba", '<ol start="3"><li>ba</li></ol>'),
    "a date is no step": ("01/7/2026", "<p>01/7/2026</p>"),
    "windows line ends": ("a\r\n\r\nb", "<p>a</p><p>b</p>"),
    "empty": ("\n \n", ""),
    "html": ("<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"),
    "address": ("vào dichvucong.gov.vn.", f"<p>vào {link('dichvucong.gov.vn')}.</p>"),
    "address with path": (
        "https://a.gov.vn/x?y=1&z.",
        f"<p>{link('a.gov.vn/x?y=1&amp;z', 'https://a.gov.vn/x?y=1&amp;z')}.</p>",
    ),
    "ending alone": ("đuôi **gov.vn**", "<p>đuôi <strong>gov.vn</strong></p>"),
    "hotline": ("gọi **1900.9068**.", f"<p>gọi <strong>{HOTLINE}</strong>.</p>"),
    "unknown number": ("gọi 1900.0000", "<p>gọi 1900.0000</p>"),
    "emergency": ("Nguy kịch thì gọi 115.", f"<p>Nguy kịch thì gọi {AMBULANCE}.</p>"),
    "emergency in bold": ("gọi **115** ngay", f"<p>gọi <strong>{AMBULANCE}</strong> ngay</p>"),
    "amount": ("gọi 115.000 đồng, 115 đồng, hoặc 115%", "<p>gọi 115.000 đồng, 115 đồng, hoặc 115%</p>"),
}


@pytest.mark.parametrize(("text", "html"), SHOWN.values(), ids=SHOWN.keys())
def test_markup(text: str, html: str) -> None:
    assert MARKUP.render(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "gov.vn.evil.com",
        "a.gov.vn.evil.com",
        "evilgov.vn",
        "user@a.gov.vn",
        "https://evil.com/a.gov.vn",
        "a.gov.vn:8080/x",
        "a.gov.vn-evil.com",
        "javascript:alert(1)//",
        "http://evil.com",
    ],
)
def test_no_link_that_only_looks_official(text: str) -> None:
    assert "<a" not in MARKUP.render(text)


class Checker(HTMLParser):
    """Fails on any element, attribute or nesting that is not on the list."""

    ALLOWED = {  # noqa: RUF012
        "p": {}, "br": {}, "strong": {}, "ul": {}, "li": {}, "ol": {"start": r"\d{1,3}"},
        "a": {"href": r"tel:\d+|https://([a-z0-9-]+\.)+gov\.vn(/[A-Za-z0-9_./?=&%#-]*)?", "class": "tel",
              "target": "_blank", "rel": "noopener noreferrer"},
    }  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert re.fullmatch(self.ALLOWED[tag][name], value or ""), (tag, name, value)
        assert tag in self.ALLOWED
        if tag != "br":
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def unexpected(self, *_: object) -> None:
        raise AssertionError("a comment, declaration or instruction came out")

    handle_comment = handle_decl = handle_pi = unknown_decl = unexpected


def check(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.stack == []
    return checker


PIECES = [
    *("**", "- ", "1. ", "999. ", "٣. ", "\n", "\n\n", "\r", "\u2028", "\x00", "ệ", ".", " ", "/x"),
    *("<", ">", '"', "'", "&", "&lt;", "<script>", "<!--", "<a href=", "]]>", "javascript:", "https://"),
    *("a.gov.vn", "1900.9068", "gọi 115", "115"),
]
NASTY = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), min_size=1, max_size=25).map("".join)
EVERYWHERE = '<i>a.gov.vn/"<i>**<i>**<i>1900.9068<i>\n- <i>\n1. <i>\n\ngọi 115<i>'


@settings(max_examples=300)
@example(EVERYWHERE)
@given(NASTY)
def test_nothing_but_the_allowed_elements_comes_out(text: str) -> None:
    check(MARKUP.render(text))


@settings(max_examples=300)
@example(EVERYWHERE)
@given(NASTY)
def test_a_single_line_is_as_safe(text: str) -> None:
    check(MARKUP.inline(text))


@given(st.text(alphabet=st.characters(exclude_characters="*-•.", exclude_categories=["C", "Z"])))
def test_no_sign_is_lost(text: str) -> None:
    assert check(MARKUP.render(text)).text == text


def test_a_long_line_takes_no_time() -> None:
    for piece in ("**", "a.", "a-", "1900.", "**a", "- ", "x.gov.vn/"):
        check(MARKUP.render(piece * 4000))
