"""The bench's parts on campaigns measure what they say. No time is asserted: only what is counted and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.evaluation import campaign_report, campaigns
from bot.evaluation.campaign_report import CampaignFigures
from bot.evaluation.campaigns import ledgers, limited, sends

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.long
async def test_ours_and_the_usual_loop_send_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "SENDS", 20)
    rows = await sends(90)
    assert [(row["name"], row["sends"]) for row in rows] == [("naive", 20), ("ours", 20)]
    assert rows[0]["ratio"] == 1
    assert all(row["per_second"] > 0 for row in rows)


@pytest.mark.long
async def test_a_ledger_is_measured_as_it_grows() -> None:
    rows = [row async for row in ledgers(120, sizes=(30, 60))]
    assert [row["people"] for row in rows] == [30, 60]
    assert all(row["plan"] > 0 and row["note"] > 0 for row in rows)


@pytest.mark.long
async def test_replies_are_measured_beside_a_campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "PEOPLE", 400)
    monkeypatch.setattr(campaigns, "WRITERS", 2)
    monkeypatch.setattr(campaigns, "PAUSE", 0.05)
    monkeypatch.setattr(campaigns, "SETTLING", 0.1)
    monkeypatch.setattr(campaigns, "PROGRAM", ("tests.platforms.dying", "before the send", "1000000"))
    rows = [row async for row in limited(tmp_path, ["xin chào", "mất thẻ"], 0.5)]
    assert [row["name"] for row in rows] == ["idle", "campaign", "both"]
    assert rows[0]["used"] == 0 < rows[1]["used"]
    assert all(row["p95"] > 0 for row in rows if row["name"] != "campaign")


def test_the_report_says_how_far_the_aims_are_reached() -> None:
    figures = CampaignFigures(
        sends=[
            {"name": "naive", "sends": 3000, "per_second": 200.0, "cpu": 4.5, "ratio": 1.0},
            {"name": "ours", "sends": 3000, "per_second": 1600.0, "cpu": 0.6, "ratio": 8.0},
        ],
        ledgers=[
            {"people": 10_000, "planned": 1.0, "plan": 0.1, "note": 0.2, "peak": 120e6},
            {"people": 1_000_000, "planned": 110.0, "plan": 0.11, "note": 0.21, "peak": 131e6},
        ],
        limited=[
            {"name": "idle", "used": 0.0, "refused": 0, "p50": 10.0, "p95": 20.0},
            {"name": "campaign", "used": 0.985, "refused": 0, "p50": None, "p95": None},
            {"name": "both", "used": 0.5, "refused": 0, "p50": 11.0, "p95": 22.0},
        ],
    )
    report = "\n".join([*campaign_report.aims(figures), *campaign_report.lines(figures)])
    for piece in ("1,600, × 8.0 the usual loop", "| 11 MB |", "98.5%, 0 refused", "× 1.10", "0.11 ms"):
        assert piece in report


def test_a_report_without_figures_says_so() -> None:
    report = "\n".join([*campaign_report.aims(CampaignFigures()), *campaign_report.lines(CampaignFigures())])
    assert report.count("ot reached in time") == 5
