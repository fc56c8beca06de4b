from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.errors import (
    AccountBrokenError,
    DeliveryError,
    PersonMovedError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
    Unreachable,
)
from bot.outreach.delivery.policy import TRIES, Settled, settle
from bot.store.models import RecipientState
from tests.bot.conftest import NOON

FAILED, PLANNED = RecipientState.FAILED, RecipientState.PLANNED
WAITING, UNKNOWN = RecipientState.WAITING, RecipientState.UNKNOWN


def after(seconds: float) -> object:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error", "settled"),
    [
        (RetryLaterError("not_connected"), Settled(PLANNED, "not_connected", after(1))),
        (RetryLaterError("status_502", 7), Settled(PLANNED, "status_502", after(7))),
        (RetryLaterError("flood", 9, whole_account=True), Settled(PLANNED, "flood", after(9), 0, 9)),
        (UnknownOutcomeError("no_answer"), Settled(UNKNOWN, "no_answer", ours=True)),
        (RejectedError("too_long"), Settled(FAILED, "too_long", ours=True)),
        (PersonMovedError("moved", "8"), Settled(PLANNED, "moved", moved="8")),
        (
            PersonUnreachableError("blocked", Unreachable.BLOCKED),
            Settled(FAILED, "blocked", unreachable=Unreachable.BLOCKED),
        ),
        (
            PersonUnreachableError("window_paid", Unreachable.WINDOW_CLOSED),
            Settled(WAITING, "window_closed", unreachable=Unreachable.WINDOW_CLOSED),
        ),
        (AccountBrokenError("invalid_token"), Settled(PLANNED, "invalid_token", after(60), 0, 60, ours=True)),
    ],
)
def test_what_follows_from_an_error(error: DeliveryError, settled: Settled) -> None:
    assert settle(error, 0, NOON) == settled


@pytest.mark.parametrize("error", [RetryLaterError("not_connected", 5), PersonMovedError("moved", "8")])
def test_somebody_is_given_up_after_so_many_tries(error: DeliveryError) -> None:
    assert settle(error, TRIES - 1, NOON) == Settled(FAILED, error.code, ours=True)


def test_a_pause_of_the_whole_account_is_nobody_s_try() -> None:
    settled = settle(RetryLaterError("flood", 3, whole_account=True), 99, NOON)
    assert (settled.state, settled.tried) == (PLANNED, 0)


def test_unknown_is_never_tried_again() -> None:
    assert settle(UnknownOutcomeError("no_answer"), 0, NOON).due is None
