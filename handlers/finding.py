"""What a question may mean: the search, leaned on by the conversation so far and by whom it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from handlers.background import RANKED, chances, of_place, ranked_behind, texts, together
from handlers.context import Context
from handlers.denials import without_denied
from handlers.nationality import FOR_CITIZENS, FOREIGNERS, Nationality, nationality
from handlers.people import Mentions, stage_named
from handlers.statements import tells
from handlers.wording import stage_name
from knowledge.dates import SchoolYear
from knowledge.entries import HELP_NOW, Kind, Stage
from knowledge.search.decision import Answer, Clarify, Decided, HandOff, SmallTalk, Thresholds, decide
from knowledge.search.engine import Candidate, best_first
from knowledge.search.folding import fold
from knowledge.search.patterns import Pattern
from knowledge.search.scope import BARE_TOPIC
from knowledge.search.spelling import Spelled
from knowledge.stages import QuestionGroup

CONSIDERED = 12
DARING = Thresholds(answer=0.35, lead=1.4, lead_floor=0.25)
"""Behind what was said before the best entry may be less clearly ahead: who is in a conversation mends a wrong step."""
CERTAIN = 0.93
"""A message that means one entry this surely needs no subject from what was said before; surely small talk, out of
scope, or a question that has to be asked back, it is that also in a conversation."""
SHORT = 6
"""A message of so few words leans on what was said before however certain it is: "nộp ở trường hả" may mean papers."""
_NAMES = Pattern(r"\b(?:bhyt|(?<!ra )(?<!den )(?<!qua )(?<!cho )bhxh|hocsinh|sinhvien|vssid|vneid)\b")
"""But not one that names what it is about: "học sinh đóng BHYT bao nhiêu tiền"."""
IN_DANGER = 0.5
"""From this probability on somebody is in danger, whatever was said before."""
ASKS_AT_LEAST = 2
"""So many words besides those of assent stand in a question whether something is so."""
FEW = 3
"""So many words may complete what the bot has asked back about."""
OWN_MEANING = 0.75
"""One that means an entry this surely would mean the same to somebody who heard nothing of the conversation."""
NAMED_SHARE = 0.6
"""In a question about money that names a province: how much is left to the reading with its name."""
HINTED_SHARE = 0.5
"""In a question about a small child: how much is left to the reading with the words for its age."""
_FOLLOWS = Pattern(
    r"^(?:the|vay|con|roi|nhung|neu|nhu|ok|okay|a|u|vang|ma|hay|and|what about|but)\b"
    r"|\b(?:thi sao|thenao|duoc khong|nua|khac khong|ha|a)$"
)


_WONDERS = Pattern(r"\b(?:ha|(?:phai|dung|duoc) khong)$")
_WORDS_OF_ASSENT = frozenset(
    "a o oh u ua um vang da ok hieu biet thi the vay la ra roi thoi chi co xong het luon that thiet nghe ghe ha phai"
    " dung khong".split()
)
_TO_THE_BOT = frozenset({"bot", "ban", "may", "ad"})
QUESTION_WORD = Pattern(
    r"\b(?:thenao|baonhieu|khinao|odau|visao|baolau|gi|nao|sao|may|ai|khong|chua|how|what|when|where|can|do|does|is|which)\b"
)


CLEARLY = 3.0
"""How many times as probable as the next one must be what is taken for meant without asking back."""


@dataclass(frozen=True)
class Found:
    """What the search and the context say of one question."""

    decided: Decided
    candidates: list[Candidate]
    leaned: bool = False
    """Whether the question would mean something else, or nothing, to somebody who heard nothing of what was said."""


_PRICE = Pattern(r"\bdong\b.*\b(?:baonhieu|nhieu|may tien)\b|\bmuc dong\b")
_YEAR_TOKEN = re.compile(r"(?:\d{1,2}/)?(20[12]\d)(?:[-/](?:20)?[12]\d)?|(2\d)[-/]2\d")
_SCHOOL_YEAR, _NEXT_YEAR = frozenset({"nam", "hoc", "nien", "khoa"}), ("nam", "toi")


_ABOUT_SUPPORT = Pattern(
    r"\b(?:hotro|mienphi|(?<!lam )dong|them|giam|bu|lo|mat tien|hoantien|thu|tra|dia phuong|diaphuong|bhxh|pay|free"
    r"|support)\b"
)


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


def _staged(context: Context, spelled: Spelled, mentions: Mentions) -> list[tuple[float, Spelled]]:
    """The readings of a message and their shares: one, and one more with the words for small children when it gives
    such an age, since "4 tuổi" stands in few phrasings."""
    spelled, people = _without_year(spelled, context.turn.today), mentions.people
    if len(people) != 1 or people[0].stage_on(context.turn.today) is not Stage.UNDER6:
        return [(1.0, spelled)]
    if {"sosinh", "duoi"} & set(spelled.folded):
        return [(1.0, spelled)]
    hint = stage_name(Stage.UNDER6, "vi", context.base, context.turn.today)
    bare = _without_months(spelled)
    hinted = replace(bare, words=(*bare.words, *hint.split()), folded=(*bare.folded, *fold(hint).split()))
    return [(1 - HINTED_SHARE, bare), (HINTED_SHARE, hinted)]


def _without_months(spelled: Spelled) -> Spelled:
    """The message without an age in months: most phrasings with months are about how long something takes or holds."""
    folded = spelled.folded
    age = {at for at in range(len(folded) - 1) if folded[at].isdigit() and folded[at + 1] == "thang"}
    kept = [at for at in range(len(folded)) if at not in age and at - 1 not in age]
    words = tuple(spelled.words[at] for at in kept) if len(spelled.words) == len(folded) else spelled.words
    return replace(spelled, words=words, folded=tuple(folded[at] for at in kept))


def find(context: Context, mentions: Mentions) -> Found:
    """Rank the entries for a question, then decide: the words first, then what is known of the conversation."""
    own = without_denied(context, of_place(context, _ranked(context, mentions)))
    if _asks_whether_so(context.spelled):
        own = [c for c in own if context.base.entry(c.entry_id).kind is not Kind.SMALLTALK]
    alone = _found(context, own, mentions)
    if _needs_help_now(context, own):
        return alone
    if (completed := _completed(context, alone, mentions)) is not None:
        return completed
    before = _leaning_on(context, own)
    if not before:
        return _settled(context, alone, own) or alone
    pooled = without_denied(context, together(context, alone.candidates, before))
    found = _found(context, pooled, mentions, DARING)
    unsure = not isinstance(found.decided, Answer | HandOff)
    if unsure and isinstance(alone.decided, Clarify) and alone.decided.entry_id is not None:
        return _settled(context, alone, own) or alone
    same = _stands_alone(context, own) and found.candidates[0].entry_id == alone.candidates[0].entry_id
    return replace(found, leaned=not same)


def _settled(context: Context, alone: Found, own: list[Candidate]) -> Found | None:
    """What the bot need not ask back, since only one of the answers that it would offer is about what was spoken of:
    "otp không về" after VssID. A bare "mất mấy ngày" may be about anything. But when the last answer is one of those it
    would offer, that is meant: "cần giấy gì" after how to get a card for a baby."""
    last = context.base.entries.get(context.memory.last_entry or "")
    if last is None or not isinstance(alone.decided, Clarify) or alone.decided.entry_id is None:
        return None
    asked = context.base.entry(alone.decided.entry_id)
    if last.id in asked.next:
        return replace(alone, decided=Answer(last.id, alone.decided.confidence), leaned=True)
    offered = [name for name in asked.next if name in context.base.entries] if asked.topic != BARE_TOPIC else []
    near = [c for c in own if c.entry_id in offered and context.base.entry(c.entry_id).topic == last.topic]
    if not near or (len(near) > 1 and near[0].probability < CLEARLY * near[1].probability):
        return None
    return replace(alone, decided=Answer(near[0].entry_id, alone.decided.confidence), leaned=True)


def _asks_whether_so(asked: Spelled) -> bool:
    """Whether a message asks if something is so, or may be: "vậy phải ra tận nơi hả", "mẹ làm hộ được không". Said yes
    to, it would seem confirmed; "thế hả" alone is no question."""
    told = [word for word in asked.folded if word not in _WORDS_OF_ASSENT]
    return len(told) >= ASKS_AT_LEAST and _TO_THE_BOT.isdisjoint(told) and bool(_WONDERS.search(asked.text))


def _ranked(context: Context, mentions: Mentions) -> list[Candidate]:
    """The search, asked in every way that the message can be read, each reading with its share."""
    search = context.tools.search
    bare = context.tools.places.stripped(context.spelled)
    readings = [(1.0, bare)]
    if bare is not context.spelled and _ABOUT_SUPPORT.search(bare.text):
        readings = [(1 - NAMED_SHARE, bare), (NAMED_SHARE, context.spelled)]
    staged = [(share * part, reading) for share, read in readings for part, reading in _staged(context, read, mentions)]
    # Embeddings read a message as if it stood alone: in a talk they find no more, and take many times as long.
    in_talk = bool(texts(context))
    return _blended([(share, search.rank(reading, RANKED, by_words=in_talk)) for share, reading in staged])


def _blended(rankings: list[tuple[float, list[Candidate]]]) -> list[Candidate]:
    """Several rankings of one question as one, best first."""
    if len(rankings) == 1:
        return rankings[0][1]
    blended: dict[str, float] = {}
    for share, ranked in rankings:
        for candidate in ranked:
            blended[candidate.entry_id] = blended.get(candidate.entry_id, 0.0) + share * candidate.probability
    return best_first(blended)[:RANKED]


def _found(
    context: Context, candidates: list[Candidate], mentions: Mentions, thresholds: Thresholds | None = None
) -> Found:
    considered = _for_stage(context, candidates[:CONSIDERED], mentions)
    return Found(decide(considered, context.base, thresholds or context.tools.thresholds), considered)


def _leaning_on(context: Context, own: list[Candidate]) -> tuple[str, ...]:
    """What of the conversation so far a message is read behind: nothing of it when the message is no question, and only
    the circumstances that were told when it means something for certain."""
    before = texts(context)
    if not before or not own or context.memory.last_entry is None:
        return before
    short = len(context.spelled.folded) <= SHORT
    best, entry = own[0].probability, context.base.entry(own[0].entry_id)
    bare, follows = entry.topic == BARE_TOPIC, bool(_FOLLOWS.search(context.spelled.text))
    alone = entry.kind is Kind.CLARIFY or (entry.kind is Kind.REFUSE and not short)
    alone = alone or (entry.kind is Kind.SMALLTALK and not follows)
    if alone and not bare and best >= CERTAIN:
        return ()
    in_need = context.base.entry(context.memory.last_entry).reason in HELP_NOW
    leans = short and not in_need and not _NAMES.search(context.spelled.text)
    if bare or leans or best < CERTAIN:
        return before
    circumstance = context.memory.circumstance
    return (circumstance,) if circumstance else ()


def _completed(context: Context, alone: Found, mentions: Mentions) -> Found | None:
    """A few words behind a message that was too short, so that the bot asked back: "otp không về", "vssid", or what
    somebody tells of themselves, "nhà em có sổ hộ nghèo"; thanks complete nothing."""
    asked_back = context.memory.subject if context.memory.last_entry is None else None
    if asked_back is None or isinstance(alone.decided, SmallTalk):
        return None
    if len(context.spelled.folded) > FEW and not tells(context.spelled, context.text):
        return None
    found = _found(context, best_first(chances(context, ranked_behind(context, asked_back))), mentions)
    return replace(found, leaned=True) if isinstance(found.decided, Answer | HandOff) else None


def in_danger(context: Context) -> bool:
    """Whether a message is probably about danger to somebody, whatever else it sounds like."""
    return _needs_help_now(context, context.tools.search.rank(context.spelled, RANKED, by_words=True))


def _needs_help_now(context: Context, own: list[Candidate]) -> bool:
    """Whether a message that is probably about danger to somebody must not be read as a detail of what was said."""
    helping = (c.probability for c in own if context.base.entry(c.entry_id).reason in HELP_NOW)
    return sum(helping) >= IN_DANGER


def _stands_alone(context: Context, own: list[Candidate]) -> bool:
    if not own:
        return False
    return own[0].probability >= OWN_MEANING and context.base.entry(own[0].entry_id).topic != BARE_TOPIC


def _for_stage(context: Context, candidates: list[Candidate], mentions: Mentions) -> list[Candidate]:
    """Entries that answer the same question for different ages, or nationalities, count together, as the one for the
    person meant; what is for foreigners only does not count for citizens."""
    stage = stage_meant(context, mentions)
    of = nationality(context) if FOREIGNERS in context.base.entries else None
    together: dict[str, float] = {}
    for candidate in candidates:
        if of is Nationality.CITIZEN and candidate.entry_id == FOREIGNERS:
            continue
        group = context.base.stages.group_of(candidate.entry_id)
        general = Stage.PUPIL if group is not None and _is_about_a_price(group, candidate.entry_id) else None
        entry_id = context.base.stages.entry_for(candidate.entry_id, stage or general)
        if of is Nationality.FOREIGN and group is not None and group.id in FOR_CITIZENS:
            entry_id = FOREIGNERS
        together[entry_id] = candidate.probability + together.get(entry_id, 0.0)
    return best_first(together)


def _is_about_a_price(group: QuestionGroup, entry_id: str) -> bool:
    """Whether an entry tells a premium that is the same for most people; small children pay none."""
    return group.id == "contribution" and entry_id != group.by_stage.get(Stage.UNDER6)


def stage_meant(context: Context, mentions: Mentions) -> Stage | None:
    """The stage of the person whom this question is about; one named in the message wins over what is remembered, and
    when nobody is, the last answer may be one for a single stage."""
    if mentions.people:
        return mentions.people[0].stage_on(context.turn.today)
    named = stage_named(context.spelled.text)
    remembered = named if named is not None else context.memory.person.stage_on(context.turn.today)
    return remembered if remembered is not None else context.base.stages.only_stage_of(context.memory.last_entry or "")
