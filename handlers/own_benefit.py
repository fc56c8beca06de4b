"""What an answer on the benefit level says to a family that gets more than others: poor, near-poor, left area."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.context import Context
from handlers.household import Household, household
from handlers.own_amount import citing
from knowledge.entries import Entry, Stage
from knowledge.facts import Unit
from knowledge.rendering import Rendered, format_value

_GROUP = "benefit-level"
_SHARE = {
    Household.POOR: "benefit_full",
    Household.NEAR_POOR: "benefit_near_poor",
    Household.LEFT_AREA: "benefit_left_area",
}


def with_own_benefit(context: Context, entry: Entry, day: date, rendered: Rendered) -> Rendered:
    """An answer on the benefit level, led by that of the family; every other answer as it is."""
    group = context.base.stages.group_of(entry.id)
    if group is None or group.id != _GROUP or context.base.stages.only_stage_of(entry.id) is Stage.UNDER6:
        return rendered
    family = household(context) if day == context.turn.today else None
    if family is None:
        return rendered
    facts, fact = context.base.facts, _SHARE[family]
    share = format_value(facts.number(fact, day), Unit.PERCENT, context.language)
    led = replace(rendered, text=f"{context.say('benefit', family, share=share)}\n\n{rendered.text}")
    return citing(context, led, facts.sources(fact, day)[0])
