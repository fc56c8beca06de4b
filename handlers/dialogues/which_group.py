"""Which group a pupil or student belongs to, and who pays: asked from the group that comes first in the law."""

from __future__ import annotations

import re

from handlers.dialogues.guide import Answers, Conclusion, Guide, Question, Setting
from handlers.dialogues.reading import LEVELS, known_level, parse_level, parse_yes_no
from knowledge.search.spelling import Spelled

NAME = "which_group"
FAMILIES = ("none", "poor", "near-poor", "minority", "soldier", "merit", "allowance", "unsure")
_ENTRY = {
    "poor": "ho-ngheo",
    "near-poor": "ho-can-ngheo",
    "minority": "dan-toc-thieu-so-vung-kho-khan",
    "merit": "than-nhan-nguoi-co-cong",
    "allowance": "tro-cap-xa-hoi",
    "unsure": "xa-toi-co-thuoc-vung-kho-khan",
}
_WORDS = (
    (r"\bcanngheo\b|\bnear poor\b", "near-poor"),
    (r"\bhongheo\b|\bngheo\b|\bpoor\b", "poor"),
    (r"\bdtts\b|\bdan toc\b|\bminority\b", "minority"),
    (r"\b(?:bo doi|quan nhan|quan doi|cong an|co yeu|soldier|police)\b", "soldier"),
    (r"\b(?:liet si|co cong|thuong binh|merit)\b", "merit"),
    (r"\b(?:tro cap|mo coi|khuyet tat|orphan|allowance|disab)", "allowance"),
    (r"\b(?:khong (?:biet|ro|chac)|chua ro|unsure)\b", "unsure"),
    (r"^(?:khong|none|no|binh thuong|khong thuoc)", "none"),
)


def _parse_family(spelled: Spelled, _setting: Setting) -> str | None:
    return next((family for pattern, family in _WORDS if re.search(pattern, spelled.text)), None)


def _conclude(answers: Answers, _setting: Setting) -> Conclusion:
    level = answers["level"]
    if level == "under6":
        return Conclusion(entry="tre-duoi-6-the-mien-phi")
    family = answers["family"]
    if family == "soldier":
        return Conclusion(
            entry="con-quan-nhan-vao-dai-hoc" if level in {"student", "final-year"} else "con-quan-nhan-duoi-18"
        )
    if family != "none":
        return Conclusion(entry=_ENTRY[family])
    if answers.get("working") == "yes":
        return Conclusion(entry="sinh-vien-co-hop-dong-lao-dong")
    return Conclusion(entry="thuoc-nhom-nao")


WHICH_GROUP = Guide(
    NAME,
    (
        Question("level", lambda _answers: LEVELS, parse_level, prefill=known_level),
        Question("family", lambda _answers: FAMILIES, _parse_family, lambda answers: answers.get("level") != "under6"),
        Question(
            "working",
            lambda _answers: ("yes", "no"),
            parse_yes_no,
            lambda answers: answers.get("level") in {"student", "final-year"} and answers.get("family") == "none",
        ),
    ),
    _conclude,
)
