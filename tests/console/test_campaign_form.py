"""The form of a campaign holds all that a file can hold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import VIETNAM
from bot.console.manuscripts import KEYS, fields_of, values_of
from bot.outreach.manuscript import Manuscript
from tests.console.season import WRITER, filled

if TYPE_CHECKING:
    from tests.console.season import Season

RICH: dict[str, Any] = {
    "code": "kg26",
    "title": "Đủ thứ",
    "purpose": "Thử",
    "topic": "reminders",
    "segment": "tất cả",
    "exclude": "nhãn = đã-gọi",
    "priority": -3,
    "starts": datetime(2026, 11, 25, 8, 0, 30, tzinfo=VIETNAM),
    "ends": datetime(2026, 12, 25, 17, 0, tzinfo=VIETNAM),
    "season": "2023-2024",
    "terms": {
        "waves": [{"share": 20, "after_hours": n} for n in range(5)],
        "quiet_from": 0,
        "quiet_to": 0,
        "cap_messages": 2,
        "cap_days": 30,
        "pays": True,
        "waits": False,
        "repeats": "deadline",
    },
    "texts": {
        key: {
            "text": f"\n  {key}\n\n- một\n",
            "image": "a" * 64,
            "buttons": [{"label": "A", "action": "menu"}, {"label": "B", "link": "https://a.vn/x?y=1"}],
        }
        for key in KEYS
    },
}


async def test_nothing_that_a_file_can_hold_is_lost_in_the_form(place: Season) -> None:
    """Also through the HTML, where a line break at the beginning of a text is easily lost."""
    desk, rich = place.desk.console.campaigns, Manuscript.of({**RICH, "code": "kg27"})
    await desk.create(rich, 1)
    async with place.desk.clerk(WRITER) as writer:
        form = filled(await writer.get("/campaigns/kg27/edit"))
        assert (await writer.post("/campaigns/kg27/edit", **form)).status == 303
        assert [event.action for event in await desk.history("kg27")] == ["created"]
        await writer.post("/campaigns/kg27/edit", **{**form, "title": "Khác"})
    (*_, edited) = await desk.history("kg27")
    assert edited.detail["changed"] == ["title"]


CHARACTERS = st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=["Cs"])
WORDINGS = st.fixed_dictionaries(
    {"text": st.text(CHARACTERS, min_size=1).filter(str.strip)},
    optional={
        "buttons": st.lists(
            st.one_of(
                st.fixed_dictionaries({"label": st.just("A"), "action": st.sampled_from(["menu", "entry:x"])}),
                st.fixed_dictionaries({"label": st.just("B"), "link": st.just("https://a.vn")}),
            ),
            max_size=3,
        )
    },
)


@given(
    texts=st.dictionaries(st.sampled_from(KEYS), WORDINGS),
    vi=WORDINGS,
    pays=st.booleans(),
    waits=st.booleans(),
    priority=st.integers(-100, 100),
    starts=st.none() | st.integers(0, 4_000_000_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, VIETNAM)),
)
def test_a_form_gives_back_what_it_was_made_from(texts: dict[str, Any], vi: dict[str, Any], **rest: Any) -> None:
    terms = {"pays": rest.pop("pays"), "waits": rest.pop("waits")}
    values = {"code": "kg26", "title": "A", "segment": "all", "terms": terms, "texts": {**texts, "vi": vi}, **rest}
    before = Manuscript.of(values)
    assert Manuscript.of(values_of(fields_of(before.model_dump(mode="json")))) == before
