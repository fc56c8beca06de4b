"""Which group a pupil or student belongs to, and who pays: asked from the group that comes first in the law."""

from __future__ import annotations

from handlers.dialogues.guide import Answers, Conclusion, Guide, Question, Setting, of
from handlers.dialogues.reading import LEVELS, group_parser, known_level, parse_level, parse_yes_no

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
        Question("level", of(*LEVELS), parse_level, prefill=known_level),
        Question("family", of(*FAMILIES), group_parser(FAMILIES), lambda answers: answers.get("level") != "under6"),
        Question(
            "working",
            of("yes", "no"),
            parse_yes_no,
            lambda answers: answers.get("level") in {"student", "final-year"} and answers.get("family") == "none",
        ),
    ),
    _conclude,
)
