"""What a guided dialogue is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from handlers.effects import Effect
from handlers.memory import DialogueState, Memory
from handlers.texts import say
from handlers.turn import Button
from knowledge.base import KnowledgeBase
from knowledge.rendering import fill
from knowledge.search.spelling import Spelled

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Setting:
    """What a dialogue may look at: the knowledge base, the day, the person."""

    base: KnowledgeBase
    today: date
    memory: Memory

    @property
    def language(self) -> str:
        return self.memory.language

    def base_text(self, section: str, key: str) -> str:
        """A text of the catalogue whose numbers are named facts, as of today."""
        return fill(say(self.language, section, key), self.base.facts, self.today, self.language)


@dataclass(frozen=True)
class Conclusion:
    """The result: words of its own, an entry whose answer follows, the documents the words rest on, what to do.

    `sources` are ids of documents. `buttons` stand first below an entry's answer, and below words of its own in place
    of the one that begins again.
    """

    text: str = ""
    entry: str | None = None
    sources: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    effects: tuple[Effect, ...] = ()


Choices = Callable[[Answers, Setting], tuple[str, ...]]


def of(*values: str) -> Choices:
    """Choices that are the same after all answers and on every day."""
    return lambda _answers, _setting: values


def _always(_answers: Answers) -> bool:
    return True


def _unknown(_setting: Setting, _answers: Answers) -> str | None:
    return None


@dataclass(frozen=True)
class Question:
    """One thing to ask. Texts are `ask_<id>` and `<id>_<value>` in the dialogue's section of the catalogue.

    `text` and `label` say a question and a value that stand in no catalogue; `parse` reads a free answer and gives a
    value or None; `prefill` gives what is known already; `needed` tells whether it must be asked after the answers so
    far.
    """

    id: str
    choices: Choices
    parse: Callable[[Spelled, Setting], str | None]
    needed: Callable[[Answers], bool] = _always
    prefill: Callable[[Setting, Answers], str | None] = _unknown
    label: Callable[[str], str] | None = None
    text: Callable[[Setting], str] | None = None


@dataclass(frozen=True)
class Guide:
    """A dialogue: its questions in order, and what follows from all answers."""

    name: str
    questions: tuple[Question, ...]
    conclude: Callable[[Answers, Setting], Conclusion]
    _by_id: dict[str, Question] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {question.id: question for question in self.questions})

    def __contains__(self, question_id: object) -> bool:
        return question_id in self._by_id

    def question(self, question_id: str) -> Question:
        return self._by_id[question_id]

    def next_question(self, answers: Answers) -> Question | None:
        """The first question that is needed and open."""
        for question in self.questions:
            if question.id not in answers and question.needed(answers):
                return question
        return None

    def start(self, setting: Setting) -> DialogueState:
        """A fresh state with all that is known of the person filled in."""
        answers: dict[str, str] = {}
        for question in self.questions:
            value = question.prefill(setting, answers) if question.needed(answers) else None
            if value is not None:
                answers[question.id] = value
        return self.asking(DialogueState(name=self.name, answers=answers))

    def asking(self, state: DialogueState) -> DialogueState:
        """The state with the next open question marked as asked; `asking` is None when all is answered."""
        question = self.next_question(state.answers)
        return state.model_copy(update={"asking": question.id if question else None})

    def answer(self, state: DialogueState, value: str, question_id: str | None = None) -> DialogueState:
        """The state after an answer; answers that no longer apply are dropped, so a correction cannot contradict."""
        answers = {**state.answers, question_id or state.asking or "": value}
        kept: dict[str, str] = {}
        for question in self.questions:
            if question.id in answers and question.needed(kept):
                kept[question.id] = answers[question.id]
        return self.asking(state.model_copy(update={"answers": kept}))

    def ask(self, state: DialogueState, setting: Setting) -> tuple[str, list[tuple[str, str]]]:
        """The text of the question being asked and its choices as (label, value)."""
        if state.asking is None:
            raise ValueError("nothing is being asked")
        question = self.question(state.asking)
        labels = [
            (question.label(value) if question.label else setting.base_text(self.name, f"{question.id}_{value}"), value)
            for value in question.choices(state.answers, setting)
        ]
        return question.text(setting) if question.text else setting.base_text(self.name, f"ask_{question.id}"), labels
