"""A question in free words: whom it is about, what was spoken of before, one question or two."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.answering import answer, answer_for_each, clarify, joined, not_understood, outside
from handlers.context import Context, entry_button, offer
from handlers.memory import Person
from handlers.people import Mentions, stage_named
from handlers.turn import Decision, Outcome, Reply, ReplyKind
from handlers.wording import describe
from knowledge.entries import Kind, Stage
from knowledge.search.decision import (
    Answer,
    Clarify,
    Decided,
    HandOff,
    NotUnderstood,
    OutOfScope,
    SmallTalk,
    decide,
)
from knowledge.search.engine import Candidate
from knowledge.search.folding import fold
from knowledge.search.spelling import Spelled

RANKED = 12
OWN_MEANING = 0.75
"""A message that means one entry this surely needs nothing of what was said before."""
OWN_SHARE = 0.72
"""How much of a short message's meaning is its own; the rest comes from the question before it."""
SHORT = 7
"""Messages of at most this many words may lean on what was said before."""
NEARBY = 3.0
"""How much more probable an entry becomes, after a short message, when the last answer offered it as a follow-up."""
SMALL_CHILD = "trẻ dưới 6 tuổi"
DOMAIN_SHARE = 0.5
"""Below this share of known words a message that nothing answers is not about our subject."""

_FOLLOWS = re.compile(
    r"^(?:the|vay|con|roi|nhung|neu|nhu|ok|okay|a|u|vang|ma|hay|and|what about|but)\b"
    r"|\b(?:thi sao|thenao|duoc khong|nua)$"
)
_CONNECTOR = re.compile(
    r"\?+"
    r"|\s+(?:va|voi lai|ngoai ra|dong thoi|roi|con|with|and|also)\s+(?=.{8,})"
    r"|,\s*(?:va|voi|con|roi|voi lai|ngoai ra|cho hoi|nua la)?\s+(?=.{8,})"
)
_QUESTION_WORD = re.compile(
    r"\b(?:thenao|baonhieu|khinao|odau|visao|baolau|gi|nao|sao|may|ai|khong|chua|how|what|when|where|can|do|does|is|which)\b"
)
_MAY_BE_TWO = re.compile(r"\?.*\w|, |\s(?:va|voi lai|ngoai ra|dong thoi|con|with|and|also)\s")
_TOO_SHORT_TO_BE_ONE = 3


@dataclass(frozen=True)
class Found:
    """What the search and the context say of one question."""

    decided: Decided
    candidates: list[Candidate]


def ask(context: Context, mentions: Mentions) -> Outcome:
    """The outcome of a message that asks something."""
    if repeated := _repeat_for_another(context, mentions):
        return repeated
    whole = _find(context, mentions)
    parts = _two_questions(context, whole, mentions)
    if parts:
        return joined([_carry_out(part, found, mentions) for part, found in parts])
    return _carry_out(context, whole, mentions)


_PRICE = re.compile(r"\bdong\b.*\b(?:baonhieu|nhieu|may tien)\b|\bmuc dong\b")
_YEAR_TOKEN = re.compile(r"20[12]\d(?:[-/](?:20)?[12]\d)?|2\d[-/]2\d")


_ABOUT_SUPPORT = re.compile(
    r"\b(?:hotro|mienphi|dong|them|giam|bu|lo|mat tien|hoantien|thu|tra|dia phuong|diaphuong|bhxh|pay|free|support)\b"
)


def _without_place(context: Context) -> Spelled:
    """A question without the province that it names, unless it is about money: else a place says where, not what."""
    spelled = context.spelled
    if _ABOUT_SUPPORT.search(spelled.text) or context.tools.places.find(spelled) is None:
        return spelled
    folded = tuple(context.tools.places.without(spelled).split())
    dropped = set(spelled.folded) - set(folded)
    return replace(spelled, words=tuple(word for word in spelled.words if fold(word) not in dropped), folded=folded)


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
    words = SMALL_CHILD.split()
    return replace(spelled, words=(*spelled.words, *words), folded=(*spelled.folded, *fold(SMALL_CHILD).split()))


def _find(context: Context, mentions: Mentions) -> Found:
    search = context.tools.search
    candidates = search.rank(_with_stage(context, mentions), RANKED)
    if candidates and candidates[0].probability < OWN_MEANING and _leans_on_context(context):
        candidates = _with_context(context, candidates)
    place = context.tools.places.find(context.spelled)
    weighed = context.tools.scope.weigh(candidates, context.spelled, place.office if place else None)
    candidates = _for_stage(context, weighed, mentions)
    return Found(decide(candidates, context.base, context.tools.thresholds), candidates)


