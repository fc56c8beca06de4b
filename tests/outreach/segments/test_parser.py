"""The query language: what is read, what is refused and how, and that canonical text reads back."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.segments import Query, SegmentError, explain, parse
from bot.outreach.segments.fields import DAYS, NUMBERS, Field, offices, specs, topics
from bot.outreach.segments.parser import DEEPEST, LONGEST
from bot.outreach.segments.saved import EXAMPLES
from bot.outreach.segments.tree import And, Asked, Everyone, Match, Missing, Not, Or, Span, Within

PARENT = Match(Field.ROLE, ("parent",))
DIEN_BIEN = Match(Field.PROVINCE, ("dien-bien",))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (
            "vai trò = phụ huynh và tỉnh = Điện Biên và lớp trong 1..5",
            And((PARENT, DIEN_BIEN, Span(Field.GRADE, 1, 5))),
        ),
        ("VAI TRO = phu huynh va tinh = dien-bien", And((PARENT, DIEN_BIEN))),
        ("role = parent and province = Điện Biên", And((PARENT, DIEN_BIEN))),
        ("thẻ hết hạn trong 30 ngày", Within(Field.CARD_END, 30)),
        ("năm sinh con 2012..2015", Span(Field.BIRTH_YEAR, 2012, 2015)),
        ("hỏi về vssid trong 90 ngày", Asked(("vssid",), 90)),
        ("hỏi về thẻ bhyt, vssid", Match(Field.ASKED, ("the-bhyt", "vssid"))),
        ("kênh = zalo", Match(Field.CHANNEL, ("zalo",))),
        ("nhãn = đã gọi", Match(Field.TAG, ("đã-gọi",))),
        ("nguồn = c-kg26", Match(Field.SOURCE, ("c-kg26",))),
        ("gặp lần cuối trong 60 ngày", Within(Field.LAST_SEEN, 60)),
        ("lớp 1, 2, 3", Match(Field.GRADE, (1, 2, 3))),
        ("lớp >= 10", Span(Field.GRADE, 10, None)),
        ("lớp ..5", Span(Field.GRADE, None, 5)),
        ("lớp 6.. và tất cả", And((Span(Field.GRADE, 6, None), Everyone()))),
        ("thẻ hết hạn <= 31/12/2026", Span(Field.CARD_END, None, date(2026, 12, 31))),
        ("thẻ hết hạn 2026-12-01..2026-12-31", Span(Field.CARD_END, date(2026, 12, 1), date(2026, 12, 31))),
        ("vai trò khác giáo viên", Not(Match(Field.ROLE, ("teacher",)))),
        ("trường trống hoặc lớp trong", Or((Missing(Field.SCHOOL), Missing(Field.GRADE)))),
        ('trường = "THCS Hòa và Bình"', Match(Field.SCHOOL, ("THCS Hòa và Bình",))),
        ("trường = THPT Hoàng Văn Trọng", Match(Field.SCHOOL, ("THPT Hoàng Văn Trọng",))),
        ("không (lớp = 1 hoặc lớp = 2)", Not(Or((Match(Field.GRADE, (1,)), Match(Field.GRADE, (2,)))))),
    ],
)
def test_a_query_is_read(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize("name", ["Điện Biên", "tỉnh Điện Biên", "dien bien", "DIEN BIEN"])
def test_a_province_goes_by_any_name(name: str) -> None:
    assert parse(f"tỉnh = {name}") == DIEN_BIEN


def test_a_former_province_is_the_one_of_today() -> None:
    assert parse("tỉnh = Hà Giang") == parse("tỉnh = Tuyên Quang")


def test_and_binds_closer_than_or() -> None:
    assert parse("tất cả hoặc lớp = 1 và lớp = 2") == parse("tất cả hoặc (lớp = 1 và lớp = 2)")


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 1, "thiếu điều kiện"),
        ("tinhh thanhh = Huế", 1, "ý bạn là “tỉnh thành”?"),
        ("lớp = 3 và vaii trò = phụ huynh", 12, "ý bạn là “vai trò”?"),
        ("tỉnh = Điên Biênn", 8, "ý bạn là “Điện Biên”?"),
        ("lớp = 13", 7, "từ 1 đến 12"),
        ("lớp trong 5..1", 11, "khoảng viết ngược"),
        ("lớp > 3", 5, "dùng >="),
        ("lớp ..", 5, "khoảng chưa có đầu nào"),
        ("vai trò =", 10, "có: học sinh, phụ huynh, giáo viên"),
        ("(lớp = 3", 1, "ngoặc chưa đóng"),
        ("lớp = 3)", 8, "không hiểu “)”"),
        ("hỏi về vssid trong", 19, "thiếu số ngày"),
        ("gặp lần cuối trong 0 ngày", 20, "từ 1 đến"),
        ('trường = "THCS', 10, "ngoặc kép chưa đóng"),
        ("lớp = 3 !", 9, "không hiểu dấu !"),
        ("thẻ hết hạn = mai", 15, "31/12/2026"),
    ],
)
def test_an_error_names_the_place_and_the_mend(text: str, position: int, words: str) -> None:
    with pytest.raises(SegmentError) as caught:
        parse(text)
    assert caught.value.position == position
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["không " * (DEEPEST + 2) + "tất cả", "(" * 500, "lớp = 1, " * LONGEST])
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(SegmentError):
        parse(text)


def test_every_example_is_read_and_explained() -> None:
    examples = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["example"]
    assert len(examples) >= 8
    for example in examples:
        assert explain(parse(example["query"])).endswith(".")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tất cả", "Tất cả mọi người."),
        (
            "vai trò = phụ huynh và lớp 1..5 và thẻ hết hạn trong 30 ngày",
            "Những người có vai trò phụ huynh, và có một học sinh (bản thân hoặc con) học lớp từ 1 đến 5, "
            "thẻ hết hạn trong 30 ngày tới.",
        ),
        ("tỉnh trống hoặc không kênh = zalo", "Những người chưa biết tỉnh hoặc không thuộc nhóm [nhắn qua zalo]."),
        (
            "thẻ hết hạn ..31/12/2026",
            "Những người có một học sinh (bản thân hoặc con) thẻ hết hạn đến ngày 31/12/2026.",
        ),
    ],
)
def test_a_query_is_explained(text: str, sentence: str) -> None:
    assert explain(parse(text)) == sentence


_TEXTS = (
    st.text(st.characters(blacklist_characters='"“”', blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
_DATES = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def _values(field: Field) -> st.SearchStrategy[str | int | date]:
    if field in DAYS:
        return _DATES
    if field in NUMBERS:
        return st.sampled_from(NUMBERS[field])
    if field is Field.TAG:
        return st.sampled_from(["đã-gọi", "nhóm1", "và", "năm-cuối", "_x"[1:]])
    if field in {Field.SCHOOL, Field.SOURCE}:
        return _TEXTS
    listed = {Field.PROVINCE: sorted(offices()), Field.ASKED: sorted(topics())}
    return st.sampled_from(listed.get(field) or sorted(specs()[field].values))


def _matches(field: Field) -> st.SearchStrategy[Query]:
    return st.lists(_values(field), min_size=1, max_size=3).map(lambda values: Match(field, tuple(values)))


def _spans(field: Field) -> st.SearchStrategy[Query]:
    ends = st.tuples(_values(field), _values(field)).map(sorted)  # type: ignore[type-var, arg-type]
    both = ends.map(lambda pair: Span(field, pair[0], pair[1]))
    return both | _values(field).map(lambda low: Span(field, low, None)) | ends.map(lambda p: Span(field, None, p[1]))


_DAYS = st.integers(1, 3650)
_CONDITIONS: st.SearchStrategy[Query] = st.one_of(
    st.just(Everyone()),
    st.sampled_from(Field).flatmap(_matches),
    st.sampled_from([*NUMBERS, *sorted(DAYS)]).flatmap(_spans),
    st.builds(Within, st.sampled_from(sorted(DAYS)), _DAYS),
    st.builds(
        lambda names, days: Asked(tuple(names), days), st.lists(st.sampled_from(sorted(topics())), min_size=1), _DAYS
    ),
    st.sampled_from([field for field in Field if field is not Field.ASKED]).map(Missing),
)


def _nested(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    def several(kind: type[And | Or]) -> st.SearchStrategy[Query]:
        others = parts.filter(lambda part: not isinstance(part, kind))
        return st.lists(others, min_size=2, max_size=3).map(lambda found: kind(tuple(found)))

    return parts.map(Not) | several(And) | several(Or)


@given(st.recursive(_CONDITIONS, _nested, max_leaves=6))
def test_canonical_text_reads_back(query: Query) -> None:
    text = str(query)
    if len(text) <= LONGEST:
        assert parse(text) == query


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from('lớp tỉnh = != ( ) .. 3 và hoặc không trong trống Huế , ngày 30 "'.split())).map(
        " ".join
    )
)
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except SegmentError as error:
        position = error.position
    else:
        position = 1
        assert parse(str(query)) == query
    assert 0 < position <= len(text) + 1
