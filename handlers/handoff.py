"""Passing a person on: hotline, a number to read out, a summary, and a case for staff."""

from __future__ import annotations

from handlers.context import Context, offer
from handlers.effects import AddToCase, Effect, OpenCase, Urgency
from handlers.memory import Person
from handlers.turn import Button, Decision, Outcome, Reply, ReplyKind
from handlers.wording import asker, describe, province_name
from knowledge.entries import HELP_NOW, Entry, Reason, Role
from knowledge.search.patterns import Pattern

SUMMARY_CHARS = 300
_WITHOUT_CASE = frozenset({Reason.OTHER_SCHEME, Reason.PROCEDURE})
"""Reasons where the hotline itself answers: a case is opened only when the person asks for one."""
_URGENCY = {Reason.EMERGENCY: Urgency.NOW, Reason.DISTRESS: Urgency.NOW, Reason.FRAUD: Urgency.HIGH}
_PRESSING = Pattern(
    r"\b(?:can|dang|rat|qua|khan) gap\b"
    r"(?! (?:can bo|nhan vien|nguoi|ai|ben|tu van|truc tiep|chi|anh|co|ban|mot|1|duoc|bhxh)\b)"
    r"|\bgap (?:lam|qua|roi|a|nhe)\b|\bkhan cap\b|\burgent(?:ly)?\b"
    r"|\b(?:dang|con) (?:nam (?:o )?(?:vien|benhvien)|nhap ?vien|cap ?cuu|cho mo)\b"
    r"|\b(?:mai|chieu nay|toi nay|hom nay|sang nay|sap|chuan bi) (?:\w+ ){0,4}"
    r"(?:nhap ?vien|phau thuat|mo(?= (?:roi|ma|maso|tim|mat|ruot|de|o|a)\b|$))"
)
"""What cannot wait for its turn: somebody in hospital, an operation tomorrow, or so they say."""


def hand_off(
    context: Context,
    body: str,
    entry: Entry | None = None,
    *,
    confidence: float = 1.0,
    note: str = "",
    sources: tuple[str, ...] = (),
    also: tuple[Button, ...] = (),
) -> Outcome:
    """The outcome that passes this person on, with `body` said first; the buttons `also` stand before the usual."""
    reason = entry.reason if entry else None
    buttons = tuple(context.button(key, action) for key, action in (("person", "person"), ("menu", "menu")))
    parts = [body]
    effects: tuple[Effect, ...] = ()
    memory = context.memory.having(failures=0, dialogue=None)
    if reason in HELP_NOW:
        if context.hotline not in body:
            parts.append(context.say("handoff", "emergency"))
        if memory.case is None:
            case = _case(context, entry)
            effects, memory = (case,), memory.having(case=case.number)
        else:
            effects = _added(context, memory.case)
        buttons = ()
    elif reason in _WITHOUT_CASE:
        if context.hotline not in body:
            parts.append(context.say("handoff", "call_only"))
    elif context.memory.case is not None:
        parts.append(context.say("handoff", "open", number=context.memory.case))
        effects = _added(context, context.memory.case)
        buttons = buttons[1:]
    else:
        case = _case(context, entry)
        effects = (case,)
        memory = memory.having(case=case.number)
        parts += [
            f"{context.say('handoff', 'number', number=case.number)}. {context.say('handoff', 'call')}",
            context.say("handoff", "summary", summary=case.summary),
        ]
        buttons = buttons[1:]
    buttons = (*also, *buttons)
    reply = Reply(
        text="\n\n".join(part for part in parts if part),
        kind=ReplyKind.HANDOFF,
        buttons=buttons,
        note=note,
        sources=sources,
        entry=entry.id if entry else None,
        hotline=context.hotline,
    )
    if entry is not None:
        memory = memory.having(last_entry=entry.id, last_text=context.text or None)
    return Outcome((reply,), offer(memory, buttons), Decision.HANDOFF, reply.entry, confidence, effects)


def _added(context: Context, number: str) -> tuple[AddToCase, ...]:
    return (AddToCase(number, context.text),) if context.text else ()


def _case(context: Context, entry: Entry | None) -> OpenCase:
    reason = entry.reason if entry else None
    return OpenCase(
        number=context.turn.case_number,
        reason=reason,
        summary=summarise(context),
        urgency=_urgency(context, reason),
        entry=entry.id if entry else None,
        question=_question(context),
        role=context.memory.role.value if context.memory.role else None,
        province=context.memory.province,
    )


def _urgency(context: Context, reason: Reason | None) -> Urgency:
    pressing = Urgency.HIGH if _PRESSING.search(context.spelled.text) else Urgency.NORMAL
    return _URGENCY.get(reason, pressing) if reason else pressing


def _question(context: Context) -> str:
    return (context.text or context.memory.last_text or "")[:SUMMARY_CHARS]


def summarise(context: Context) -> str:
    """One paragraph that the person can read out on the phone; personal numbers are masked already."""
    memory, question = context.memory, _question(context)
    parts = [context.say("summary", "asked", who=asker(memory), text=question)]
    if memory.children:
        children = "; ".join(describe(child, memory, context.base, context.turn.today) for child in memory.children)
        parts.append(context.say("summary", "child", child=children))
    elif memory.role is not Role.TEACHER and memory.myself != Person():
        who = describe(memory.myself, memory.having(focus=None), context.base, context.turn.today)
        parts.append(context.say("summary", "self", who=who))
    if (province := province_name(memory, context.base)) is not None:
        parts.append(context.say("summary", "province", province=province))
    said = dict.fromkeys((memory.circumstance, memory.subject, memory.last_text))
    if before := [text for text in said if text and text != question]:
        parts.append(context.say("summary", "before", text=" / ".join(before)[:SUMMARY_CHARS]))
    if memory.last_entry in context.base.entries:
        parts.append(context.say("summary", "last", title=context.base.entry(memory.last_entry).title))
    return " ".join(parts)
