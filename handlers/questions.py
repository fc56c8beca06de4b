"""A question in free words: whom it is about, what was spoken of before, one question or two."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answering import answer, answer_for_each, clarify, joined, not_understood, outside
from handlers.circumstances import TELLING, offer_for, statement
from handlers.context import Context
from handlers.courtesy import asked_besides
from handlers.finding import QUESTION_WORD, Found, find, stage_meant
from handlers.local_support import entry_for_province
from handlers.memory import Person
from handlers.open_case import goes_on, with_the_case
from handlers.people import Mentions
from handlers.repeating import said_again, said_for
from handlers.rereading import reread
from handlers.statements import tells
from handlers.turn import Decision, Outcome, Reply, ReplyKind
from handlers.wording import describe
from knowledge.search.decision import (
    Answer,
    Clarify,
    HandOff,
    NotUnderstood,
    OutOfScope,
    SmallTalk,
)

DOMAIN_SHARE = 0.5
"""Below this share of known words a message that nothing answers is not about our subject."""

_CONNECTOR = re.compile(
    r"\?+"
    r"|\s+(?:va|voi lai|ngoai ra|dong thoi|roi|con|with|and|also)\s+(?=.{8,})"
    r"|,\s*(?:va|voi|con|roi|voi lai|ngoai ra|cho hoi|nua la)?\s+(?=.{8,})"
)
_MAY_BE_TWO = re.compile(r"\?.*\w|, |\s(?:va|voi lai|ngoai ra|dong thoi|con|with|and|also)\s")
_TOO_SHORT_TO_BE_ONE = 3


def ask(context: Context, mentions: Mentions) -> Outcome:
    """The outcome of a message that asks something."""
    if repeated := _repeat_for_another(context, mentions):
        return repeated
    if context.memory.last_entry is None and _names_only_a_place(context):
        return statement(context, mentions)
    whole = find(context, mentions)
    thanks = isinstance(whole.decided, SmallTalk)
    if (thanks or context.memory.handed_over) and (besides := asked_besides(context)) is not None:
        found = find(besides, mentions)
        if isinstance(found.decided, Answer | HandOff | Clarify):
            context, whole = besides, found
    if goes_on(context, whole):
        return with_the_case(context, whole)
    told = _tells(context, whole)
    if told and context.memory.last_entry is None and not whole.leaned:
        return offer_for(context, whole)
    parts = _two_questions(context, whole, mentions) or [(context, whole)]
    outcome = joined([_carry_out(part, found, mentions) for part, found in parts])
    if told and context.tools.content.of(context.spelled.folded) >= TELLING:
        return replace(outcome, memory=outcome.memory.having(circumstance=context.text))
    understood = isinstance(whole.decided, Answer | HandOff) or outcome.decision is Decision.HANDOFF
    if told or whole.leaned or not understood:
        return outcome
    return replace(outcome, memory=outcome.memory.having(subject=context.text))


def _tells(context: Context, found: Found) -> bool:
    """Whether a message tells of circumstances, and nothing that a person must see to."""
    if isinstance(found.decided, HandOff | OutOfScope | SmallTalk):
        return False
    return tells(context.tools.places.stripped(context.spelled), context.text)


def _carry_out(context: Context, found: Found, mentions: Mentions) -> Outcome:
    if (read_again := reread(context, found)) is not None:
        return read_again
    decided = found.decided
    stage = stage_meant(context, mentions)
    match decided:
        case Answer(entry_id, confidence) | HandOff(entry_id, confidence):
            people = _people_meant(context, mentions)
            if len(people) > 1 and isinstance(decided, Answer):
                return answer_for_each(context, entry_id, people, confidence)
            outcome = answer(context, entry_id, confidence, stage=stage)
            return said_again(context, outcome, stage)
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
    if _names_only_a_place(context):
        place = context.tools.places.find(context.spelled)
        entry_id = entry_for_province(context.base, memory.last_entry, place.office if place else None)
        return answer(context, entry_id, stage=stage_meant(context, mentions))
    if ONLY_TIME.fullmatch(context.spelled.text):
        return answer(context, memory.last_entry, stage=stage_meant(context, mentions))
    if not (mentions.people or mentions.reference):
        return None
    if not mentions.statement_only and not _BARE.match(context.spelled.text):
        return None
    people = _people_meant(context, mentions)
    if len(people) > 1:
        return answer_for_each(context, memory.last_entry, people, 1.0)
    outcome = answer(context, memory.last_entry, stage=stage_meant(context, mentions))
    who = describe(memory.person, memory, context.base, context.turn.today)
    if not mentions.correction:
        return said_for(context, outcome, who)
    noted = Reply(context.say("noted", "corrected", who=who), ReplyKind.NOTICE)
    return Outcome(
        (noted, *outcome.replies), outcome.memory, outcome.decision, outcome.entry, outcome.confidence, outcome.effects
    )


def _names_only_a_place(context: Context) -> bool:
    """`còn Điện Biên?`: the last question again, about another province."""
    if context.tools.places.find(context.spelled) is None:
        return False
    return _PLACE_ASKED.issuperset(context.tools.places.without(context.spelled).split())


_PLACE_ASKED = frozenset(
    "con the o tai thi sao vay roi a tinh thanh pho tp cho ve nua thenao toi em minh ben ngoai trong tren duoi co giong"
    " nhu duoc khong".split()
)


def _two_questions(context: Context, whole: Found, mentions: Mentions) -> list[tuple[Context, Found]]:
    """Both halves of a message that asks two different things; empty when it asks one."""
    if not _MAY_BE_TWO.search(context.text) and not _MAY_BE_TWO.search(context.spelled.text):
        return []
    halves = [half.strip(" ,.?!") for half in _CONNECTOR.split(_splittable(context)) if half and half.strip(" ,.?!")]
    if len(halves) < 2:
        return []
    read = [context.reading(half) for half in halves if len(half.split()) >= _TOO_SHORT_TO_BE_ONE]
    if any(_POINTS_BACK.match(part.spelled.text) for part in read[1:]):
        return []
    asked = [part for part in read if QUESTION_WORD.search(part.spelled.text)]
    chances = dict(whole.candidates)
    best = max(chances.values(), default=0.0)
    found: list[tuple[Context, Found]] = []
    for number, part in enumerate(asked):
        if len(found) + len(asked) - number < 2:
            return []
        result = find(part, mentions)
        if not isinstance(result.decided, Answer | HandOff) or result.candidates[0].probability < _TWO_SURE:
            continue
        entry_id, sure = result.candidates[0]
        if sure < 0.6 * best or chances.get(entry_id, 0.0) < _MEANT_TOO:
            return []
        # What is kept and told to staff is what was typed, not how it was read.
        found.append((replace(part, text=context.text), result))
    entries = {result.candidates[0].entry_id for _, result in found}
    if all(isinstance(result.decided, HandOff) for _, result in found):
        return []  # one case, with the whole message in it
    return found if len(found) == len(entries) == 2 else []


_POINTS_BACK = re.compile(r"(?:no|ho|chung no|(?:ban|em|chau|be|cai|viec|nguoi) (?:ay|do|kia))\b")
"""What begins so asks of the half before: "bạn em nước ngoài thì sao, nó đóng bao nhiêu"."""
_TWO_SURE = 0.45
_MEANT_TOO = 1e-3
"""How probable the answer to a half must be for the whole message: half a sentence, alone, may lead anywhere."""


def _splittable(context: Context) -> str:
    """The message with its punctuation, words as read: connectors are looked for without diacritics."""
    pieces = re.split(r"([?,;.!])", context.text)
    return " ".join(
        piece if re.fullmatch(r"[?,;.!]", piece) else " ".join(context.tools.search.read(piece).folded)
        for piece in pieces
    )
