"""A conversation core that does what the message says: small, real, and easy to predict."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.effects import (
    AddToCase,
    Effect,
    ForgetMe,
    LogQuestion,
    OpenCase,
    RateCase,
    RecordFeedback,
    ScheduleReminder,
    Subscribe,
    Unsubscribe,
)
from handlers.memory import Memory, Option
from handlers.staffed import silence
from handlers.turn import Button, Decision, Outcome, Reply, ReplyKind, Standing, Turn
from knowledge.entries import Reason

HOTLINE = "1900.9068"
BUTTON = Button("Tính tiền đóng", "calc")


def hotline(_day: date) -> str:
    return HOTLINE


class CoreBrokenError(Exception):
    """Quotes what the person wrote, as careless exceptions do."""


class ScriptedCore:
    """Echoes; remembers all texts in `last_text`; words in the message ask for effects. Counts its turns."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    def respond(self, turn: Turn) -> Outcome:
        self.turns.append(turn)
        words = set(turn.text.split())
        if "boom" in words:
            raise CoreBrokenError(turn.text)
        if turn.standing is Standing.HELD and "forget" not in words:
            return silence(turn)
        history = f"{turn.memory.last_text or ''} {turn.text or turn.action or turn.media or ''}".strip()
        said = {"last_text": history, "subject": turn.text, "circumstance": turn.text}
        memory = Memory() if "forget" in words else turn.memory.having(**said, options=(_OPTION,))
        if "case" in words:
            memory = memory.having(case=turn.case_number)
        reply = Reply(
            f"{len(history.split())}: {turn.text}", buttons=(BUTTON,), note="Nguồn", sources=("188/2025/NĐ-CP",)
        )
        extra = (Reply("thêm", kind=ReplyKind.NOTICE),) if "two" in words else ()
        return Outcome((reply, *extra), memory, Decision.ANSWER, entry="muc-dong", effects=tuple(_effects(turn, words)))


_OPTION = Option(label=BUTTON.label, action=BUTTON.action)


def _effects(turn: Turn, words: set[str]) -> list[Effect]:
    wanted: dict[str, Effect] = {
        "case": OpenCase(turn.case_number, Reason.MONEY, f"hỏi: {turn.text}", question=turn.text),
        "rate": RateCase(turn.memory.case or "", 2),
        "again": AddToCase(turn.memory.case or "", turn.text),
        "taken": OpenCase("YC-TAKEN", None, turn.text),
        "join": Subscribe(turn.text),
        "stop": Unsubscribe(turn.text),
        "forget": ForgetMe(),
        "log": LogQuestion(turn.text, "answer", "muc-dong", 0.9, "vi"),
        "good": RecordFeedback("muc-dong", helpful=True),
        "remind": ScheduleReminder(turn.today + timedelta(days=30), "gia-han"),
    }
    return [effect for word, effect in wanted.items() if word in words]
