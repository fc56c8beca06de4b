"""What a question may mean: the search, leaned on by the conversation so far and by whom it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.background import RANKED, texts, together
from handlers.context import Context
from handlers.people import Mentions, stage_named
from handlers.wording import stage_name
from knowledge.entries import Kind, Stage
from knowledge.search.decision import Answer, Clarify, Decided, HandOff, decide
from knowledge.search.engine import Candidate
from knowledge.search.folding import fold
from knowledge.search.scope import BARE_TOPIC
from knowledge.search.spelling import Spelled

CONSIDERED = 12
OWN_MEANING = 0.75
"""A message that means one entry this surely needs nothing of what was said before."""
OWN_CASE = 0.9
"""The same while a person has to take over: most of what is said then belongs to the case."""
SHORT = 7
"""Messages of at most this many words may lean on what was said before."""
VAGUE, TELLING = 0.6, 0.7
"""A message that tells less of its topic (`Content.of`) has no meaning of its own; a follow-up needs more."""
_FOLLOWS = re.compile(
    r"^(?:the|vay|con|roi|nhung|neu|nhu|ok|okay|a|u|vang|ma|hay|and|what about|but)\b"
    r"|\b(?:thi sao|thenao|duoc khong|nua|khac khong|ha|a)$"
)


@dataclass(frozen=True)
class Found:
    """What the search and the context say of one question."""

    decided: Decided
    candidates: list[Candidate]
    leaned: bool = False
    """Whether it took what was said before to read the question."""


_PRICE = re.compile(r"\bdong\b.*\b(?:baonhieu|nhieu|may tien)\b|\bmuc dong\b")
_YEAR_TOKEN = re.compile(r"20[12]\d(?:[-/](?:20)?[12]\d)?|2\d[-/]2\d")


_ABOUT_SUPPORT = re.compile(
    r"\b(?:hotro|mienphi|dong|them|giam|bu|lo|mat tien|hoantien|thu|tra|dia phuong|diaphuong|bhxh|pay|free|support)\b"
)


def _without_place(context: Context) -> Spelled:
    """A question without the province that it names, unless it is about money: else a place says where, not what."""
    spelled = context.spelled
    return spelled if _ABOUT_SUPPORT.search(spelled.text) else context.tools.places.stripped(spelled)


def _without_year(spelled: Spelled) -> Spelled:
    """A question for a price without the year that it names: the answer is the same entry, told for that year."""
    if not _PRICE.search(spelled.text):
        return spelled
    words, folded = (
        tuple(word for word in given if not _YEAR_TOKEN.fullmatch(word)) for given in (spelled.words, spelled.folded)
    )
    return replace(spelled, words=words, folded=folded)


def _with_stage(context: Context, mentions: Mentions) -> Spelled:
    """The message with the words for small children added when it gives an age: "4 tuổi" stands in few phrasings."""
    spelled, people = _without_year(_without_place(context)), mentions.people
    if len(people) != 1 or people[0].stage_on(context.turn.today) is not Stage.UNDER6:
        return spelled
    if {"sosinh", "duoi"} & set(spelled.folded):
        return spelled
    hint = stage_name(Stage.UNDER6, "vi", context.base, context.turn.today)
    return replace(spelled, words=(*spelled.words, *hint.split()), folded=(*spelled.folded, *fold(hint).split()))


def find(context: Context, mentions: Mentions) -> Found:
    """Rank the entries for a question, then decide: the words first, then what is known of the conversation."""
    place = context.tools.places.find(context.spelled)
    spelled = _with_stage(context, mentions)
    ranked = context.tools.search.rank(spelled, RANKED)
    own = _thanks(context) or context.tools.scope.weigh(ranked, context.spelled, place.office if place else None)
    alone = _found(context, own, mentions)
    before = _leaning_on(context, own)
    if not before:
        return alone
    found = replace(_found(context, together(context, spelled, own, before), mentions), leaned=True)
    unsure = not isinstance(found.decided, Answer | HandOff)
    return alone if unsure and isinstance(alone.decided, Clarify) and alone.decided.entry_id is not None else found


_ASSENTS = frozenset({"u", "uh", "um", "uhm", "ok", "oke", "okay", "okie", "da", "vang", "a", "roi", "thoi", "duoc"})


def _thanks(context: Context) -> list[Candidate]:
    """What follows a leading "ừ", "ok" or "dạ", when that is small talk; else nothing."""
    spelled, start = context.spelled, 0
    while start < len(spelled.folded) and spelled.folded[start] in _ASSENTS:
        start += 1
    if not 0 < start < len(spelled.folded) <= SHORT or len(spelled.words) != len(spelled.folded):
        return []
    rest = replace(spelled, words=spelled.words[start:], folded=spelled.folded[start:])
    ranked = context.tools.scope.weigh(context.tools.search.rank(rest, RANKED), rest)
    small = ranked and context.base.entry(ranked[0].entry_id).kind is Kind.SMALLTALK
    return ranked if small and ranked[0].probability >= OWN_MEANING else []


def _found(context: Context, candidates: list[Candidate], mentions: Mentions) -> Found:
    considered = _for_stage(context, candidates[:CONSIDERED], mentions)
    return Found(decide(considered, context.base, context.tools.thresholds), considered)


def _leaning_on(context: Context, own: list[Candidate]) -> tuple[str, ...]:
    """What of the conversation so far a message may be read behind; nothing when it means something of its own."""
    before = texts(context)
    if not before or not own:
        return before
    best, entry = own[0].probability, context.base.entry(own[0].entry_id)
    bare = entry.topic == BARE_TOPIC
    if entry.kind in {Kind.SMALLTALK, Kind.REFUSE, Kind.CLARIFY} and not bare and best >= context.tools.thresholds.kind:
        return ()
    words, follows = len(context.spelled.folded), bool(_FOLLOWS.search(context.spelled.text))
    if words <= SHORT or (words <= 2 * SHORT and (follows or context.memory.handed_over)):
        content = context.tools.content.of(context.spelled.folded)
        vague = content < VAGUE or (follows and content < TELLING)
        sure = OWN_CASE if context.memory.handed_over else OWN_MEANING
        if bare or best < sure or vague:
            return before
    circumstance = context.memory.circumstance
    return (circumstance,) if circumstance else ()


def _for_stage(context: Context, candidates: list[Candidate], mentions: Mentions) -> list[Candidate]:
    """Entries that answer the same question for different ages count together, as the one for the person meant."""
    stage = stage_meant(context, mentions)
    together: dict[str, Candidate] = {}
    for candidate in candidates:
        group = context.base.stages.group_of(candidate.entry_id)
        general = Stage.PUPIL if group is not None and group.id == "contribution" else None
        entry_id = context.base.stages.entry_for(candidate.entry_id, stage or general)
        known = together.get(entry_id)
        chance = candidate.probability + (known.probability if known else 0.0)
        together[entry_id] = Candidate(entry_id, chance, known.nearest if known else candidate.nearest)
    return sorted(together.values(), key=lambda candidate: -candidate.probability)


def stage_meant(context: Context, mentions: Mentions) -> Stage | None:
    """The stage of the person whom this question is about; one named in the message wins over what is remembered."""
    if mentions.people:
        return mentions.people[0].stage_on(context.turn.today)
    named = stage_named(context.spelled.text)
    return named if named is not None else context.memory.person.stage_on(context.turn.today)
