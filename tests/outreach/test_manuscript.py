"""Campaigns as staff write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import VIETNAM
from bot.outreach.campaign import Terms, Wave
from bot.outreach.errors import CampaignError
from bot.outreach.manuscript import Manuscript
from handlers.effects import Topic
from tests.outreach.office import WRITTEN, Office, written

FILE = """
code = "kg26"
title = "Khai giảng"
segment = "province = ha-noi"
starts = 2026-11-25T08:00:00
ends = 2026-12-01T00:00:00Z
terms = { waves = [{ share = 10, after_hours = 0 }, { share = 90, after_hours = 24 }], pays = true }

[texts.vi]
text = "Chào"
buttons = [{ label = "Mức đóng", action = "entry:muc-dong-hien-nay" }]
"""


def test_a_file_is_read_with_vietnamese_times() -> None:
    read = Manuscript.read(FILE)
    assert read.starts == datetime(2026, 11, 25, 8, tzinfo=VIETNAM)
    assert read.ends == datetime(2026, 12, 1, 7, tzinfo=VIETNAM)
    assert read.terms == Terms(waves=(Wave(share=10, after_hours=0), Wave(share=90, after_hours=24)), pays=True)
    assert read.topic is Topic.NEWS


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": "khai-giang"}, "mã chiến dịch gồm"),
        ({"code": "hs41"}, "mã chiến dịch gồm"),
        ({"title": ""}, "title: không được để trống"),
        ({"colour": "red"}, "colour: không có mục nào"),
        ({"topic": "spam"}, "topic: phải là một trong: 'news'"),
        ({"texts": {"en": {"text": "a"}}}, "tiếng Việt (texts.vi)"),
        ({"texts": {"vi": {"text": "a", "buttons": [{"label": "b"}]}}}, "mỗi nút cần"),
        ({"texts": {"vi": {"text": "a", "buttons": [{"label": "b", "action": "menu"}] * 4}}}, "nhiều quá 3"),
        ({"texts": {"vi": {"text": "a", "buttons": [{"label": "b", "link": "javascript:x"}]}}}, "link"),
        ({"terms": {"waves": [{"share": 10, "after_hours": 0}]}}, "bằng 100"),
        ({"terms": {"waves": [{"share": 50, "after_hours": 2}, {"share": 50, "after_hours": 1}]}}, "xếp theo giờ"),
        ({"terms": {"quiet_from": 3}}, "quiet_to"),
        ({"terms": {"cap_days": 3}}, "cap_days"),
        ({"terms": {"quiet_from": 24, "quiet_to": 3}}, "không được lớn hơn 23"),
        ({"starts": "mai"}, "starts: phải là ngày giờ"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(CampaignError) as caught:
        written(**changes)
    assert says in str(caught.value)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(CampaignError) as caught:
        Manuscript.of({"code": "x", "priority": 1000})
    assert {problem.split(":")[0] for problem in caught.value.problems} >= {
        "code",
        "title",
        "segment",
        "texts",
        "priority",
    }
    assert "title: còn thiếu" in caught.value.problems


def test_a_broken_file_names_the_line() -> None:
    with pytest.raises(CampaignError, match="line 2"):
        Manuscript.read('code = "kg26"\ntitle = Khai giảng\n')


TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: "\r" not in text)
BUTTON = st.fixed_dictionaries({"label": st.text(min_size=1, max_size=60), "action": st.just("menu")})


@given(
    title=st.text(min_size=1, max_size=60),
    text=TEXTS,
    buttons=st.lists(BUTTON, max_size=3),
    starts=st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
    terms=st.sampled_from((Terms(), Terms(pays=True, waits=False, quiet_from=20, quiet_to=6))),
)
def test_what_is_shown_for_editing_reads_back_the_same(
    title: str, text: str, buttons: list[dict[str, str]], starts: datetime | None, terms: Terms
) -> None:
    texts = {"vi": {"text": text, "buttons": buttons}, "en-zalo": {"text": "b"}}
    before = written(title=title, starts=starts, terms=terms, texts=texts, season="2023-2024", purpose="để 'thử'")
    assert Manuscript.read(before.toml()) == before


async def test_a_campaign_is_kept_as_it_was_written(office: Office) -> None:
    manuscript = {
        **WRITTEN,
        "exclude": "role = teacher",
        "starts": datetime(2026, 11, 25, 8, tzinfo=VIETNAM),
        "terms": {"cap_messages": 1, "cap_days": 30},
        "priority": 5,
    }
    campaign = await office.campaign(**manuscript)
    assert Manuscript.copy_of(campaign) == Manuscript.of(manuscript)
    assert campaign.attribution == "c-kg26"
    assert campaign.starts is not None
    assert campaign.starts.utcoffset() == timedelta(hours=7)
