"""Questions and answers as JSON lines, without a database: the interface that others measure the bot through.

In:  {"id", "text", "session"?, "persona"?, "date"?, "locale"?}
Out: {"id", "decision", "entry", "confidence", "text", "options", "sources"}, or {"id", "error"} for a wrong line

Lines of one session are one conversation; a line without session stands alone.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from bot.casenumbers import case_number
from bot.store.texts import clean
from handlers.memory import Memory
from handlers.turn import Turn
from knowledge.entries import Role

if TYPE_CHECKING:
    from bot.turns import Responder
    from handlers.turn import Outcome

PERSONAS = {
    "student": Role.STUDENT,
    "parent": Role.PARENT,
    "teacher": Role.TEACHER,
    "staff": Role.TEACHER,
    "teacher/staff": Role.TEACHER,
}
"""Who asks, as the measurers name it; anybody else starts without a role."""


def _iso_date(value: str) -> str:
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("must be a day such as 2026-09-05") from None


class Question(BaseModel):
    """One line of input; keys that are not named here are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, hide_input_in_errors=True)

    id: str | int
    text: str
    session: str | int | None = None
    persona: str | None = None
    date: Annotated[str, AfterValidator(_iso_date)] | None = None
    locale: str | None = None

    def day(self, default: dt.date) -> dt.date:
        """The day of the question."""
        return dt.date.fromisoformat(self.date) if self.date else default

    def first_memory(self) -> Memory:
        """What is known of somebody who has not written yet."""
        language = "en" if (self.locale or "").lower().startswith("en") else "vi"
        return Memory(language=language, role=PERSONAS.get((self.persona or "").lower()))


class Interview:
    """Answers line by line, remembering sessions in memory. Case numbers count the lines: the same in every run."""

    def __init__(self, responder: Responder, today: dt.date) -> None:
        self._responder = responder
        self._today = today
        self._sessions: dict[str | int, Memory] = {}
        self._count = 0

    def answer_line(self, line: bytes) -> str:
        """One line of JSON for one line of JSON; never raises for what a line holds."""
        self._count += 1
        identity: object = None
        try:
            data = _parse(line)
            identity = data.get("id") if isinstance(data, dict) else None
            answer = self._answer(Question.model_validate(data))
        except ValidationError as error:
            answer = _error(identity, _first_mistake(error))
        except _NotJsonError:
            answer = _error(None, "not JSON")
        except Exception as error:  # noqa: BLE001 - one bad line must not end a measurement of thousands
            answer = _error(identity, f"unexpected {type(error).__name__}")
        return clean(json.dumps(answer, ensure_ascii=False))

    def ask(self, question: Question) -> Outcome:
        """The outcome of one question; raises whatever the core raises, and then forgets the attempt."""
        today = question.day(self._today)
        memory = question.first_memory()
        if question.session is not None:
            memory = self._sessions.get(question.session, memory)
        turn = Turn(memory, today, clean(question.text), case_number=case_number(self._count, today))
        outcome = self._responder.respond(turn)
        if question.session is not None:
            self._sessions[question.session] = outcome.memory
        return outcome

    def _answer(self, question: Question) -> dict[str, Any]:
        outcome = self.ask(question)
        return {
            "id": question.id,
            "decision": outcome.decision.value,
            "entry": outcome.entry,
            "confidence": round(min(1.0, max(0.0, float(outcome.confidence))), 4),
            "text": visible_text(outcome),
            "options": [button.label for button in outcome.buttons],
            "sources": list(outcome.sources),
        }


def visible_text(outcome: Outcome) -> str:
    """All that the person would read, the hotline that a channel shows beside a reply included."""
    parts = []
    for reply in outcome.replies:
        parts.append(reply.plain)
        if reply.hotline and reply.hotline not in reply.plain:
            parts.append(reply.hotline)
    return "\n\n".join(parts)


class _NotJsonError(Exception):
    """The line cannot be read."""


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _NotJsonError from None


def _error(identity: object, what: str) -> dict[str, Any]:
    return {"id": identity if isinstance(identity, (str, int)) else None, "error": what}


def _first_mistake(error: ValidationError) -> str:
    mistake = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = str(mistake["loc"][0]) if mistake["loc"] else ""
    return f"{name}: {mistake['msg'].removeprefix('Value error, ')}" if name else "not a JSON object"
