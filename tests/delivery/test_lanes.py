"""Replies reach people once, in order, and over failures; on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import lane, lanes
from bot.delivery.errors import (
    AccountBrokenError,
    PersonMovedError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
    Unreachable,
)
from bot.delivery.pacing import Pace
from bot.delivery.policy import BACKOFF
from tests.bot.reading import rows
from tests.delivery.scripted import ACCOUNT, Post, ScriptedOutlet


async def states(post: Post) -> list[str]:
    return [row["state"] for row in await rows(post.database, "outbox")]


async def test_replies_are_sent_in_order_and_noted(post: Post) -> None:
    await post.say("một two")
    assert post.outlet.shown == [("7", "2: một two"), ("7", "thêm")]
    first, second = await rows(post.database, "outbox")
    assert (first["state"], first["attempts"], first["parts"], first["lease"]) == ("sent", 1, 1, None)
    assert second["sent"] == post.clock()


async def test_a_later_turn_waits_for_the_replies_of_the_earlier_one(post: Post) -> None:
    post.outlet.gate = asyncio.Event()
    post.delivery.offer(*await post.turn("một"))
    to, result = await post.turn("hai")
    assert not result.claimed
    post.delivery.offer(to, result)
    post.delivery.offer(*await post.turn("x", sender="8"))
    post.outlet.gate.set()
    await post.delivery.idle()
    assert [text for address, text in post.outlet.shown if address == "7"] == ["1: một", "2: hai"]
    assert ("8", "1: x") in post.outlet.shown
    assert await states(post) == ["sent"] * 3


async def test_a_turn_committed_while_the_lane_is_closing_is_sent_at_once(post: Post) -> None:
    """Its replies are in our hands already: looking into the outbox would find them held."""
    post.delivery.offer(*await post.turn("một"))
    while "sent" not in await states(post):
        pass
    to, result = await post.turn("hai")
    assert result.claimed
    post.delivery.offer(to, result)
    post.delivery.offer(*await post.turn("ba"))
    await post.delivery.idle()
    assert [text for _, text in post.outlet.shown] == ["1: một", "2: hai", "3: ba"]


async def test_told_to_wait_nothing_overtakes_and_all_arrives(post: Post) -> None:
    post.outlet.script = [RetryLaterError("429", 40)]
    post.sleep.hold = True
    await post.say("một two")
    assert post.outlet.shown == []
    first, second = await rows(post.database, "outbox")
    assert (first["state"], first["reason"], first["attempts"], first["lease"]) == ("pending", "429", 1, None)
    assert second["due"] is None

    await post.say("hai")
    assert post.outlet.shown == []
    assert post.sleep.slept == [40]

    post.clock.advance(seconds=41)
    post.sleep.wake()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await post.delivery.idle()
    assert [text for _, text in post.outlet.shown] == ["2: một two", "thêm", "3: hai"]


async def test_a_short_pause_of_the_account_is_sat_out(post: Post) -> None:
    post.outlet.script = [RetryLaterError("429", 3, whole_account=True)]
    await post.say("một")
    assert post.outlet.shown == [("7", "1: một")]
    assert post.sleep.slept
    assert post.sleep.slept[0] == pytest.approx(3, abs=0.5)


async def test_a_long_reply_goes_on_where_it_was_cut_off(post: Post) -> None:
    post.outlet.script = [None, None, RetryLaterError("500")]
    post.sleep.hold = True
    await post.say("a\nb\nc")
    assert [text for _, text in post.outlet.shown] == ["3: a", "b"]
    (row,) = await rows(post.database, "outbox")
    assert row["parts"] == 2

    post.clock.advance(seconds=2)
    await post.delivery.sweep()
    await post.delivery.idle()
    assert [text for _, text in post.outlet.shown] == ["3: a", "b", "c"]


async def test_an_unknown_outcome_is_sent_again_but_not_for_ever(post: Post) -> None:
    post.outlet.script = [UnknownOutcomeError("timeout") for _ in range(3)]
    post.sleep.hold = True
    await post.say("một")
    for _ in range(3):
        post.clock.advance(seconds=400)
        await post.delivery.sweep()
        await post.delivery.idle()
    (row,) = await rows(post.database, "outbox")
    assert (row["state"], row["reason"], row["attempts"]) == ("unknown", "timeout", 3)
    assert post.outlet.script == []


async def test_somebody_who_blocked_us_gets_nothing_until_they_write_again(post: Post) -> None:
    post.outlet.script = [PersonUnreachableError("403", Unreachable.BLOCKED)]
    await post.say("một two")
    assert await states(post) == ["failed", "failed"]
    (identity,) = await rows(post.database, "identity")
    assert identity["unreachable"] == "blocked"

    await post.say("hai")
    assert post.outlet.shown == [("7", "3: hai")]
    (identity,) = await rows(post.database, "identity")
    assert identity["unreachable"] is None


async def test_a_message_that_the_platform_refuses_does_not_stop_the_next(post: Post) -> None:
    post.outlet.script = [RejectedError("400")]
    await post.say("một two")
    assert await states(post) == ["failed", "sent"]
    assert post.outlet.shown == [("7", "thêm")]


async def test_a_reply_that_breaks_our_own_code_does_not_stop_the_next(post: Post) -> None:
    post.outlet.script = [ZeroDivisionError("quotes what was written")]
    await post.say("một two")
    first, _ = await rows(post.database, "outbox")
    assert (first["state"], first["reason"]) == ("failed", "ZeroDivisionError")
    assert post.outlet.shown == [("7", "thêm")]


async def test_a_new_address_is_used_and_kept(post: Post) -> None:
    post.outlet.script = [PersonMovedError("migrated", "-100")]
    await post.say("một")
    assert post.outlet.shown == [("-100", "1: một")]
    (identity,) = await rows(post.database, "identity")
    assert identity["sender"] == "-100"


async def test_a_new_address_from_which_somebody_has_written_already_gets_the_replies(post: Post) -> None:
    await post.say("hai", sender="-1005:7")
    post.outlet.script = [PersonMovedError("chat_migrated", "-1005:7")]
    await post.say("một", sender="-5:7")
    assert post.outlet.shown == [("-1005:7", "1: hai"), ("-1005:7", "1: một")]
    assert await states(post) == ["sent", "sent"]


async def test_a_new_address_that_is_the_old_one_is_given_up(post: Post) -> None:
    post.outlet.script = [PersonMovedError("chat_migrated", "7")]
    await post.say("một")
    assert await states(post) == ["failed"]


async def test_a_refusal_of_the_whole_account_without_a_time_pauses_it(post: Post) -> None:
    post.outlet.script = [RetryLaterError("flood", whole_account=True)]
    await post.say("một")
    assert post.outlet.shown == [("7", "1: một")]
    assert post.sleep.ticks() >= BACKOFF[0]


async def test_what_may_pass_is_not_tried_for_ever_when_it_seldom_does(post: Post) -> None:
    post.sleep.hold = True
    post.outlet.script = [RetryLaterError("cannot_send_now", tries=3) for _ in range(9)]
    await post.say("một")
    for _ in range(5):
        post.clock.advance(minutes=5)
        await post.delivery.sweep()
        await post.delivery.idle()
    assert (await states(post), len(post.outlet.script)) == (["failed"], 6)


async def test_a_note_waits_for_the_database_as_long_as_it_is_away(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    to, result = await post.turn("một")
    begin, away = post.database.transaction, [OSError("away")] * 12

    def transaction() -> Any:
        if away:
            raise away.pop()
        return begin()

    monkeypatch.setattr(post.database, "transaction", transaction)
    post.delivery.offer(to, result)
    await post.delivery.idle()
    assert await states(post) == ["sent"]
    assert post.outlet.shown == [("7", "1: một")]


async def test_a_send_that_takes_too_long_may_have_been_sent(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "SENDING", timedelta(0))
    post.outlet.gate = asyncio.Event()
    await post.say("một")
    assert [(row["state"], row["reason"]) for row in await rows(post.database, "outbox")] == [("pending", "too_slow")]


async def test_a_reply_in_other_hands_is_not_put_back(post: Post) -> None:
    elsewhere = ScriptedOutlet(gate=asyncio.Event())
    other = post.another_process(elsewhere)
    post.outlet.gate, post.outlet.script = asyncio.Event(), [UnknownOutcomeError("no_answer")]
    post.delivery.offer(*await post.turn("một"))
    await asyncio.sleep(0)
    post.clock.advance(seconds=31)
    await other.sweep()
    await elsewhere.begun.wait()
    lease = (await rows(post.database, "outbox"))[0]["lease"]
    post.outlet.gate.set()
    await post.delivery.idle()
    assert (await rows(post.database, "outbox"))[0]["lease"] == lease
    assert elsewhere.gate is not None
    elsewhere.gate.set()
    await other.idle()
    assert (elsewhere.shown, await states(post)) == ([("7", "1: một")], ["sent"])


async def test_a_broken_account_alerts_and_keeps_the_replies(post: Post) -> None:
    post.outlet.script = [AccountBrokenError("401")]
    post.sleep.hold = True
    await post.say("một")
    assert post.alerts == [f"401:{ACCOUNT}"]
    assert await states(post) == ["pending"]
    post.clock.advance(seconds=61)
    await post.delivery.sweep()
    await post.delivery.idle()
    assert post.outlet.shown == [("7", "1: một")]


async def test_after_a_day_nobody_wants_the_answer(post: Post) -> None:
    post.sleep.hold = True
    post.outlet.script = [RetryLaterError("500"), RetryLaterError("500")]
    await post.say("một")
    post.clock.advance(hours=25)
    await post.delivery.sweep()
    await post.delivery.idle()
    assert await states(post) == ["failed"]


async def test_what_a_dead_process_held_is_taken_over_when_its_lease_ends(post: Post) -> None:
    await post.turn("một")  # committed and claimed, and then the process is gone
    other = post.another_process()
    await other.sweep()
    await other.idle()
    assert post.outlet.shown == []

    post.clock.advance(seconds=31)
    await other.sweep()
    await other.idle()
    assert post.outlet.shown == [("7", "1: một")]


async def test_replies_that_have_to_wait_hide_none_left_by_a_dead_process(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "_FOUND", 3)
    post.sleep.hold = True
    for sender in range(lanes._FOUND):
        post.outlet.script = [RetryLaterError("flood", 3600)]
        await post.say("một two", sender=str(sender))  # the first is due in an hour, the second has no date
    await post.turn("hai", sender="7")  # committed and claimed, and then the process is gone
    post.clock.advance(seconds=31)
    other = post.another_process()
    await other.sweep()
    await other.idle()
    assert post.outlet.shown == [("7", "1: hai")]


async def test_a_reply_that_waited_longer_than_its_lease_is_not_sent_by_both(post: Post) -> None:
    """As in a busy group, which may get only so many messages a minute."""
    busy = Post(post.database, post.clock, post.outlet, pace=Pace(20, 1))
    await busy.say("một")
    busy.sleep.hold = True
    busy.delivery.offer(*await busy.turn("hai"))
    await asyncio.sleep(0)
    assert busy.sleep.held
    post.clock.advance(seconds=31)
    await post.delivery.sweep()
    await post.delivery.idle()
    busy.sleep.hold = False
    busy.sleep.wake()
    await busy.delivery.idle()
    assert [text for _, text in post.outlet.shown] == ["1: một", "2: hai"]


async def test_two_processes_share_the_work_without_doubling(post: Post) -> None:
    elsewhere = ScriptedOutlet()
    other = post.another_process(elsewhere)
    post.outlet.gate = elsewhere.gate = asyncio.Event()
    for number in range(6):
        to, result = await post.turn(f"m{number}", sender=str(number % 2))
        (post.delivery if number % 3 else other).offer(to, result)
        await asyncio.gather(post.delivery.sweep(), other.sweep())
    post.outlet.gate.set()
    while "pending" in await states(post):
        await asyncio.gather(post.delivery.sweep(), other.sweep())
        await asyncio.gather(post.delivery.idle(), other.idle())
    shown = post.outlet.shown + elsewhere.shown
    assert sorted(text.split()[-1] for _, text in shown) == [f"m{number}" for number in range(6)]


async def test_closing_lets_what_is_on_its_way_arrive(post: Post) -> None:
    post.outlet.gate = asyncio.Event()
    post.delivery.offer(*await post.turn("một"))
    closing = asyncio.create_task(post.delivery.close(deadline=5))
    await asyncio.sleep(0)
    post.outlet.gate.set()
    await closing
    assert await states(post) == ["sent"]


async def test_closing_does_not_wait_for_ever(post: Post) -> None:
    post.outlet.gate = asyncio.Event()
    post.delivery.offer(*await post.turn("một"))
    await post.delivery.close(deadline=0)
    assert await states(post) == ["pending"]


async def test_the_farewell_of_an_erased_person_is_still_sent(post: Post) -> None:
    await post.say("xoá forget")
    assert post.outlet.shown == [("7", "2: xoá forget")]
    assert await rows(post.database, "identity") == []
