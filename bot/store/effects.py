"""Carries out what the conversation core asked for, in the turn's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import insert

from bot.actions import Action
from bot.outreach.consents import How, record
from bot.outreach.quiz import record_score
from bot.store.erasing import erase_person
from bot.store.inserting import insert_new
from bot.store.models import (
    ArrivalRow,
    Consent,
    FeedbackRow,
    QuestionRow,
    ReminderRow,
    table_of,
)
from bot.store.statements import Statement, row_of
from bot.store.suppression import release_person
from bot.store.texts import masked
from handlers.effects import (
    AddToCase,
    Effect,
    ForgetMe,
    LogQuestion,
    OpenCase,
    RateCase,
    RecordArrival,
    RecordFeedback,
    RecordQuizScore,
    ScheduleReminder,
    Subscribe,
    Topic,
    Unsubscribe,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.cases.book import Book
    from bot.channels.inbound import Channel
    from bot.store.session import Session
    from bot.store.threads import Thread

log = structlog.get_logger()

_LOG_QUESTION = Statement(row_of(table_of(QuestionRow), "day", "text", "decision", "entry", "confidence", "language"))


@dataclass(frozen=True)
class EffectRunner:
    """Carries out effects for one turn of one thread; `inbound` is the id of its message."""

    session: Session
    thread: Thread
    channel: Channel
    now: datetime
    inbound: int
    cases: Book

    async def run(self, effects: Sequence[Effect]) -> bool:
        """Carry out all effects, erasing last; True when the person was erased."""
        for effect in effects:
            await self._run(effect)
        if not any(isinstance(effect, ForgetMe) for effect in effects):
            return False
        await erase_person(self.session, self.thread.person, asked=self.now.date())
        log.info(Action.PERSON_ERASED)
        return True

    async def _run(self, effect: Effect) -> None:
        match effect:
            case OpenCase():
                await self._open_case(effect)
            case AddToCase(number, text):
                await self.cases.follow(self.thread.conversation, number, text)
            case RateCase(number, score):
                await self.cases.rate(self.thread.conversation, number, score)
            case Subscribe(wording, topic):
                await self._consent(Consent.GIVEN, wording, topic)
            case Unsubscribe(wording, topic):
                await self._consent(Consent.WITHDRAWN, wording, topic)
            case LogQuestion():
                await self._log_question(effect)
            case RecordFeedback(entry, helpful):
                row = insert(FeedbackRow).values(day=self.now.date(), entry=entry, helpful=helpful)
                await self.session.execute(row)
            case RecordQuizScore():
                await record_score(self.session, self.thread.person, effect, self.now)
            case ScheduleReminder(due, entry):
                values = {"person_id": self.thread.person, "due": due, "entry": entry}
                await insert_new(self.session, ReminderRow, **values, state="planned", created=self.now)
            case RecordArrival(code):
                values = {"person_id": self.thread.person, "code": code, "day": self.now.date()}
                await insert_new(self.session, ArrivalRow, **values)
            case ForgetMe():
                pass

    async def _open_case(self, case: OpenCase) -> None:
        await self.cases.open(self.thread.conversation, self.channel, case)
        log.info(Action.CASE_OPENED, reason=case.reason, channel=self.channel)

    async def _consent(self, consent: Consent, wording: str, topic: Topic | None) -> None:
        await record(
            self.session,
            self.thread.person,
            consent,
            topic,
            wording=wording,
            how=How.CHAT,
            channel=self.channel.value,
            now=self.now,
            inbound_id=self.inbound,
        )
        if consent is Consent.GIVEN:
            await release_person(self.session, self.thread.person)

    async def _log_question(self, question: LogQuestion) -> None:
        await self.session.run(
            _LOG_QUESTION,
            day=self.now.date(),
            text=masked(question.text),
            decision=question.decision,
            entry=question.entry,
            confidence=question.confidence,
            language=question.language,
        )
