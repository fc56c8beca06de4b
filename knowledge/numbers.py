"""No number of policy is typed into a text: a text names facts, and only such as are known well enough to be stated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.errors import FactError
from knowledge.facts import Confidence, Unit
from knowledge.rendering import PLACEHOLDER, fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from knowledge.facts import Fact, FactBook

ALLOWED_DIGITS = re.compile(
    r"""^\s*\d+\.\s                                     # numbered steps
      | \b(?:lớp|grades?|khối)\s+\d+(?:\s*[,–-]\s*\d+)*    # lớp 1 … lớp 12
      | \b(?:mức(?:\ độ)?|level)\s+[12]\b                # levels of identification
      | \b(?:Mẫu(?:\ số)?|Form(?:\ No\.)?)\s+[23]\b      # official forms
      | \bPhụ\ lục\s+\S+
      | \b(?:Điều|khoản|Article|Clause)\s+\d+
      | \b\d+/(?:\d{4}/)?[A-ZĐ]{2,}[\w/-]*               # numbers of documents: 188/2025/NĐ-CP, 861/QĐ-TTg
      | \bTK1-TS\b
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


def typed(line: str) -> Iterator[tuple[str, str]]:
    """What a line says without naming a fact, with the mend: a number, or a brace that is none."""
    bare = PLACEHOLDER.sub("", line)
    if found := re.search(r"\d[\d.,/%]*", ALLOWED_DIGITS.sub("", bare)):
        yield f"the number {found[0]} is typed into the text", "name a fact in braces"
    if re.search(r"[{}]", bare):
        yield "a brace that names no fact", "write {name}, {name.part} or {name@2026-09-05}, the name in small letters"


def named(line: str, facts: FactBook, day: date, language: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the facts that a line names, with the mend."""
    for brace, fact_id in dict.fromkeys((match[0], match["fact"]) for match in PLACEHOLDER.finditer(line)):
        try:
            fill(brace, facts, day, language)
        except FactError as error:
            yield error.problems[0].what, "use a fact of facts.toml, with a part and a day that it has"
        if fact_id in facts and _too_uncertain(facts.fact(fact_id)):
            yield f"{fact_id} is too uncertain to be stated", "say less and name the hotline"


def _too_uncertain(fact: Fact) -> bool:
    return fact.unit is not Unit.TEXT and any(row.confidence is Confidence.LOW for row in fact.values)
