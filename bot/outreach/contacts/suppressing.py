"""Whether somebody in a list asked to be erased, and has not agreed to anything since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.models import Consent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from bot.outreach.contacts.grouping import Group
    from bot.outreach.contacts.holdings import Holding
    from bot.store.suppression import Key
    from handlers.effects import Topic


def erased_on(days: Mapping[Key, date], group: Group) -> date | None:
    """When the person of these lines last asked to be erased; None when they never did."""
    return max((days[key] for key in group.keys if key in days), default=None)


def agreed_after(day: date, group: Group, known: Iterable[Holding]) -> bool:
    """Whether their last word on any topic, in the list or to us, is a consent from after a day.

    A consent of the same day does not count: nobody knows which came first.
    """
    said = [(said.when, said.consent, topic) for said in group.agreements for topic in said.topics]
    said += [(since, consent, topic) for holding in known for topic, (consent, since) in holding.standings.items()]
    last: dict[Topic, tuple[datetime, Consent]] = {}
    for when, consent, topic in sorted(said, key=lambda each: (each[0], each[1] is Consent.WITHDRAWN)):
        last[topic] = (when, consent)
    return any(consent is Consent.GIVEN and when.date() > day for when, consent in last.values())