def _for_stage(context: Context, candidates: list[Candidate], mentions: Mentions) -> list[Candidate]:
    """Entries that answer the same question for different ages count together, as the one for the person meant."""
    stage = _stage(context, mentions)
    together: dict[str, Candidate] = {}
    for candidate in candidates:
        group = context.base.stages.group_of(candidate.entry_id)
        general = Stage.PUPIL if group is not None and group.id == "contribution" else None
        entry_id = context.base.stages.entry_for(candidate.entry_id, stage or general)
        known = together.get(entry_id)
        chance = candidate.probability + (known.probability if known else 0.0)
        together[entry_id] = Candidate(entry_id, chance, known.nearest if known else candidate.nearest)
    return sorted(together.values(), key=lambda candidate: -candidate.probability)


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
    mixed: dict[str, tuple[float, str]] = {}
    for share, ranked in ((OWN_SHARE, candidates), (1 - OWN_SHARE, together)):
        for candidate in ranked:
            known = mixed.get(candidate.entry_id, (0.0, candidate.nearest))
            mixed[candidate.entry_id] = (known[0] + share * candidate.probability, known[1])
    lifted = [
        Candidate(entry_id, chance * _nearness(context, last.id, entry_id), nearest)
        for entry_id, (chance, nearest) in mixed.items()
    ]
    total = max(1.0, sum(candidate.probability for candidate in lifted))
    best = sorted(lifted, key=lambda candidate: -candidate.probability)[:RANKED]
    return [replace(candidate, probability=candidate.probability / total) for candidate in best]


def _nearness(context: Context, last: str, entry_id: str) -> float:
    base = context.base
    entry, before = base.entry(entry_id), base.entry(last)
    if entry.kind is not Kind.ANSWER and entry.kind is not Kind.HANDOFF:
        return 1.0
    if entry_id in before.next:
        return NEARBY
    return NEARBY / 2 if entry.topic == before.topic else 1.0


def _carry_out(context: Context, found: Found, mentions: Mentions) -> Outcome:
    decided = found.decided
    stage = _stage(context, mentions)
    match decided:
        case Answer(entry_id, confidence) | HandOff(entry_id, confidence):
            people = _people_meant(context, mentions)
            if len(people) > 1 and isinstance(decided, Answer):
                return answer_for_each(context, entry_id, people, confidence)
            return answer(context, entry_id, confidence, stage=stage)
        case SmallTalk(entry_id, confidence):
            return answer(context, entry_id, confidence)
        case Clarify(options, confidence, entry_id):
            return clarify(context, options, confidence) if entry_id is None else answer(context, entry_id, confidence)
        case OutOfScope(entry_id, confidence):
            return outside(context, confidence) if entry_id is None else answer(context, entry_id, confidence)
        case NotUnderstood(confidence):
            if context.tools.search.known_share(context.spelled) < DOMAIN_SHARE:
                return outside(context, confidence)
            return not_understood(context, confidence)


def _stage(context: Context, mentions: Mentions) -> Stage | None:
    """The stage of the person whom this question is about; one named in the message wins over what is remembered."""
    if mentions.people:
        return mentions.people[0].stage_on(context.turn.today)
    named = stage_named(context.spelled.text)
    return named if named is not None else context.memory.person.stage_on(context.turn.today)


def _people_meant(context: Context, mentions: Mentions) -> tuple[Person, ...]:
    if len(mentions.people) > 1:
        return mentions.people
    return context.memory.children if mentions.reference == "both" else ()


_BARE = re.compile(
    r"^(?:the |vay |roi |a |thi )*(?:con )?(?:ve |voi |cho )?"
    r"(?:con|chau|be|thang|dua|nhoc|cu|em|anh|chi|sinhvien|hocsinh|hoc|ca(?: (?:hai|2|ba))?(?: (?:con|chau|be|dua))?)?"
    r"(?: (?:lon|nho|ut|dau|be|hai|ba|thu|nhat|dua|sau|truoc|kia|nay|hon|em|gai|trai|lop|tuoi|\d+|sinhvien|hocsinh|dai"
    r"|hoc|namnhat|namcuoi|la))*"
    r"(?: (?:thi sao|sao|thenao|thi|nua|co duoc khong|co khong|cung vay|tuong tu|vay|a))*$"
)


