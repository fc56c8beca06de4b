"""The bench measures what it says. No time is asserted: only what is counted, compared and written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.config import load_settings
from bot.evaluation import growth, machine, measured, rivals, speed, speed_report, speed_tasks
from bot.evaluation.measured import Measured
from bot.evaluation.timing import Rounds, contest, percentile
from bot.evaluation.webturns import press
from knowledge.search.engine import Search
from knowledge.search.index import Corpus, PhrasingIndex
from knowledge.search.model import Model
from tests.web.support import running

CORPUS = Corpus(
    entries=("mat-the", "muc-dong"),
    phrasings=("mất thẻ thì làm sao", "làm lại thẻ", "học sinh đóng bao nhiêu", "một năm mấy tiền", "đóng mấy tháng"),
    owners=np.array([0, 0, 1, 1, 1], dtype=np.int32),
    bodies=("Bạn báo cơ quan cấp lại thẻ.", "Mức đóng của một năm học."),
)
QUESTION = "dong bao nhieu tien"


@pytest.fixture(scope="module")
def index() -> PhrasingIndex:
    return PhrasingIndex.build(CORPUS)


def test_rounds_are_told_by_their_median() -> None:
    rounds = Rounds(((0.1, 0.1), (0.2, 0.2), (0.4, 0.4)))
    assert rounds.questions == 2
    assert rounds.per_second == pytest.approx(5)
    assert rounds.percentile(50) == pytest.approx(200)


def test_two_contestants_are_compared_on_the_questions_that_both_reached() -> None:
    slow, quick = Rounds(((3.0,),)), Rounds(((1.0, 50.0),))
    assert slow.times_as_long_as(quick) == pytest.approx(3)
    assert quick.times_as_long_as(slow) == pytest.approx(1 / 3)


def test_a_percentile_is_a_measured_time() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0
    with pytest.raises(ValueError, match="no times"):
        percentile([], 50)


def test_every_contestant_gets_every_question_in_every_round_and_starts_anew() -> None:
    asked: list[str] = []
    prepared: list[int] = []

    def prepare() -> dict[str, object]:
        prepared.append(1)
        return {"one": asked.append, "two": lambda _: None}

    results = contest(prepare, ["a", "b"], rounds=3, allowance=60)
    assert asked == ["a", "b"] * 3
    assert len(prepared) == 3
    assert {name: result.questions for name, result in results.items()} == {"one": 2, "two": 2}


def test_a_contestant_without_time_still_does_one_question() -> None:
    assert contest(lambda: {"one": len}, ["a", "b"], rounds=1, allowance=0)["one"].questions == 1


def test_questions_are_the_same_mix_in_every_run(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(f'{{"id": "{n}", "text": "câu {n}", "expect": "answer"}}\n' for n in range(9)), "utf-8")
    first, second = (speed_tasks.questions(None, file) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    assert sorted(first) == [f"câu {n}" for n in range(9)]


def test_grown_phrasings_differ_by_one_word_and_stay_with_their_entry() -> None:
    grown = growth.grown(CORPUS, 3)
    assert grown.phrasings == growth.grown(CORPUS, 3).phrasings
    assert len(grown.phrasings) == 15
    assert list(grown.owners) == [0] * 6 + [1] * 9
    for number, text in enumerate(grown.phrasings):
        original = CORPUS.phrasings[number // 3].split()
        assert sum(a != b for a, b in zip(original, text.split(), strict=True)) <= 1


def test_a_repeated_index_finds_the_same(index: PhrasingIndex) -> None:
    repeated = growth.repeated(index, 4)
    once, more = (growth.index_part(built)(CORPUS.phrasings[2]) for built in (index, repeated))
    np.testing.assert_allclose(np.repeat(once[0], 4), more[0], rtol=1e-6)  # type: ignore[index]
    np.testing.assert_allclose(once[1], more[1], rtol=1e-6)  # type: ignore[index]


def test_rivals_name_the_nearest_phrasing() -> None:
    documents = rivals.bm25(CORPUS.phrasings)(QUESTION).documents  # type: ignore[attr-defined]
    assert int(documents[0][0]) == 2
    assert rivals.fuzzy(CORPUS.phrasings)("hoc sinh dong bao nhieu")[2] == 2  # type: ignore[index]


def test_a_search_without_caches_finds_the_same(index: PhrasingIndex) -> None:
    search = Search(index, Model.plain(CORPUS))
    assert speed_tasks.without_caches(search).find(QUESTION) == search.find(QUESTION)


def test_a_row_compares_with_the_yardstick() -> None:
    results = {"search": Rounds(((1.0,),)), "bm25s": Rounds(((0.5,),))}
    assert [row["ratio"] for row in speed_tasks.rows(results, "search")] == [1.0, 0.5]


def test_a_fresh_process_tells_its_own_memory() -> None:
    result = measured.measure("nothing", 60)
    assert result.complete
    assert [set(row) for row in result.rows] == [{"peak"}]
    assert result.rows[0]["peak"] != machine.peak_memory()


def test_a_measurement_that_fails_is_not_taken_for_a_quick_one() -> None:
    with pytest.raises(RuntimeError, match="no-such-task"):
        measured.measure("no-such-task", 60)


def test_a_measurement_that_takes_too_long_is_stopped() -> None:
    result = measured.measure("nothing", 0.001)
    assert not result.complete


def test_measured_bots_know_no_setting_of_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHYT_WEB__SESSION_KEY", "k" * 40)
    environment = measured.clean_environment(tmp_path, {"BHYT_WEB__PORT": "0"})
    assert "BHYT_WEB__SESSION_KEY" not in environment
    assert environment["BHYT_WEB__PORT"] == "0"


def test_starts_take_turns_and_what_never_got_ready_has_no_row() -> None:
    order: list[str] = []

    def start(name: str, *, complete: bool) -> Measured:
        order.append(name)
        return Measured(({"peak": 10},), 2.0, complete)

    starts = {"ours": lambda: start("ours", complete=True), "never": lambda: start("never", complete=False)}
    rows = list(speed.start_rows(starts, 2))
    assert order == ["ours", "never"] * 2
    assert rows == [{"name": "ours", "seconds": 2.0, "peak": 10}]


async def test_visitors_share_the_texts_out() -> None:
    said: list[str] = []

    async def say(text: str) -> None:
        said.append(text)

    load = await press([say, say], ["a", "b", "c"], limit=60)
    assert sorted(said) == ["a", "b", "c"]
    assert len(load.latencies) == 3
    assert load.per_second > 0


async def test_web_turns_are_counted_beside_requests_that_do_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as chat:
        rows = await speed.web_rows(chat.origin, 2, ["xin chào", "mất thẻ", "đóng tiền"], limit=60, rounds=1)
    assert [(row["name"], row["sessions"], row["requests"]) for row in rows] == [("healthz", 2, 3), ("message", 2, 3)]


def test_the_report_holds_every_figure_and_says_what_is_missing() -> None:
    turn = {"name": "turn", "questions": 8, "per_second": 1234.5, "p50": 0.81, "p99": 2.5, "ratio": 1.5}
    figures = speed_report.Figures(
        day=date(2026, 11, 21),
        machine="a processor, 2 cores",
        entries=2,
        phrasings=5,
        fitted=False,
        turns=[turn],
        starts=[{"name": "cached", "seconds": 1.25, "peak": 200e6}],
        web=[
            {"name": "message", "sessions": 1, "requests": 3, "per_second": 700.0, "p50": 1.0, "p99": 2.0, "ratio": 3.0}
        ],
        growth={
            "ours": [{"factor": 1, "p50": 1.0, "peak": None}, {"factor": 10, "p50": 4.0, "peak": 3e9}],
            "bm25s": [{"factor": 10, "p50": 2.0, "peak": 1e9}],
        },
    )
    report = speed_report.write(figures)
    for piece in ("1,234", "0.81 ms", "1.25 s", "200 MB", "3,000 MB", "bm25s × 2.00 at × 10", "not reached in time"):
        assert piece in report
    assert "knowledge fit" in report
    assert speed_report.write(figures) == report


def test_the_machine_is_described_without_its_name() -> None:
    text = machine.describe()
    assert "Python 3." in text
    assert "cores" in text


def test_what_was_measured_before_an_interruption_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = {"name": "turn", "questions": 8, "per_second": 1234.5, "p50": 0.81, "p99": 2.5, "ratio": 1.5}

    def measure(task: str, *_: object, **__: object) -> Measured:
        if task == "turns":
            return Measured((turn,), 1.0, complete=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(speed, "measure", measure)
    monkeypatch.setattr(speed, "REPORT", tmp_path / "docs" / "speed.md")
    assert speed.main(load_settings()) == 1
    report = speed.REPORT.read_text(encoding="utf-8")
    assert "1,234" in report
    assert "not reached in time" in report
