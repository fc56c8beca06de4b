"""What was said before, and how it helps to read a message that does not stand on its own.

A follow-up ("mất mấy ngày", "nộp cho ai") names what is asked, the conversation names of what. So the message is ranked
once alone and once behind what was said before, and an entry has to please both.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.answering import whole_text
from handlers.context import Context
from handlers.local_support import for_province
from handlers.parts import telling, wanted
from knowledge.entries import HELP_NOW, Kind
from knowledge.search.engine import Candidate, best_first

RANKED = 24
FLOOR = 1e-5
"""What an entry counts at least in a ranking that does not name it."""
OWN, BEHIND = 0.4, 0.7
"""How much the logarithms of the two rankings count; together about what one would, as both read the same message."""
AGAIN, STILL = 0.2, 1.0
"""How probable the last answer itself is behind what was said before, where alone it would nearly always win; more so
when it passed the person on, or is asked for with the same question word."""
OFFERED, SAME_TOPIC, OUTSIDE = 1.9, 3.1, 0.1
"""How much more probable an entry becomes that the last answer offered, and one of its topic, and a refusal."""
FAINT, FAR, ALARM = 0.2, 0.3, 0.02
"""What counts less: to pass the person on about another topic, when the message alone means it less than the first of
these, by the second; an alarm by the third."""
HARDLY = 0.5
"""Where the message alone is less probably small talk than this, that counts less, too (`FAR`)."""
LEFT = 4e-3
"""What the entries besides the last answer must have together to count in full: beside a certain one they are noise."""
OFTEN = 0.15
"""Share of the phrasings of an entry that ask with a word, so that it answers what is asked with it, like its title."""
_QUESTION = frozenset("odau khinao baolau baonhieu visao thenao ai gi may".split())
_ANSWERS = frozenset({Kind.ANSWER, Kind.HANDOFF})


def texts(context: Context) -> tuple[str, ...]:
    """What a message may lean on: circumstances that were told, the question that opened the subject, the answer."""
    memory = context.memory
    last = context.base.entries.get(memory.last_entry or "")
    said = (memory.circumstance, memory.subject or (memory.last_text if last else None), last.title if last else None)
    return tuple(dict.fromkeys(text for text in said if text))


def together(context: Context, own: list[Candidate], before: tuple[str, ...]) -> list[Candidate]:
    """The entries that fit both the message alone (`own`) and the message behind each of `before`, best first.

    Probabilities add up to one. Entries that only ask back have no say: what they would ask is known.
    """
    last = context.memory.last_entry or ""
    alone = chances(context, own)
    behind: dict[str, float] = {}
    for text in before:
        for entry_id, chance in chances(context, ranked_behind(context, text), without=last).items():
            behind[entry_id] = behind.get(entry_id, 0.0) + chance / len(before)
    # A question with thanks behind it is no longer thanks; what is said after an answer may be.
    kind = {entry_id: context.base.entry(entry_id).kind for entry_id in alone}
    behind |= {entry_id: chance for entry_id, chance in alone.items() if kind[entry_id] is Kind.SMALLTALK}
    polite = sum(chance for entry_id, chance in alone.items() if kind[entry_id] is Kind.SMALLTALK)
    if last in context.base.entries:
        behind[last] = STILL if context.memory.handed_over or _answers_this_too(context, last) else AGAIN
    pooled = {
        entry_id: max(alone.get(entry_id, 0.0), FLOOR) ** OWN
        * max(behind.get(entry_id, 0.0), FLOOR) ** BEHIND
        * _nearness(context, entry_id, alone.get(entry_id, 0.0), polite)
        for entry_id in alone.keys() | behind.keys()
    }
    total = sum(pooled.values())
    return best_first({entry_id: weight / total for entry_id, weight in pooled.items()})


def of_place(context: Context, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates weighed by the words of the message and the province that it is about: named, or known before."""
    place = context.tools.places.find(context.spelled)
    office = place.office if place else context.memory.province
    return context.tools.scope.weigh(for_province(candidates, context.base, office), context.spelled, office)


def _answers_this_too(context: Context, last: str) -> bool:
    """Whether the last answer tells what is asked for, or is one for that: "ở đâu" after "đổi khi nào, ở đâu"."""
    if wanted(context.spelled) and telling(context.spelled, whole_text(context, last)):
        return True
    search, entry = context.tools.search, context.base.entry(last)
    used, title = search.index.usage.get(last, {}), search.read(entry.title).folded
    asked = _QUESTION.intersection(context.spelled.folded)
    return any(word in title or used.get(word, 0) >= OFTEN * len(entry.phrasings) for word in asked)


def ranked_behind(context: Context, text: str) -> list[Candidate]:
    """The message ranked behind a text that was said before; a province that it names takes the place of another."""
    tools, spelled = context.tools, context.spelled
    place = tools.places.find(spelled)
    said = tools.search.read(text)
    said = tools.places.stripped(said) if place else said
    both = replace(spelled, words=(*said.words, *spelled.words), folded=(*said.folded, *spelled.folded))
    office = place.office if place else context.memory.province
    return for_province(tools.search.rank(both, RANKED, by_words=True), context.base, office)


def chances(context: Context, candidates: list[Candidate], without: str = "") -> dict[str, float]:
    """Probabilities of the entries that say something, as shares of what these have together, or of LEFT."""
    said = {
        candidate.entry_id: candidate.probability
        for candidate in candidates
        if candidate.entry_id != without and context.base.entry(candidate.entry_id).kind is not Kind.CLARIFY
    }
    total = max(sum(said.values()), LEFT)
    return {entry_id: chance / total for entry_id, chance in said.items()}


def _nearness(context: Context, entry_id: str, alone: float, polite: float) -> float:
    last = context.base.entries.get(context.memory.last_entry or "")
    entry = context.base.entry(entry_id)
    if entry.kind is Kind.SMALLTALK:
        return FAR if polite < HARDLY else 1.0
    if entry.kind not in _ANSWERS:
        return OUTSIDE if entry.kind is Kind.REFUSE else 1.0
    if last is None:
        return 1.0
    same = entry.topic == last.topic
    near = (OFFERED if entry_id in last.next else 1.0) * (SAME_TOPIC if same else 1.0)
    if same or entry.kind is not Kind.HANDOFF or alone >= FAINT:
        return near
    return near * (ALARM if entry.reason in HELP_NOW else FAR)
