"""What a question may mean: the search, leaned on by the conversation so far and by whom it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from handlers.context import Context
from handlers.local_support import for_province
from handlers.people import Mentions, stage_named
from handlers.wording import stage_name
from knowledge.dates import SchoolYear
from knowledge.entries import Kind, Stage
from knowledge.search.decision import Decided, decide
from knowledge.search.engine import Candidate, best_first
from knowledge.search.folding import fold
from knowledge.search.spelling import Spelled
from knowledge.stages import QuestionGroup

RANKED = 12
OWN_MEANING = 0.75
"""A message that means one entry this surely needs nothing of what was said before."""
OWN_SHARE = 0.72
"""How much of a short message's meaning is its own; the rest comes from the question before it."""
LONG = 24
"""Messages of more words tell a story: the question in it is asked by itself too."""
QUESTION_SHARE = 0.5
"""How much of the meaning of a story is the question in it."""
NAMED_SHARE = 0.6
"""In a question about money that names a province: how much is left to the reading with its name."""
SHORT = 7
"""Messages of at most this many words may lean on what was said before."""
NEARBY = 3.0
"""How much more probable an entry becomes, after a short message, when the last answer offered it as a follow-up."""
_FOLLOWS = re.compile(
    r"^(?:the|vay|con|roi|nhung|neu|nhu|ok|okay|a|u|vang|ma|hay|and|what about|but)\b"
    r"|\b(?:thi sao|thenao|duoc khong|nua)$"
)


QUESTION_WORD = re.compile(
    r"\b(?:thenao|baonhieu|khinao|odau|visao|baolau|gi|nao|sao|may|ai|khong|chua|how|what|when|where|can|do|does|is|which)\b"
)
_CLAUSE = re.compile(r"[.?!;\n]+|,\s")
_WHOLE_QUESTION = 8
"""A clause of fewer words says too little alone; the clause before it is asked with it."""


@dataclass(frozen=True)
class Found:
    """What the search and the context say of one question."""

    decided: Decided
    candidates: list[Candidate]


_PRICE = re.compile(r"\bdong\b.*\b(?:baonhieu|nhieu|may tien)\b|\bmuc dong\b")
_YEAR_TOKEN = re.compile(r"(?:\d{1,2}/)?(20[12]\d)(?:[-/](?:20)?[12]\d)?|(2\d)[-/]2\d")
_SCHOOL_YEAR, _NEXT_YEAR = frozenset({"nam", "hoc", "nien", "khoa"}), ("nam", "toi")


_ABOUT_SUPPORT = re.compile(
    r"\b(?:hotro|mienphi|(?<!lam )dong|them|giam|bu|lo|mat tien|hoantien|thu|tra|dia phuong|diaphuong|bhxh|pay|free"
    r"|support)\b"
)


def _without_place(context: Context) -> Spelled:
    """A question without the provinces that it names: a place says where, not what."""
    spelled = context.spelled
    if context.tools.places.find(spelled) is None:
        return spelled
    folded = tuple(context.tools.places.without(spelled).split())
    dropped = set(spelled.folded) - set(folded)
    return replace(spelled, words=tuple(word for word in spelled.words if fold(word) not in dropped), folded=folded)


def _without_year(spelled: Spelled, today: date) -> Spelled:
    """A question for a price without the year that it names: the answer is the same entry, told for that year.

    A school year that has not begun is "next year": its price is another question.
    """
    if not _PRICE.search(spelled.text):
        return spelled
    words, folded = (tuple(_years_told(given, today)) for given in (spelled.words, spelled.folded))
    return replace(spelled, words=words, folded=folded)


def _years_told(words: tuple[str, ...], today: date) -> list[str]:
    told: list[str] = []
    for word in words:
        match = _YEAR_TOKEN.fullmatch(word)
        if match is None:
            told.append(word)
            continue
        while told and fold(told[-1]) in _SCHOOL_YEAR:
            told.pop()
        if SchoolYear(int(match[1] or f"20{match[2]}")) > SchoolYear.of(today):
            told.extend(_NEXT_YEAR)
    return told


def _with_stage(context: Context, spelled: Spelled, mentions: Mentions) -> Spelled:
    """The message with the words for small children added when it gives an age: "4 tuổi" stands in few phrasings."""
    spelled, people = _without_year(spelled, context.turn.today), mentions.people
    if len(people) != 1 or people[0].stage_on(context.turn.today) is not Stage.UNDER6:
        return spelled
    if {"sosinh", "duoi"} & set(spelled.folded):
        return spelled
    hint = stage_name(Stage.UNDER6, "vi", context.base, context.turn.today)
    return replace(spelled, words=(*spelled.words, *hint.split()), folded=(*spelled.folded, *fold(hint).split()))


