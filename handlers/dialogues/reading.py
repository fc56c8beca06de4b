"""Free answers to the questions that several dialogues ask."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.dialogues.guide import Answers, Setting
from handlers.people import read_mentions
from knowledge.entries import Stage
from knowledge.search.spelling import Spelled

LEVELS = ("under6", "grade1", "pupil", "grade12", "student", "final-year")
_LEVEL_OF = {Stage.YEAR1: "student", Stage.GRADUATE: "student"}
_LEVEL_WORDS = (
    (r"\b(?:mam non|mau giao|nha tre|duoi 6|so sinh|sosinh)\b", "under6"),
    (r"\blop 1\b", "grade1"),
    (r"\blop 12\b", "grade12"),
    (r"\b(?:namcuoi|nam cuoi|sap ra truong|final)\b", "final-year"),
    (r"\b(?:sinhvien|dai hoc|cao dang|student|university|namnhat)\b", "student"),
    (r"\b(?:lop \d+|cap [123]|tieu hoc|trung hoc|hocsinh|pho thong|pupil)\b", "pupil"),
)
_GROUP_WORDS = (
    (r"\bkhong (?:phai|thuoc)\b(?!.*\b(?:ma|la|nhung|chi)\b)", "none"),
    (r"\bcanngheo\b|\bnear poor\b", "near-poor"),
    (r"\bhongheo\b|\bngheo\b|\bpoor\b", "poor"),
    (r"\bdtts\b|\bdan toc\b|\bminority\b", "minority"),
    (r"\b(?:bo doi|quan nhan|quan doi|cong an|co yeu|soldier|police)\b", "soldier"),
    (r"\b(?:liet si|co cong|thuong binh|merit)\b", "merit"),
    (r"\b(?:tro cap|mo coi|khuyet tat|orphan|allowance|disab)", "allowance"),
    (r"\b(?:khong (?:biet|ro|chac)|chua ro|unsure|dont know)\b", "unsure"),
    (r"^(?:khong|none|no|binh thuong|thuong)\b", "none"),
)


def level_of(stage: Stage | None) -> str | None:
    """The school level, as the dialogues name it, of a stage of school life."""
    if stage is None:
        return None
    return _LEVEL_OF.get(stage, stage.value)


def parse_level(spelled: Spelled, setting: Setting) -> str | None:
    """A level in words, or by age or grade."""
    text = spelled.text
    for pattern, level in _LEVEL_WORDS:
        if re.search(pattern, text):
            return level
    people = read_mentions(text, " ".join(spelled.words), setting.today).people
    return level_of(people[0].stage_on(setting.today)) if people else None


def group_parser(groups: tuple[str, ...]) -> Callable[[Spelled, Setting], str | None]:
    """Reads the special group that a family belongs to; one that is not among `groups` is no answer."""

    def parse(spelled: Spelled, _setting: Setting) -> str | None:
        group = next((group for pattern, group in _GROUP_WORDS if re.search(pattern, spelled.text)), None)
        return group if group in groups else None

    return parse


def known_level(setting: Setting, _answers: Answers) -> str | None:
    """The level of the person spoken of, when it is known."""
    return level_of(setting.memory.person.stage_on(setting.today))


def parse_yes_no(spelled: Spelled, _setting: Setting) -> str | None:
    text = spelled.text
    if re.match(r"(?:chua|khong|no\b|not)", text) or re.search(r"\b(?:chua|khong) (?:co|lam|duoc)\b", text):
        return "no"
    if re.match(r"(?:co|roi|da|yes|dung|vang|u\b|ok|duoc)", text):
        return "yes"
    return None
