"""Saying yes and no to messages: what is recorded, and what the person reads."""

from __future__ import annotations

from dataclasses import replace

from handlers.clauses import ALL
from handlers.consent import wording
from handlers.context import Context, notice
from handlers.effects import Effect, Subscribe, Topic, Unsubscribe
from handlers.guided import offer_to_resume
from handlers.subscriptions import Wish
from handlers.turn import Button, Decision, Outcome


def settle(context: Context, wish: Wish) -> Outcome:
    """Do what somebody said about messages, and say what ends, what goes on and how to come back."""
    text = _ended(context, wish) if wish.stopped else _begun(context, wish)
    outcome = notice(_deciding(context, wish), text, Decision.ANSWER, *_date_button(context, wish))
    return offer_to_resume(context, replace(outcome, effects=_effects(wish, context.text)))


def agree(context: Context, topic: Topic | None) -> Outcome:
    """Consent by a button to the messages of a topic, or to all."""
    agreed = Wish(wanted=frozenset((topic,)) if topic else ALL)
    outcome = notice(_deciding(context, agreed), _begun(context, agreed), Decision.ANSWER)
    return replace(outcome, effects=_effects(agreed, wording(topic, context.language)))


def refuse(context: Context, topic: Topic | None) -> Outcome:
    """The end of messages of a topic, or of all, by a button."""
    refused = Wish(frozenset((topic,)) if topic else ALL)
    outcome = notice(_deciding(context, refused), _ended(context, refused), Decision.ANSWER)
    return replace(outcome, effects=_effects(refused, context.say("buttons", "unsubscribe")))


def _deciding(context: Context, wish: Wish) -> Context:
    decided = {**dict.fromkeys(wish.stopped, False), **dict.fromkeys(wish.wanted, True)}
    memory = context.memory.having(topics={**context.memory.topics, **decided})
    # What is asked next may be about that: "thế thẻ của con có sao không".
    about = "dung-nhan-tin" if wish.stopped else "nhan-tin-lai"
    return context.having(memory.having(last_entry=about, last_text=context.text, subject=None))


def _ended(context: Context, wish: Wish) -> str:
    if wish.stopped == ALL:
        topics, rest = context.say("topics", "all"), context.say("optout", "nothing")
        back = context.say("optout", "back")
    else:
        topics = _named(context, wish.stopped)
        rest = context.say("optout", "some" if wish.wanted else "rest", topics=_named(context, wish.wanted))
        back = context.say("optout", "back_to", topics=topics)
    return context.say("optout", "done", topics=topics, rest=rest, back=back)


def _begun(context: Context, wish: Wish) -> str:
    topics: list[Topic] | list[None] = [None] if wish.wanted == ALL else _ordered(wish.wanted)
    return context.say("optin", "done", agreed=" ".join(wording(topic, context.language) for topic in topics))


def _named(context: Context, topics: frozenset[Topic]) -> str:
    return context.say("topics", "and").join(context.say("topics", topic) for topic in _ordered(topics))


def _ordered(topics: frozenset[Topic]) -> list[Topic]:
    return [topic for topic in Topic if topic in topics]


def _date_button(context: Context, wish: Wish) -> tuple[Button, ...]:
    """Reminders need a date: a button to tell it."""
    if Topic.REMINDERS not in wish.wanted:
        return ()
    return (Button(context.say("reminder", "offer"), "guide:reminder"),)


def _effects(wish: Wish, said: str) -> tuple[Effect, ...]:
    """One statement about all topics, or one for each."""
    if wish.stopped == ALL:
        return (Unsubscribe(said),)
    if wish.wanted == ALL:
        return (Subscribe(said),)
    stopped = [Unsubscribe(said, topic) for topic in _ordered(wish.stopped)]
    return (*stopped, *(Subscribe(said, topic) for topic in _ordered(wish.wanted)))