def find(context: Context, mentions: Mentions) -> Found:
    """Rank the entries for a question, then decide: the words first, then what is known of the conversation."""
    candidates = _ranked(context, mentions)
    if candidates and candidates[0].probability < OWN_MEANING and _leans_on_context(context):
        candidates = _with_context(context, candidates)
    place = context.tools.places.find(context.spelled)
    office = place.office if place else context.memory.province
    weighed = context.tools.scope.weigh(for_province(candidates, context.base, office), context.spelled, office)
    candidates = _for_stage(context, weighed, mentions)
    return Found(decide(candidates, context.base, context.tools.thresholds), candidates)


def _ranked(context: Context, mentions: Mentions) -> list[Candidate]:
    """The search, asked in every way that the message can be read, each reading with its share."""
    search = context.tools.search
    bare = _without_place(context)
    readings = [(1.0, bare)]
    if bare is not context.spelled and _ABOUT_SUPPORT.search(bare.text):
        readings = [(1 - NAMED_SHARE, bare), (NAMED_SHARE, context.spelled)]
    return _blended([(share, search.rank(_with_stage(context, read, mentions), RANKED)) for share, read in readings])


def _blended(rankings: list[tuple[float, list[Candidate]]]) -> list[Candidate]:
    """Several rankings of one question as one, best first."""
    if len(rankings) == 1:
        return rankings[0][1]
    blended: dict[str, float] = {}
    for share, ranked in rankings:
        for candidate in ranked:
            blended[candidate.entry_id] = blended.get(candidate.entry_id, 0.0) + share * candidate.probability
    return best_first(blended)[:RANKED]


def _for_stage(context: Context, candidates: list[Candidate], mentions: Mentions) -> list[Candidate]:
    """Entries that answer the same question for different ages count together, as the one for the person meant."""
    stage = stage_meant(context, mentions)
    together: dict[str, float] = {}
    for candidate in candidates:
        group = context.base.stages.group_of(candidate.entry_id)
        general = Stage.PUPIL if group is not None and _is_about_a_price(group, candidate.entry_id) else None
        entry_id = context.base.stages.entry_for(candidate.entry_id, stage or general)
        together[entry_id] = candidate.probability + together.get(entry_id, 0.0)
    return best_first(together)


def _is_about_a_price(group: QuestionGroup, entry_id: str) -> bool:
    """Whether an entry tells a premium that is the same for most people; small children pay none."""
    return group.id == "contribution" and entry_id != group.by_stage.get(Stage.UNDER6)


def _leans_on_context(context: Context) -> bool:
    memory = context.memory
    if memory.last_entry not in context.base.entries:
        return False
    words = len(context.spelled.folded)
    return words <= SHORT or (words <= 2 * SHORT and bool(_FOLLOWS.search(context.spelled.text)))


def _with_context(context: Context, candidates: list[Candidate]) -> list[Candidate]:
    """Rank again as if the last question stood before this one, and lift the neighbours of the last answer."""
    last = context.base.entry(context.memory.last_entry or "")
    search = context.tools.search
    together = search.find(f"{last.title} {context.text}", RANKED)
    lifted = {
        candidate.entry_id: candidate.probability * _nearness(context, last.id, candidate.entry_id)
        for candidate in _blended([(OWN_SHARE, candidates), (1 - OWN_SHARE, together)])
    }
    total = max(1.0, sum(lifted.values()))
    return best_first({entry_id: chance / total for entry_id, chance in lifted.items()})


def _nearness(context: Context, last: str, entry_id: str) -> float:
    base = context.base
    entry, before = base.entry(entry_id), base.entry(last)
    if entry.kind is not Kind.ANSWER and entry.kind is not Kind.HANDOFF:
        return 1.0
    if entry_id in before.next:
        return NEARBY
    return NEARBY / 2 if entry.topic == before.topic else 1.0


def stage_meant(context: Context, mentions: Mentions) -> Stage | None:
    """The stage of the person whom this question is about; one named in the message wins over what is remembered."""
    if mentions.people:
        return mentions.people[0].stage_on(context.turn.today)
    named = stage_named(context.spelled.text)
    return named if named is not None else context.memory.person.stage_on(context.turn.today)
