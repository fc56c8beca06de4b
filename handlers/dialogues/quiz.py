"""The quiz of the week: the questions of the open round, then the score and why each wrong answer is wrong.

Answers are letters of the choices, which stand in an order that is mixed for each round. The number of a question goes
with the code of its round, so that a button of an earlier round answers nothing.
"""

from __future__ import annotations

import re

from handlers.dialogues.guide import Answers, Conclusion, Guide, Question, Setting, of
from handlers.effects import RecordQuizScore
from handlers.texts import say
from handlers.turn import Button, Round
from knowledge.base import KnowledgeBase
from knowledge.quiz import QuizQuestion
from knowledge.rendering import fill
from knowledge.search.folding import fold
from knowledge.search.spelling import Spelled

NAME = "quiz"
LETTERS = "abcd"
READ_ON = 3
"""Answers that are offered to read after wrong ones."""
_LABEL_LIMIT = 60
_NUMBER = re.compile(r"(?:(?:so|cau|y|dap an|chon) )?([1-4])")


def quiz_guide(opened: Round, base: KnowledgeBase) -> Guide | None:
    """The dialogue of a round; None when the knowledge base has none of its questions any more."""
    asked = [base.quiz.questions[name] for name in opened.questions if name in base.quiz.questions]
    if not asked:
        return None
    items = tuple(_Item(opened.code, number, len(asked), question) for number, question in enumerate(asked, 1))
    return Guide(
        NAME,
        tuple(item.question for item in items),
        lambda answers, setting: _conclude(opened, items, answers, setting),
    )


class _Item:
    """One question of a round, as it is asked there."""

    def __init__(self, code: str, number: int, count: int, about: QuizQuestion) -> None:
        self.about = about
        self.number = number
        self._order = about.order(code)
        self._count = count
        self.question = Question(
            f"{code}.{number}",
            of(*LETTERS[: len(self._order)]),
            self._parse,
            label=str.upper,
            text=self._ask,
        )

    @property
    def right(self) -> str:
        return LETTERS[self._order.index(0)]

    def choice(self, letter: str, setting: Setting) -> str:
        return _told(self.about.choices[self._order[LETTERS.index(letter)]], setting)

    def _ask(self, setting: Setting) -> str:
        values = {"number": self.number, "count": self._count, "ask": _told(self.about.ask, setting)}
        letters = LETTERS[: len(self._order)]
        choices = "\n".join(f"{letter.upper()}. {self.choice(letter, setting)}" for letter in letters)
        return f"{say(setting.language, NAME, 'ask', **values)}\n\n{choices}"

    def _parse(self, spelled: Spelled, setting: Setting) -> str | None:
        letters = LETTERS[: len(self._order)]
        typed = _bare(spelled.text)
        for letter in letters:
            if _bare(fold(self.choice(letter, setting))) == typed:
                return letter
        match = _NUMBER.fullmatch(spelled.text)
        return letters[int(match[1]) - 1] if match and int(match[1]) <= len(letters) else None


def _conclude(opened: Round, items: tuple[_Item, ...], answers: Answers, setting: Setting) -> Conclusion:
    wrong = [item for item in items if answers[item.question.id] != item.right]
    score, language = len(items) - len(wrong), setting.language
    key = "all_right" if not wrong else "score"
    parts = [say(language, NAME, key, score=score, count=len(items), title=opened.title)]
    parts += [_mistake(item, setting) for item in wrong]
    parts.append(say(language, NAME, "first_counts"))
    entries = list(dict.fromkeys(item.about.entry for item in wrong))[:READ_ON]
    read_on = [
        Button(setting.base.entry(entry).title_in(language)[:_LABEL_LIMIT], f"entry:{entry}")
        for entry in entries
        if entry in setting.base.entries
    ]
    return Conclusion(
        "\n\n".join(parts),
        sources=tuple(dict.fromkeys(item.about.source for item in wrong)),
        buttons=(*read_on, Button(say(language, NAME, "tell_me"), "topic:quiz")),
        effects=(RecordQuizScore(opened.code, score, len(items)),),
    )


def _mistake(item: _Item, setting: Setting) -> str:
    values = {
        "number": item.number,
        "ask": _told(item.about.ask, setting),
        "letter": item.right.upper(),
        "right": item.choice(item.right, setting),
        "why": _told(item.about.why, setting),
    }
    return say(setting.language, NAME, "mistake", **values)


def _told(template: str, setting: Setting) -> str:
    """A text of the quiz with today's figures. The questions are asked in Vietnamese only."""
    return fill(template, setting.base.facts, setting.today)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[\w/%.]+", text)).rstrip(".")
