"""People, places and choices in words."""

from __future__ import annotations

from datetime import date

from handlers.memory import Memory, Person
from handlers.texts import say
from knowledge.base import KnowledgeBase
from knowledge.entries import Stage
from knowledge.rendering import format_value


def describe(person: Person, memory: Memory, base: KnowledgeBase, today: date) -> str:
    """`12 tuổi, lớp 7`; `sinh viên năm nhất`; a nickname first when there is one."""
    language = memory.language
    parts: list[str] = []
    if person.nickname:
        parts.append(say(language, "person", "nickname", name=person.nickname))
    age = person.age(today)
    if age is not None:
        parts.append(say(language, "person", "age", age=age))
    if person.grade is not None:
        parts.append(say(language, "person", "grade", grade=person.grade))
    elif person.stage is not None:
        parts.append(stage_name(person.stage, language, base, today))
    return ", ".join(parts) or say(language, "person", "child" if memory.focus is not None else "self")


def stage_name(stage: Stage, language: str, base: KnowledgeBase, today: date) -> str:
    """A stage of school life in words."""
    if stage is Stage.UNDER6:
        fact = base.facts.fact("under6_age")
        return say(
            language, "person", "under6", age=format_value(base.facts.value(fact.id, today), fact.unit, language)
        )
    return say(language, "person", stage.value)


def asker(memory: Memory) -> str:
    """Who writes, for a summary that staff read."""
    return say(memory.language, "summary", memory.role.value if memory.role else "unknown")


def province_name(memory: Memory, base: KnowledgeBase) -> str | None:
    """The province that the person named, with the former one in brackets when they named that."""
    if memory.province is None or memory.province not in base.offices:
        return None
    name = base.offices[memory.province].short_name
    return f"{name} ({memory.area})" if memory.area and memory.area != name else name
