"""What is asked beside thanks: "cảm ơn ạ, thế nộp ở đâu" asks something, "cảm ơn, để tôi hỏi trường" does not."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.finding import QUESTION_WORD
from knowledge.search.folding import fold

_POLITE = frozenset(
    "cam on mon camon thank thanks thankss tks tkiu thks thx u uh um uhm o da vang ok oke okie oki okay hieu ro biet"
    " roi r duoc dc a ah nha nhe ne nhen nhieu nhiu lam qua rat xin truoc bot ad ban b anh chi em e co thay bac chu con"
    " chau toi tui minh mik".split()
)
"""Words of thanks and assent as they are typed, without diacritics."""
_CORE = frozenset("on mon camon thank thanks thankss tks tkiu thks thx hieu ro biet vang ok oke okie oki okay".split())
"""Without one of these nothing was thanked for or agreed to."""
_GOES_ON = frozenset({"còn", "thế", "vậy"})
"""What begins with one of these, marks and all, asks on: "cảm ơn, còn niềng răng"."""
_CLAUSES = re.compile(r"\s*[,.;!]+(?:\s+|$)")
_EDGES = re.compile(r"^\W+|\W+$")
SHORT = 4
"""A clause of so few words in which somebody thanks or agrees asks nothing."""
LEAST = 2
"""Words that a question has at least."""


def asked_besides(context: Context) -> Context | None:
    """The turn with what is left of the message without thanks and assent around it, when that asks something."""
    clauses = [clause.split() for clause in _CLAUSES.split(context.text) if clause]
    thanked = False
    while clauses and _is_thanks(clauses[0]):
        clauses, thanked = clauses[1:], True
    while clauses and _is_thanks(clauses[-1]):
        clauses, thanked = clauses[:-1], True
    words = [word for clause in clauses for word in clause]
    start, end = 0, len(words)
    while start < end and _plain(words[start]) in _POLITE and words[start].lower() not in _GOES_ON:
        start += 1
    while start < end and _plain(words[end - 1]) in _POLITE:
        end -= 1
    thanked = thanked or not _CORE.isdisjoint(map(_plain, (*words[:start], *words[end:])))
    if end - start < LEAST or not thanked:
        return None
    asked = context.reading(" ".join(words[start:end]))
    return asked if words[start].lower() in _GOES_ON or QUESTION_WORD.search(asked.spelled.text) else None


def _is_thanks(words: list[str]) -> bool:
    return len(words) <= SHORT and not _CORE.isdisjoint(map(_plain, words))


def _plain(word: str) -> str:
    return fold(_EDGES.sub("", word))
