"""Which app for which age: VssID by the guardian, VNeID, or just the identity card."""

from __future__ import annotations

from handlers.dialogues.guide import Answers, Conclusion, Guide, Question, Setting, of
from handlers.dialogues.reading import parse_yes_no
from handlers.people import read_mentions
from knowledge.search.spelling import Spelled

NAME = "which_app"
AGES = ("under6", "6to13", "14up")


def _parse_age(spelled: Spelled, setting: Setting) -> str | None:
    people = read_mentions(spelled.text, " ".join(spelled.words), setting.today).people
    if people:
        return _age_group(setting, people[0].age(setting.today), people[0].grade)
    return "14up" if "sinhvien" in spelled.folded else None


def _age_group(setting: Setting, age: int | None, grade: int | None) -> str | None:
    if age is None and grade is not None:
        age = grade + 5
    if age is None:
        return None
    child, guardian = (int(setting.base.facts.number(name, setting.today)) for name in ("under6_age", "child_id_age"))
    return "under6" if age < child else "6to13" if age < guardian else "14up"


def _known_age(setting: Setting, _answers: Answers) -> str | None:
    person = setting.memory.person
    return _age_group(setting, person.age(setting.today), person.grade)


def _known_card(setting: Setting, _answers: Answers) -> str | None:
    has_card = setting.memory.person.has_id_card
    return None if has_card is None else "yes" if has_card else "no"


def _conclude(answers: Answers, _setting: Setting) -> Conclusion:
    with_card = answers["idcard"] == "yes"
    if answers["age"] == "14up":
        return Conclusion(entry="vneid-tich-hop-the" if with_card else "vneid-lam-muc-2")
    return Conclusion(entry="vneid-cho-con-theo-tuoi" if with_card else "vssid-dang-ky-cho-con")


WHICH_APP = Guide(
    NAME,
    (
        Question("age", of(*AGES), _parse_age, prefill=_known_age),
        Question("idcard", of("yes", "no"), parse_yes_no, prefill=_known_card),
    ),
    _conclude,
)
