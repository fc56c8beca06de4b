"""A list is taken as a whole or not at all, twice as well as once, and never against what somebody said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from bot.outreach.consents import How, record
from bot.outreach.contacts import importing
from bot.outreach.contacts.outcomes import Fate
from bot.store.models import Consent, RecipientRow
from handlers.effects import Topic
from tests.bot.reading import everything, rows
from tests.outreach.contacts.lists import take, take_schools
from tests.outreach.office import NOW, TELEGRAM

if TYPE_CHECKING:
    from bot.outreach.contacts.outcomes import ListReport
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase
    from tests.outreach.office import Office

PARENT = {"Vai trò": "phụ huynh"}
MAN = {"SĐT": "0901234567", **PARENT, "Họ tên phụ huynh": "Lò Thị Mận"}
DUC = {"SĐT": "0912345678", **PARENT, "Họ tên phụ huynh": "Quàng Văn Đức"}
YES = {"Đồng ý": "có", "Ngày đồng ý": "5/9/2026", "Cách đồng ý": "phiếu đầu năm"}
ON_TELEGRAM = {"Kênh": "telegram", "Mã Telegram": "123456789"}


def fates(report: ListReport) -> list[tuple[int, Fate, int | None]]:
    return [(outcome.row, outcome.fate, outcome.joined) for outcome in report.outcomes]


async def contact(database: Database, person: int) -> dict[str, Any]:
    (found,) = [row for row in await rows(database, "contact") if row["person_id"] == person]
    return found


async def standings(database: Database, person: int) -> dict[str, str]:
    return {row["topic"]: row["consent"] for row in await rows(database, "consent") if row["person_id"] == person}


async def test_a_dry_run_tells_all_and_writes_nothing(database: Database, base: KnowledgeBase) -> None:
    before = await everything(database)
    report = await take(database, base, {**MAN, **YES, **ON_TELEGRAM}, DUC, write=False)
    assert fates(report) == [(2, Fate.NEW, None), (3, Fate.NEW, None)]
    assert not report.written
    assert await everything(database) == before


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_postgresql_knows_at_once_how_many_came(database: Database, base: KnowledgeBase) -> None:
    """Otherwise a campaign right after the list would compare everybody with everybody."""
    await take(database, base, MAN, DUC)
    async with database.reading() as session:
        known = text("SELECT reltuples FROM pg_class WHERE relname IN ('person', 'contact')")
        assert (await session.execute(known)).scalars().all() == [2, 2]


async def test_nothing_is_written_while_a_line_is_wrong(database: Database, base: KnowledgeBase) -> None:
    before = await everything(database)
    report = await take(database, base, MAN, {**DUC, "SĐT": "123"})
    assert fates(report) == [(2, Fate.NEW, None), (3, Fate.WRONG, None)]
    assert [problem.row for problem in report.problems] == [3]
    assert not report.written
    assert await everything(database) == before


async def test_wrong_lines_can_be_left_out(database: Database, base: KnowledgeBase) -> None:
    report = await take(database, base, MAN, {**DUC, "SĐT": "123"}, leave_out_wrong=True)
    assert report.written
    assert report.fates == {Fate.NEW: 1, Fate.WRONG: 1}
    assert [row["name"] for row in await rows(database, "contact")] == ["Lò Thị Mận"]


async def test_the_same_list_twice_changes_nothing(database: Database, base: KnowledgeBase) -> None:
    await take_schools(database, base)
    lines = (
        {
            **MAN,
            **YES,
            **ON_TELEGRAM,
            "Mã": "1",
            "Trường": "TH-02",
            "Lớp": "3",
            "Nhãn": "khó khăn",
            "Hạn thẻ": "31/12/2026",
        },
        {**MAN, "Mã": "2", "Trường": "TH-02", "Lớp": "5"},
        {**DUC, "Trường": "thcs him lam", "Năm sinh": "2014"},
    )
    assert (await take(database, base, *lines)).fates == {Fate.NEW: 3}
    before = await everything(database)
    again = await take(database, base, *lines)
    assert again.fates == {Fate.SAME: 3}
    assert await everything(database) == before


async def test_several_lines_of_a_guardian_are_several_children(database: Database, base: KnowledgeBase) -> None:
    await take_schools(database, base)
    report = await take(
        database,
        base,
        {**MAN, "Mã": "A", "Trường": "TH-02", "Năm sinh": "2017", "Lớp": "4"},
        {**DUC, "Năm sinh": "2015"},
        {**MAN, "SĐT": "+84 901 234 567", "Mã": "B", "Trường": "THCS-01", "Năm sinh": "2013", "Lớp": "8"},
    )
    assert fates(report) == [(2, Fate.NEW, None), (3, Fate.NEW, None), (4, Fate.NEW, 2)]
    first, second = await rows(database, "contact")
    assert (first["external_id"], first["phone"], second["phone"]) == ("A", "+84901234567", "+84912345678")
    children = [row for row in await rows(database, "insured") if row["person_id"] == first["person_id"]]
    assert [(row["relation"], row["birth_year"], row["grade"], row["listed"]) for row in children] == [
        ("child", 2017, 4, True),
        ("child", 2013, 8, True),
    ]


async def test_next_years_list_moves_the_same_children_up(database: Database, base: KnowledgeBase) -> None:
    await take_schools(database, base)
    older, younger = {**MAN, "Năm sinh": "2015"}, {**MAN, "Năm sinh": "2017"}
    await take(database, base, {**older, "Trường": "TH-02", "Lớp": "5"}, {**younger, "Trường": "TH-02", "Lớp": "3"})
    report = await take(
        database, base, {**younger, "Lớp": "4"}, {**older, "Trường": "THCS-01", "Lớp": "6", "Hạn thẻ": "31/12/2027"}
    )
    assert report.fates == {Fate.CHANGED: 2}
    children = await rows(database, "insured")
    schools = {row["id"]: row["code"] for row in await rows(database, "school")}
    assert [(row["birth_year"], row["grade"], schools[row["school_id"]]) for row in children] == [
        (2015, 6, "thcs-01"),
        (2017, 4, "th-02"),
    ]


async def test_a_known_person_is_found_by_any_key(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, {**MAN, **ON_TELEGRAM, "Mã": "A"})
    for line in ({"Mã": "A"}, {"SĐT": "84901234567"}, ON_TELEGRAM):
        assert (await take(database, base, {**line, "Tỉnh": "Sơn La"})).fates.keys() <= {Fate.CHANGED, Fate.SAME}
    (found,) = await rows(database, "contact")
    assert (found["province"], found["name"]) == ("son-la", "Lò Thị Mận")
    assert len(await rows(database, "identity")) == 1


async def test_two_lines_without_a_key_in_common_about_one_known_person(
    database: Database, base: KnowledgeBase
) -> None:
    await take(database, base, {**MAN, "Mã": "A"})
    report = await take(
        database, base, {"Mã": "A", **PARENT, "Năm sinh": "2015"}, {"SĐT": "0901234567", **PARENT, "Năm sinh": "2017"}
    )
    assert report.fates == {Fate.CHANGED: 2}
    assert [row["birth_year"] for row in await rows(database, "insured")] == [2015, 2017]


async def test_who_is_listed_and_who_writes_turn_out_to_be_one(
    database: Database, base: KnowledgeBase, office: Office
) -> None:
    await take(database, base, {**MAN, **YES, "Mã": "A", "Năm sinh": "2015", "Nhãn": "đợt-1"})
    (listed,) = [row["person_id"] for row in await rows(database, "contact")]
    writing = await office.person(consent=Consent.WITHDRAWN, province="lai-chau")
    await office.account(writing, TELEGRAM, sender="123456789")
    campaign, other = await office.campaign(), await office.campaign(await office.staff("b"), code="kg27")
    await office.received(campaign, listed, state="planned")
    await office.received(campaign, writing)
    await office.received(other, listed)

    line = {**MAN, **YES, **ON_TELEGRAM, "Mã": "A", "Năm sinh": "2015"}
    assert (await take(database, base, line, write=False)).fates == {Fate.CHANGED: 1}
    report = await take(database, base, line)
    assert report.fates.keys() <= {Fate.CHANGED, Fate.SAME}
    assert [row["id"] for row in await rows(database, "person")] == [writing]
    joined = await contact(database, writing)
    assert (joined["name"], joined["phone"], joined["external_id"]) == ("Lò Thị Mận", "+84901234567", "A")
    assert joined["province"] == "lai-chau"
    assert await standings(database, writing) == {"news": "withdrawn", "reminders": "given", "quiz": "given"}
    assert [row["birth_year"] for row in await rows(database, "insured")] == [2015]
    assert [row["tag"] for row in await rows(database, "contact_tag")] == ["đợt-1"]
    async with database.reading() as session:
        ledger = list(
            await session.execute(select(RecipientRow.person_id, RecipientRow.state).order_by(RecipientRow.id))
        )
    assert ledger == [(None, "skipped"), (writing, "sent"), (writing, "sent")]


async def test_keys_of_two_known_people_in_one_line_are_a_question(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, {**MAN, "Mã": "A"}, {**DUC, "Mã": "B"})
    before = await everything(database)
    report = await take(database, base, {"Mã": "A", "SĐT": "0912345678"})
    assert report.fates == {Fate.WRONG: 1}
    assert "1, 2" in report.problems[0].what
    assert await everything(database) == before


async def test_one_key_with_two_numbers_is_a_question(database: Database, base: KnowledgeBase) -> None:
    report = await take(database, base, {**MAN, "Mã": "A"}, {**DUC, "Mã": "A"})
    assert fates(report) == [(2, Fate.NEW, None), (3, Fate.WRONG, None)]


async def test_what_a_list_says_of_consent(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, {**MAN, **YES, "Mẫu đồng ý": "2026-11"}, {**DUC, **YES, "Đồng ý": "nhắc hạn"})
    assert await standings(database, 1) == dict.fromkeys(Topic, "given")
    assert await standings(database, 2) == {"reminders": "given"}
    all_topics, one = await rows(database, "consent_event")
    assert (all_topics["topic"], one["topic"]) == (None, "reminders")
    assert {name: all_topics[name] for name in ("wording", "version", "how", "channel", "inbound_id")} == {
        "wording": "phiếu đầu năm",
        "version": "2026-11",
        "how": "list",
        "channel": "list",
        "inbound_id": None,
    }
    assert f"{all_topics['happened']:%d/%m/%Y}" == "05/09/2026"


async def test_a_list_never_undoes_a_refusal(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, {**MAN, **YES})
    async with database.transaction() as session:
        chat = {"wording": "dừng", "how": How.CHAT, "channel": "telegram", "now": NOW}
        await record(session, 1, Consent.WITHDRAWN, Topic.NEWS, **chat)
    before = await rows(database, "consent_event")
    report = await take(database, base, {**MAN, **YES, "Ngày đồng ý": "22/11/2026"})
    assert [outcome.refusals for outcome in report.outcomes] == [1]
    assert await standings(database, 1) == {"news": "withdrawn", "reminders": "given", "quiz": "given"}
    assert await rows(database, "consent_event") == before


async def test_a_refusal_in_a_list_counts_unless_the_person_agreed_later(
    database: Database, base: KnowledgeBase
) -> None:
    await take(database, base, {**MAN, **YES})
    await take(database, base, {**MAN, "Đồng ý": "không", "Ngày đồng ý": "4/9/2026"})
    assert set((await standings(database, 1)).values()) == {"given"}
    await take(database, base, {**MAN, "Đồng ý": "không", "Ngày đồng ý": "6/9/2026"})
    assert set((await standings(database, 1)).values()) == {"withdrawn"}


async def test_an_address_in_a_list_begins_a_conversation(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, {**MAN, **ON_TELEGRAM, "Tỉnh": "Điện Biên"})
    (identity,) = await rows(database, "identity")
    assert (identity["account"], identity["sender"]) == (TELEGRAM, "123456789")
    (thread,) = await rows(database, "conversation")
    assert thread["memory"] == {"role": "parent", "province": "dien-bien"}
    assert thread["last_interaction"] is None


async def test_a_run_that_was_cut_off_is_finished_by_the_next(
    database: Database, base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    lines = [{"SĐT": f"09000000{number:02}", **YES, **PARENT, "Năm sinh": "2015"} for number in range(9)]

    class Cut(Exception):  # noqa: N818
        pass

    def progress(what: str, share: float) -> None:
        if what == "ghi" and share > 0.5:
            raise Cut

    with pytest.raises(Cut):
        await take(database, base, *lines, progress=progress)
    people = {row["person_id"] for row in await rows(database, "contact")}
    assert len(people) == 6
    assert {row["person_id"] for row in await rows(database, "insured")} == people
    assert len(await rows(database, "consent")) == len(people) * len(Topic)
    assert (await take(database, base, *lines)).fates == {Fate.SAME: 6, Fate.NEW: 3}
    assert len(await rows(database, "contact")) == len(await rows(database, "person")) == 9


async def test_schools_are_taken_once(database: Database, base: KnowledgeBase) -> None:
    assert (await take_schools(database, base)).fates == {Fate.NEW: 2}
    assert (await take_schools(database, base)).fates == {Fate.SAME: 2}
    renamed = [["THCS 01", "Trường THCS Him Lam", "Điện Biên", ""], ["x_9", "THPT Mới", "Lai Châu", "cấp 3"]]
    assert (await take_schools(database, base, renamed)).fates == {Fate.CHANGED: 1, Fate.NEW: 1}
    found = [(row["code"], row["name"], row["level"]) for row in await rows(database, "school")]
    assert found == [
        ("thcs-01", "Trường THCS Him Lam", None),
        ("th-02", "TH Noong Bua", "primary"),
        ("x-9", "THPT Mới", "upper-secondary"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        ["trường số 1!", "A", "Lai Châu", ""],
        ["a", "", "Lai Châu", ""],
        ["a", "A", "", ""],
        ["a", "A", "Atlantis", ""],
        ["a", "A", "Lai Châu", "cấp 9"],
        ["thcs-01", "Khác", "Lai Châu", ""],
        ["0901234567", "A", "Lai Châu", ""],
    ],
)
async def test_a_wrong_school_stops_the_list(database: Database, base: KnowledgeBase, wrong: list[str]) -> None:
    report = await take_schools(database, base, [["thcs-01", "THCS Him Lam", "Điện Biên", ""], wrong])
    assert [problem.row for problem in report.problems] == [3]
    assert await rows(database, "school") == []
