"""Scripted answer → what to do next, over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from telegram.error import TelegramError

from bot.channels.telegram.errors import translate
from bot.channels.telegram.transport import NotSentError
from bot.delivery.errors import (
    AccountBrokenError,
    DeliveryError,
    PersonMovedError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    Sent,
    UnknownOutcomeError,
    Unreachable,
)
from bot.simulator.telegram.world import Standing
from tests.channels.telegram.support import message, recipient
from tests.fakes.faults import Fault, drop_answer, gateway_page, reply, reset
from tests.fakes.telegram import FakeTelegram, flood, refusal

if TYPE_CHECKING:
    from bot.channels.telegram.outlet import TelegramOutlet
    from bot.delivery.outlet import Recipient

SRV = "tdlib/telegram-bot-api 01a3679 (10.0), 2026-05-07"
ERR = "TelegramBotAPI/errors, 2025"
API = "Bot API 10.0, 2026-05"
PTB = "python-telegram-bot 22.8, 2026"
RSS2TG = "a report of rss2tg, 2024"

GONE, LATER, OURS, BROKEN = PersonUnreachableError, RetryLaterError, RejectedError, AccountBrokenError


@dataclass(frozen=True)
class Row:
    """`more` are the attributes that the error must have."""

    source: str
    answer: Fault
    expected: type[DeliveryError]
    code: str
    more: dict[str, Any]


def row(source: str, answer: Fault, expected: type[DeliveryError], code: str, **more: Any) -> Row:
    return Row(source, answer, expected, code, more)


def gone(source: str, status: int, words: str, code: str, reason: Unreachable) -> Row:
    return row(source, refusal(status, words), GONE, code, reason=reason)


TABLE = [
    gone(SRV, 403, "Forbidden: bot was blocked by the user", "blocked", Unreachable.BLOCKED),
    gone(SRV, 403, "Forbidden: user is deactivated", "deactivated", Unreachable.DEACTIVATED),
    gone(SRV, 403, "Forbidden: bot can't initiate conversation with a user", "never_started",
         Unreachable.NEVER_STARTED),
    gone(SRV, 403, "Forbidden: bot was kicked from the supergroup chat", "kicked", Unreachable.NOT_FOUND),
    gone(SRV, 403, "Forbidden: bot is not a member of the supergroup chat", "not_a_member", Unreachable.NOT_FOUND),
    gone(SRV, 403, "Forbidden: the group chat was deleted", "chat_deleted", Unreachable.NOT_FOUND),
    gone(ERR, 403, "Forbidden: bot can't send messages to bots", "is_a_bot", Unreachable.NOT_FOUND),
    gone(API, 403, "Forbidden: words that nobody has seen", "forbidden", Unreachable.BLOCKED),
    gone(SRV, 400, "Bad Request: chat not found", "chat_not_found", Unreachable.NOT_FOUND),
    gone(ERR, 400, "Bad Request: PEER_ID_INVALID", "peer_id_invalid", Unreachable.NOT_FOUND),
    gone(SRV, 400, "Bad Request: group chat was upgraded to a supergroup chat", "chat_upgraded",
         Unreachable.NOT_FOUND),
    gone(SRV, 400, "Bad Request: group chat was deactivated", "chat_deactivated", Unreachable.NOT_FOUND),
    gone(ERR, 400, "Bad Request: CHAT_WRITE_FORBIDDEN", "no_rights", Unreachable.BLOCKED),
    gone(SRV, 400, "Bad Request: not enough rights to send text messages to the chat", "no_rights",
         Unreachable.BLOCKED),
    row(SRV, refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001234),
        PersonMovedError, "chat_migrated", address="-1001234"),
    row(RSS2TG, refusal(403, "Forbidden: bot can't send messages to the user"), LATER, "cannot_send_now",
        after=None, whole_account=False),
    row(SRV, refusal(400, "Bad Request: BUTTON_URL_INVALID"), OURS, "button_url_invalid"),
    row(ERR, refusal(400, "Bad Request: inline keyboard button URL 'tel:1900' is invalid: Unsupported URL protocol"),
        OURS, "unsupported_url_protocol"),
    row(SRV, refusal(400, "Bad Request: BUTTON_DATA_INVALID"), OURS, "button_data_invalid"),
    row(SRV, refusal(400, "Bad Request: can't parse entities: Unsupported start tag"), OURS,
        "cannot_parse_entities"),
    row(SRV, refusal(400, "Bad Request: message text is empty"), OURS, "text_empty"),
    row(SRV, refusal(400, "Bad Request: message is too long"), OURS, "too_long"),
    row(SRV, refusal(400, "Bad Request: message is not modified"), OURS, "not_modified"),
    row(SRV, refusal(400, "Bad Request: query is too old and response timeout expired"), OURS, "query_too_old"),
    row(SRV, refusal(400, "Bad Request: bad webhook: HTTPS URL must be provided"), OURS, "bad_webhook"),
    row(API, refusal(400, "Bad Request: words that nobody has seen"), OURS, "bad_request"),
    row(SRV, refusal(413, "Request Entity Too Large"), OURS, "too_large"),
    row(SRV, refusal(401, "Unauthorized"), BROKEN, "invalid_token"),
    row(SRV, refusal(404, "Not Found"), BROKEN, "invalid_token"),
    row(SRV, refusal(409, "Conflict: terminated by other getUpdates request"), BROKEN, "conflict"),
    row(SRV, flood(17), LATER, "flood", after=17.0, whole_account=True),
    row(PTB, flood(None), LATER, "flood", after=None, whole_account=True),
    row(SRV, refusal(500, "Internal Server Error: restart"), LATER, "status_500", after=None, whole_account=False),
    row(PTB, gateway_page(502), LATER, "status_502", after=None, whole_account=False),
    row(SRV, refusal(504, "Gateway Timeout"), LATER, "status_504", after=None, whole_account=False),
    row(API, reply(405, {}), LATER, "unexpected_status", after=None, whole_account=False),
    row(API, reset(), UnknownOutcomeError, "no_answer"),
    row(API, drop_answer(), UnknownOutcomeError, "no_answer"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.code)
async def test_what_to_do_next(fake: FakeTelegram, outlet: TelegramOutlet, to_an: Recipient, case: Row) -> None:
    fake.spoil("sendMessage", case.answer)
    error = await failure(outlet, to_an)
    assert (type(error), error.code) == (case.expected, case.code)
    assert {name: getattr(error, name) for name in case.more} == case.more
    assert (error.sent is Sent.UNKNOWN) == (case.expected is UnknownOutcomeError)
    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing.BLOCKED, Unreachable.BLOCKED),
        (Standing.DEACTIVATED, Unreachable.DEACTIVATED),
        (Standing.NEVER_STARTED, Unreachable.NEVER_STARTED),
        (Standing.DELETED, Unreachable.NOT_FOUND),
    ],
)
async def test_people_who_cannot_be_reached(
    fake: FakeTelegram, outlet: TelegramOutlet, standing: Standing, reason: Unreachable
) -> None:
    person = fake.platform.add_person("Bình", standing=standing)
    error = await failure(outlet, recipient(str(person)))
    assert isinstance(error, PersonUnreachableError)
    assert error.reason is reason


async def test_somebody_in_a_group_moves_with_the_group(fake: FakeTelegram, outlet: TelegramOutlet, an: int) -> None:
    group = fake.platform.add_group("Lớp 6A")
    supergroup = fake.platform.upgrade(an, group)
    error = await failure(outlet, recipient(f"{group}:{an}"))
    assert isinstance(error, PersonMovedError)
    assert error.address == f"{supergroup}:{an}"


def test_no_connection_means_not_sent() -> None:
    error = translate(NotSentError("no connection"))
    assert (type(error), error.code, error.sent) == (RetryLaterError, "not_connected", Sent.NO)


def test_every_code_is_a_name_that_the_log_lets_through() -> None:
    assert all(case.code.replace("_", "").isalnum() for case in TABLE)


def test_what_nobody_foresaw_is_tried_again() -> None:
    assert isinstance(translate(TelegramError("?")), RetryLaterError)


async def failure(outlet: TelegramOutlet, to: Recipient) -> DeliveryError:
    [send] = outlet.sends(to, message())
    with pytest.raises(DeliveryError) as caught:
        await send()
    return caught.value