ONLY_TIME = re.compile(
    r"(?:(?:the|vay|con|roi|thi|cua|cho|ve|dong|neu|hoi|a|nam hoc|nam|hoc|trong|what about|and)\s+)*"
    r"(?:20[12]\d(?:[ /–-]+(?:den )?(?:20)?[12]\d)?|nam (?:ngoai|truoc|hoc truoc)|(?:1[0-5]|[1-9]) thang)"
    r"(?:\s+(?:thi sao|sao|thenao|thi|baonhieu|het baonhieu|la baonhieu|nua|cung vay|a))*"
)


def _repeat_for_another(context: Context, mentions: Mentions) -> Outcome | None:
    """`còn thằng lớn?`, `nhầm, cháu 15 tuổi`: the last question again, for the person now in focus."""
    memory = context.memory
    if memory.last_entry not in context.base.entries:
        return None
    if ONLY_TIME.match(context.spelled.text):
        return answer(context, memory.last_entry, stage=_stage(context, mentions))
    if not (mentions.people or mentions.reference):
        return None
    if not mentions.statement_only and not _BARE.match(context.spelled.text):
        return None
    people = _people_meant(context, mentions)
    if len(people) > 1:
        return answer_for_each(context, memory.last_entry, people, 1.0)
    outcome = answer(context, memory.last_entry, stage=_stage(context, mentions))
    if not mentions.correction:
        return outcome
    who = describe(memory.person, memory, context.base, context.turn.today)
    noted = Reply(context.say("noted", "corrected", who=who), ReplyKind.NOTICE)
    return Outcome(
        (noted, *outcome.replies), outcome.memory, outcome.decision, outcome.entry, outcome.confidence, outcome.effects
    )


def _two_questions(context: Context, whole: Found, mentions: Mentions) -> list[tuple[Context, Found]]:
    """Both halves of a message that asks two different things; empty when it asks one."""
    if not _MAY_BE_TWO.search(context.text) and not _MAY_BE_TWO.search(context.spelled.text):
        return []
    halves = [half.strip(" ,.?!") for half in _CONNECTOR.split(_splittable(context)) if half and half.strip(" ,.?!")]
    if len(halves) < 2:
        return []
    asked = [half for half in halves if len(half.split()) >= _TOO_SHORT_TO_BE_ONE]
    found: list[tuple[Context, Found]] = []
    for half in asked:
        part = context.reading(half)
        if not _QUESTION_WORD.search(part.spelled.text):
            continue
        result = _find(part, mentions)
        if isinstance(result.decided, Answer | HandOff) and result.candidates[0].probability >= _TWO_SURE:
            found.append((part, result))
    entries = {result.candidates[0].entry_id for _, result in found}
    best = whole.candidates[0].probability if whole.candidates else 0.0
    if len(found) != 2 or len(entries) != 2 or min(r.candidates[0].probability for _, r in found) < 0.6 * best:
        return []
    return found


_TWO_SURE = 0.45


def _splittable(context: Context) -> str:
    """The message with its punctuation, words as read: connectors are looked for without diacritics."""
    pieces = re.split(r"([?,;.!])", context.text)
    return " ".join(
        piece if re.fullmatch(r"[?,;.!]", piece) else " ".join(context.tools.search.read(piece).folded)
        for piece in pieces
    )


def statement(context: Context, mentions: Mentions) -> Outcome:
    """Somebody said who they are, or how old the child is, and asked nothing yet."""
    memory, today = context.memory, context.turn.today
    buttons = tuple(
        entry_button(context, context.base.stages.entry_for(entry_id, memory.person.stage_on(today)))
        for entry_id in _OFFERED
        if entry_id in context.base.entries
    )
    if len(mentions.people) > 1:
        who = "; ".join(describe(child, memory, context.base, today) for child in memory.children)
        text = context.say("noted", "children", count=len(memory.children), who=who)
    elif mentions.people:
        who = describe(memory.person, memory, context.base, today)
        text = context.say("noted", "child" if memory.focus is not None else "self", who=who)
    else:
        text = context.say("noted", "role")
    reply = Reply(text, ReplyKind.QUESTION, tuple(dict.fromkeys(buttons)))
    return Outcome((reply,), offer(memory, reply.buttons), Decision.CLARIFY)


_OFFERED = ("muc-dong-hien-nay", "the-co-gia-tri-den-khi-nao", "muc-huong-hssv", "the-dien-tu-app-theo-tuoi")
