"""One turn in, one outcome out: the order in which a message is looked at.

button → empty or media → urgent signals → the question being asked → commands → choices
       → who somebody is → the question itself
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from handlers.answering import answer, joined, not_understood, outside, topic_buttons
from handlers.arrival import arrive, readable, recorded, typed
from handlers.choices import chosen
from handlers.circumstances import statement
from handlers.commands import COMMANDS, ERASE, ERASE_STILL, erase, erase_data, person, still_to_erase, welcome
from handlers.context import Context, Tools, notice
from handlers.dialogues import GUIDES
from handlers.effects import Effect, LogQuestion, RecordFeedback, Topic
from handlers.finding import in_danger
from handlers.guided import offer_to_resume, press, reply_to, start_quiz
from handlers.guided import start as start_guide
from handlers.memory import Memory
from handlers.open_case import for_the_case
from handlers.parts import Parts
from handlers.people import Mentions, read_mentions, remember
from handlers.places import Gazetteer
from handlers.privacy import PrivateKind, mask
from handlers.questions import ONLY_TIME, ask
from handlers.signals import Signal, signals
from handlers.staffed import quiet_about, quiet_about_action, rated, silence, taken_up_again, unfinished
from handlers.subscribing import agree, refuse, settle
from handlers.subscriptions import wish
from handlers.turn import Decision, Outcome, Reply, ReplyKind, Standing, Turn
from knowledge.base import KnowledgeBase
from knowledge.search.content import Content
from knowledge.search.decision import Thresholds
from knowledge.search.engine import Search
from knowledge.search.patterns import Pattern
from knowledge.search.scope import Scope

LONG_MESSAGE = 1500
"""Characters beyond which the person is told that only the beginning was read closely."""
FOREIGN_NAME = 3
"""A message in English may name a place with its marks; one of more words than this with marks is Vietnamese."""
_URGENT = (Signal.EMERGENCY, Signal.DISTRESS, Signal.INJECTION)
_WISHED = frozenset({Signal.QUIZ, Signal.MENU, Signal.HELP, Signal.START, Signal.PERSON})
"""What is wished for in so many words is no wish to end messages: "quiz"."""
_COMMAND = re.compile(r"/\w+(?:@\w+)?")
"""A command of Telegram; one that there is not brings the menu."""
_MEDIA = frozenset({"photo", "voice", "sticker", "location", "contact", "file", "video"})


class Conversation:
    """The conversation core over one knowledge base; holds no state of any person."""

    def __init__(self, base: KnowledgeBase, search: Search, thresholds: Thresholds | None = None) -> None:
        usage = search.index.usage
        content = Content(base, usage)
        self._tools = Tools(
            base=base,
            search=search,
            places=Gazetteer(base),
            scope=Scope(base, usage),
            thresholds=thresholds or Thresholds(),
            content=content,
            parts=Parts(search, content),
        )

    def respond(self, turn: Turn) -> Outcome:
        """What the bot says and does; never raises for anything that a person can type or press."""
        if turn.action is None and turn.text.startswith("/start"):
            turn = replace(turn, text="", action="start", start=turn.start or turn.text[len("/start") :].strip())
        elif turn.action is None and (written := typed(turn.text)) is not None:
            turn = replace(turn, text="", action="start", start=written)
        turn = replace(turn, memory=turn.memory.as_of(turn.today))
        code = readable(turn.start)
        if code is None:
            return self._respond(turn)
        return recorded(self._respond(replace(turn, memory=arrive(turn.memory, code, self._tools.base))), code)

    def _respond(self, turn: Turn) -> Outcome:
        if quiet_about_action(turn) and turn.action is not None:
            return silence(turn)
        if turn.standing is Standing.RESOLVED:
            # Staff has done with it: what is asked next is a question of its own.
            turn = replace(turn, memory=turn.memory.having(handed_over=False))
        if turn.action is not None:
            return self._finish(turn, self._act(Context(self._tools, turn, turn.memory), turn.action), found=False)
        masked = mask(turn.text)
        spelled = self._tools.search.read(masked.text)
        memory = turn.memory
        if spelled.english and memory.last_entry is None and not memory.options:
            memory = memory.having(language="en")
        elif memory.language == "en" and spelled.accented and len(spelled.folded) > FOREIGN_NAME:
            memory = memory.having(language="vi")
        context = Context(self._tools, turn, memory, masked.text.strip(), spelled)
        found = _as_marked(signals(spelled.text), context)
        if quiet_about(context, found):
            return silence(turn)
        if PrivateKind.SECRET in masked.kinds:
            outcome = outside(context, 1.0, "otp")
        else:
            outcome = taken_up_again(context) if unfinished(context, found) else self._read(context)
        if len(turn.text) > LONG_MESSAGE:
            outcome = _before(outcome, context.say("long"))
        return self._finish(turn, outcome, found=masked.found, context=context)

    def _read(self, context: Context) -> Outcome:
        if not context.spelled.folded:
            # "A" is an answer to the quiz, but no word to the search.
            return reply_to(context, []) or _wordless(context)
        found = _as_marked(signals(context.spelled.text), context)
        for signal in _URGENT:
            if signal in found:
                return COMMANDS[signal](context)
        if _COMMAND.fullmatch(context.text) and not found:
            return COMMANDS[Signal.MENU](context)
        if (pending := context.memory.pending) not in {ERASE, ERASE_STILL}:
            return self._meant(context, found)
        if (settled := _confirmation(context, found)) is not None:
            return settled
        outcome = self._meant(context.having(context.memory.having(pending=None)), found)
        return still_to_erase(context, outcome) if pending == ERASE else outcome

    def _meant(self, context: Context, found: list[Signal]) -> Outcome:
        if (guided := reply_to(context, found)) is not None:
            return guided
        commanded = not _WISHED.isdisjoint(found)
        if not commanded and (wanted := wish(context.text, self._tools.search)) and not in_danger(context):
            settled = settle(context, wanted)
            if Signal.ERASE_DATA not in found:
                return settled
            erasing = erase_data(context.having(settled.memory))
            return replace(joined([settled, erasing]), decision=erasing.decision)
        if (told := for_the_case(context)) is not None:
            return told
        for signal in found:
            if signal in COMMANDS:
                return offer_to_resume(context, COMMANDS[signal](context))
        option = chosen(context.memory, context.spelled.text, context.text)
        if option is not None:
            return self._act(context.reading(""), option.action)
        return offer_to_resume(context, self._ask(context))

    def _ask(self, context: Context) -> Outcome:
        today = context.turn.today
        mentions = Mentions()
        if context.memory.last_entry is None or not ONLY_TIME.fullmatch(context.spelled.text):
            mentions = read_mentions(self._tools.places.without(context.spelled), context.text, today)
        memory = remember(context.memory, mentions, today)
        place = self._tools.places.find(context.spelled)
        if place is not None:
            memory = memory.having(province=place.office, area=place.area)
        context = context.having(memory)
        asked_before = (memory.last_entry or memory.subject) is not None and len(mentions.people) <= 1
        if mentions.statement_only and not asked_before:
            return statement(context, mentions)
        return replace(ask(context, mentions), question=True)

    def _act(self, context: Context, action: str) -> Outcome:
        """A pressed button; an action that no longer exists is answered kindly."""
        kind, _, rest = action.partition(":")
        base = context.base
        if kind == "entry" and rest in base.entries:
            return answer(context, rest)
        if kind in {"good", "bad"} and rest in base.entries:
            return _feedback(context, rest, helpful=kind == "good")
        if kind == "guide" and rest in GUIDES:
            return start_guide(replace(context, spelled=replace(context.spelled, folded=())), rest)
        if kind == "g" and rest.count(":") == 2:
            outcome = press(context, *rest.split(":"))
            if outcome is not None:
                return outcome
        if kind == "erase" and context.memory.pending in {ERASE, ERASE_STILL}:
            return erase(context, confirmed=rest == "yes")
        if kind in {"topic", "stop"} and rest in {"all", *Topic}:
            topic = Topic(rest) if rest != "all" else None
            return agree(context, topic) if kind == "topic" else refuse(context, topic)
        if kind == "rate" and (outcome := rated(context, rest)) is not None:
            return outcome
        simple: dict[str, Callable[[], Outcome | None]] = {
            "start": lambda: welcome(context),
            "menu": lambda: COMMANDS[Signal.MENU](context),
            "person": lambda: person(context),
            "quiz": lambda: start_quiz(context),
            "none": lambda: not_understood(context),
            "shared": lambda: notice(context, context.say("shared"), Decision.SMALLTALK),
            "resume": lambda: reply_to(context, [Signal.RESUME]),
            "guide-stop": lambda: reply_to(context, [Signal.LEAVE]),
            "lang": lambda: COMMANDS[Signal.ENGLISH if rest == "en" else Signal.VIETNAMESE](context),
        }
        outcome = simple[kind]() if kind in simple else None
        if outcome is not None:
            return outcome
        return notice(context, context.say("expired"), Decision.CLARIFY, *topic_buttons(context))

    def _finish(self, turn: Turn, outcome: Outcome, *, found: bool, context: Context | None = None) -> Outcome:
        """Warn of personal numbers, and log the question for curation."""
        if found and context is not None:
            outcome = _before(outcome, context.say("masked"))
        effects: tuple[Effect, ...] = outcome.effects
        if context is not None and context.text and (outcome.question or outcome.entry is not None):
            log = LogQuestion(
                context.text, outcome.decision.value, outcome.entry, outcome.confidence, outcome.memory.language
            )
            effects = (*effects, log)
        memory = outcome.memory.having(handed_over=outcome.decision is Decision.HANDOFF)
        greeted = memory.greeted or turn.action is None or not turn.action.startswith(("start", "erase"))
        memory = memory.having(greeted=greeted, spoke_on=turn.today if memory.has_background else None)
        return replace(outcome, effects=effects, memory=memory)


def _wordless(context: Context) -> Outcome:
    if media := context.turn.media:
        kind = media if media in _MEDIA else "other"
        return notice(context, context.say("media", "text", kind=context.say("media", kind)), Decision.CLARIFY)
    if any(unicodedata.category(char) == "So" for char in context.text):
        return answer(context, "cuoi-bieu-cam")
    return notice(context, context.say("empty"), Decision.CLARIFY, *topic_buttons(context)[:3])


def _confirmation(context: Context, found: list[Signal]) -> Outcome | None:
    """What follows when somebody was asked whether to erase everything; None when they speak of something else."""
    if context.spelled.words == ("dung",):
        return erase_data(context)  # "đúng" or "dừng": too much depends on it to guess
    if _KEEPS.search(context.spelled.text):
        return erase(context, confirmed=False)
    if _ERASES.match(context.spelled.text):
        return erase(context, confirmed=True)
    if Signal.YES in found or Signal.NO in found:
        return erase(context, confirmed=Signal.YES in found)
    return None


_KEEPS = Pattern(r"\b(?:khong|khoi|dung|huy)(?: (?:co|can|muon|nen|duoc|viec|lenh))* xoa\b(?!.*\bkhong$)")
_ERASES = Pattern(
    r"(?:(?:ok|u|vang|da|dongy|dong y|duoc|co|thi|cu) )*xoa(?: (?:di|het|luon|giup|ngay|nhe|nha|a|em|minh|toi))*$"
)
_MARKS = {Signal.HALT: ("đúng", "dùng"), Signal.YES: ("dừng",), Signal.PREMIUM: ("tỉnh", "tình", "tĩnh")}
"""Words that read like those of a signal only without their marks: "đúng" is no "dừng", "tỉnh" no "tính"."""


def _as_marked(found: list[Signal], context: Context) -> list[Signal]:
    words = context.spelled.words
    return [signal for signal in found if not any(word in words for word in _MARKS.get(signal, ()))]


def _feedback(context: Context, entry_id: str, *, helpful: bool) -> Outcome:
    if helpful:
        outcome = notice(context, context.say("feedback", "thanks"), Decision.SMALLTALK, entry=entry_id)
    else:
        options = topic_buttons(context)[-3:]
        outcome = notice(context, context.say("feedback", "sorry"), Decision.CLARIFY, *options, entry=entry_id)
    return replace(outcome, effects=(RecordFeedback(entry_id, helpful),))


def _before(outcome: Outcome, text: str) -> Outcome:
    return replace(outcome, replies=(Reply(text, ReplyKind.NOTICE), *outcome.replies))


def new_memory(role: str | None = None, language: str = "vi") -> Memory:
    """The memory of somebody who has just come; `role` as a channel or a test knows it."""
    known = {"student", "parent", "teacher"}
    return Memory(role=role if role in known else None, language=language)
