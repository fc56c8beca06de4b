"""Writes the file of an answer: one more way of asking, or a whole new one."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from bot.drafts.draft import file_of
from bot.drafts.errors import DraftError, ProblemsError
from bot.drafts.texts import say
from bot.store.texts import clean
from knowledge.entries import Entry, parse_entry
from knowledge.errors import KnowledgeError, Problem

if TYPE_CHECKING:
    from datetime import date

TEXT_LIMIT = 40_000
"""Characters of one file; the longest of the repository has a fifth of that."""
REVIEW = timedelta(days=180)
UNREAD = "?"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


def read(text: str) -> tuple[str, Entry]:
    """The text as it is kept, and the answer in it; raises ProblemsError when it has not the form of one."""
    text = clean(text).replace("\r\n", "\n").strip() + "\n"
    if len(text) > TEXT_LIMIT:
        raise DraftError(say("too_long", limit=TEXT_LIMIT))
    try:
        entry = parse_entry(text, UNREAD)
    except KnowledgeError as error:
        raise ProblemsError(error.problems) from error
    if not all(_NAME.fullmatch(name) for name in (entry.id, entry.topic)):
        raise ProblemsError([Problem(UNREAD, 0, say("id_form"))])
    return text, parse_entry(text, file_of(entry.topic, entry.id))


def with_phrasing(text: str, phrasing: str, language: str = "vi") -> str:
    """The file of an answer with one more way of asking; raises DraftError."""
    words = one_line(phrasing)
    if not words:
        raise DraftError(say("no_words"))
    line = f"  {json.dumps(words, ensure_ascii=False)},\n"
    if language == "en":
        return _with_english(text, line)
    return _put(text, r"^phrasings\s*=\s*\[[ \t]*\n?", line)


def _with_english(text: str, line: str) -> str:
    if re.search(r"^phrasings_en\s*=", text, re.MULTILINE):
        return _put(text, r"^phrasings_en\s*=\s*\[[ \t]*\n?", line)
    return re.sub(r"^(?=reviewed\s*=)", lambda _: f"phrasings_en = [\n{line}]\n", text, count=1, flags=re.MULTILINE)


def _put(text: str, opening: str, line: str) -> str:
    found = re.search(opening, text, re.MULTILINE)
    if found is None:
        raise DraftError(say("no_list"))
    return f"{text[: found.start()]}{found[0].rstrip()}\n{line}{text[found.end() :]}"


def new_answer(question: str, today: date) -> str:
    """The file of a new answer to be filled in, with the question that it is for as its first phrasing."""
    form = (Path(__file__).with_name("templates") / "new-answer.md").read_text(encoding="utf-8")
    asked = json.dumps(one_line(question), ensure_ascii=False)
    return Template(form).substitute(question=asked, reviewed=today, review_by=today + REVIEW)


def one_line(text: str) -> str:
    """A text as one line, without what a TOML text cannot hold."""
    return " ".join(clean(_UNPRINTABLE.sub(" ", text)).split())
