"""Who a message speaks of: roles, children, ages, grades, and "the older one".

Works on the folded, canonical tokens of `knowledge.search.spelling`, so spelling does not matter here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from handlers.memory import Memory, Person
from knowledge.entries import Role, Stage
from knowledge.search.folding import fold
from knowledge.search.patterns import Pattern

_CHILD = r"(?:con|chau|be|thang|dua|nhoc|cu|nhi|be nho)"
_AGE = Pattern(r"(?<!duoi )(?<!tren )(?<!tu )(?<!den )(?<!du )(?<!hon )(?<!qua )\b(\d{1,2}) tuoi\b(?! tro)")
_NOT_OF_AGE = (
    r"(?:dong|bo|nop|mua|tung|thu|tra|cho|doi|thue|nghi|hoc|bhyt|the|tien|moi|them|het|thieu|gan|lop|nam|sinh|ngay)"
)
_MONTHS = Pattern(
    rf"(?<!dong cho )(?<!nop cho )(?<!mua cho )(?<!\d )\b(?!thang \d){_CHILD}"
    rf"(?: (?!{_NOT_OF_AGE}\b)\w+){{0,3}} (\d{{1,2}}) thang(?: tuoi)?\b"
    r"(?! (?:het|thi|hay|bhyt|tien|nua))"
)
_BORN = Pattern(
    r"\bsinh (?:(?:vao|dau|giua|cuoi|ngay) )*(?:\d{1,2}[/. -])?(?:thang )?(?:\d{1,2}[/. -])?(?:nam )?((?:19|20)\d\d)\b"
    r"|\b2 ?k(?:hong)? ?(\d\d?)\b"
)
_GRADE = Pattern(
    r"\blop (1[0-2]|[1-9])\b|\b(?:len|hs|hocsinh|hoc) (1[0-2])\b(?! (?:thang|nam|tuoi|ngay|gio|buoi|mon|tin)\b)"
)
_YEAR = Pattern(r"\b(?:sinhvien|dai hoc|cao dang|sv|hoc) (?:nam )?(namnhat|namcuoi|nam (?:1|hai|2|ba|3|tu|4|5|6))\b")
_STUDENT_YEAR = Pattern(r"\b(namnhat|namcuoi|nam thu (?:nhat|hai|ba|tu|2|3|4)|nam (?:2|3|4) dai hoc)\b")
_NAMED = re.compile(r"\b(?:[Bb]é|[Cc]u|[Tt]hằng|[Cc]háu)\s+([^\W\d_]{2,10})\b")
_NOT_NICKNAMES = frozenset(
    {"Lớn", "Nhỏ", "Em", "Anh", "Chị", "Nhà", "Đầu", "Út", "Thứ", "Học", "Vào", "Đã", "Chưa"}
    | {"Đang", "Được", "Sinh", "Mới", "Tôi", "Con", "Năm", "Nay", "Ấy", "Này", "Lớp"}
)

_OLDER = Pattern(rf"\b{_CHILD} (?:lon|dau|truoc)\b|\b(?:anh|chi) (?:hai|lon)\b|\bnhat lon\b|\blon hon\b")
_YOUNGER = Pattern(rf"\b{_CHILD} (?:nho|ut|be|sau)\b|\b(?:em|con) ut\b|\bnho nhat\b|\bnho hon\b|\bbe em\b")
_NTH = Pattern(rf"\b{_CHILD} thu (nhat|hai|ba|tu|\d)\b")
_BOTH = Pattern(r"\b(?:ca hai|ca 2|hai dua|2 dua|hai con|2 con|hai chau|2 chau|hai be|2 be|ca ba|ba dua|moi dua)\b")
_CORRECTION = Pattern(
    r"^(?:a |ui |ay |o )?(?:nham|lon|quen|viet nham|go nham|noi nham|khong phai|sua lai|dinh chinh|sorry|xin loi)\b"
)
_NUMBERS = {"nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4}

_PARENT = Pattern(
    r"\b(?:toi|minh|em) la (?:phuhuynh|me|bo|cha|ba|ong|ba noi|ba ngoai)\b|\b(?:la|voi vai tro) phuhuynh\b"
    r"|(?<!la )\b(?:con|chau) (?:toi|em|minh|nha)\b|\bnha (?:toi|em|minh) co\b"
)
_A_PARENT = Pattern(r"\bla (?:phuhuynh|ph)\b")
_TEACHER = Pattern(
    r"\b(?:toi|minh|em|co|thay) la (?:giao vien|can bo|ke toan|nhan vien|hieu truong|thay|co giao|van thu)\b"
    r"|\btruong (?:toi|em|chung toi|minh) (?:co|can|muon|lap|phai)\b|\blop (?:toi|em) chu nhiem\b|\bla giao vien\b"
    r"|\b(?:toi|minh|em|e) (?:dang )?lam (?:y te|ke toan|chu nhiem|gvcn|van thu|giao vien)\b"
    r"|\b(?:toi|minh|em|e) (?:dang )?(?:chu nhiem|o phong cong tac)\b"
    r"|\blop (?:toi|minh|em|e) (?:con|co) (?:\d+|may|hai|ba|bon|nam) (?:em|hs|hocsinh|ban|chau)\b"
)
_STUDENT = Pattern(
    r"\b(?:em|minh|toi|chau|con|e) (?:dang )?(?:la|hoc|hoc o) (?:\w+ )?(?:sinhvien|hocsinh|lop|dai hoc|cao dang|nam)\b"
    r"|\b(?:em|minh|toi|chau) (?:la )?(?:sinhvien|hocsinh|sv|hs)\b|^(?:la )?(?:sinhvien|hocsinh)(?: nam| lop|$)"
)

_CHILDREN = Pattern(r"\b(?:mot|hai|co ba|bon|\d) (?:con|chau|be|dua|nhoc)\b")
_OF_A_CHILD = Pattern(r"\b(?:be|thang|dua|con|cu|nhoc)\b")
_MY_CHILD = re.compile(
    r"(?<!la )\b(?:con|chau|be|dua)(?: (?:gai|trai|lon|nho|dau|ut))?(?: nha)? (?:toi|tui|tao|em|e|minh|mik|mk)\b"
)
"""Looked for in what was typed: as it is read, "con tôi" is no more than "con", as children call themselves."""
_WHILE = re.compile(r"\bcòn\b", re.IGNORECASE)
"""Reads like "con" without its mark: "nhà ở quê còn mình đi trọ" speaks of no child."""
_MYSELF = Pattern(r"^(?:da |vang |thua |a )?(?:em|minh|toi)\b(?! (?:gai|trai|ut|ruot|ho|be|nho)\b)")
_SOMEBODY_YOUNG = Pattern(r"(?<!la )\b(?:con|chau|be|dua|nhoc|cu|nhi)\b")
_OLDEST_AT_SCHOOL = 30
_CHILD_OF_AGE = Pattern(rf"{_CHILD}\b.*\b(?:tuoi|lop)\b")
_NEWBORN = Pattern(r"\bsosinh\b|\bmoi (?:sinh|de)\b")
_NO_ID_CARD = Pattern(r"\b(?:chua|khong) (?:co|lam|duoc cap) cccd\b")
_GRADUATED = Pattern(r"\b(?:moi|vua|da) (?:tot nghiep|ra truong)\b")
_LEAVING = Pattern(
    r"\b(?:thang (?:1[0-2]|[1-9])|sap|sang nam|nam (?:nay|sau|toi)|cuoi nam|he nay|chuan bi|se|con \w+ thang)"
    r"(?: (?!vua|da)\w+){0,2} (?:tot nghiep|ra truong)\b"
    r"|(?<!\bvua )(?<!\bda )(?<!\bmoi )(?:tot nghiep|ra truong) (?:vao |trong )?"
    r"(?:thang (?:1[0-2]|[1-9])|sang nam|nam (?:nay|sau|toi)|he nay)\b"
)
"""Of students who say when they will have done."""
_NURSERY = Pattern(r"\b(?:mau giao|mam non|nha tre|tre nho)\b")
_ANOTHER = Pattern(rf"\b(?:mot|con|va) {_CHILD}\b|\b{_CHILD} (?:lon|nho|ut|dau|kia)\b")
_ANY_CHILD = Pattern(rf"\b{_CHILD}\b")
_AT_UNIVERSITY = Pattern(
    rf"\b{_CHILD}\b(?: \w+){{0,2}} hoc (?:dai hoc|cao dang)\b"
    r"|\b(?:la|con|em|minh|toi|chau) (?:dang )?(?:hoc )?(?:sinhvien|dai hoc|cao dang)\b"
)
_AT_SCHOOL = Pattern(r"\b(?:la|em|minh|chau) hocsinh\b|\bhoc (?:cap [123]|tieu hoc|trung hoc)\b")

_FILLER = frozenset(
    "con em la toi co hoc dang nam nay chau be va mot hai ba nha truong minh thi duoc roi nhe a da vang thang dua cu"
    " nhoc nua cap o tinh thanh pho xa phuong do vay thoi ra tuoi lop dai cao nhi cua tam khoang gan sap vao la dua"
    " cccd chua phuhuynh me bo cha ong ba sinhvien hocsinh nho lon ut dau thu nhat namnhat namcuoi giao vien chu nhiem"
    " nguoi"
    " mau 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 gai trai nham khong phai sua lai sorry xin loi chinh xac"
    " moi".split()
)
_QUESTION = Pattern(
    r"\b(?:thenao|baonhieu|khinao|odau|visao|baolau|gi|nao|sao|may|ai|hay|chua|muon|can|cach|the a|duoc khong|huong"
    r"|hoi|lam|phai lam|bi|sot|giat|om|benh|mo(?! coi)|ngat|nga|te"
    r"|dong|kham|the|bhyt|vssid|vneid|cccd|app|matkhau|how|what|when|where|can|do)\b"
)

_COLLECTED = Pattern(r"\btruong (?:\w+ )?thu\b")
"""Read before words that tell nothing are left out, as both do alone: "trường", and "thứ" without its mark."""


@dataclass(frozen=True)
class Mentions:
    """What one message says about people."""

    people: tuple[Person, ...] = ()
    role: Role | None = None
    about_self: bool = False
    reference: str | None = None
    """`older`, `younger`, `both`, or a number as text ("2" = the second child)."""
    correction: bool = False
    statement_only: bool = False
    """The message only says who somebody is and asks nothing."""


def read_mentions(folded: str, original: str, today: date) -> Mentions:
    """Everything that a message says about people; `folded` is the canonical token text."""
    people = _people(folded, original, today)
    of_my_child = bool(_CHILDREN.search(folded)) or bool(_MY_CHILD.search(fold(_WHILE.sub(",", original))))
    role = _role(folded, of_my_child=of_my_child)
    about_self = not of_my_child and _is_about_self(folded, people, today)
    if about_self and role is None:
        role = Role.STUDENT
    return Mentions(
        people=people,
        role=role,
        about_self=about_self,
        reference=_reference(folded),
        correction=bool(_CORRECTION.search(folded)),
        statement_only=bool(people or role) and _asks_nothing(folded, original),
    )


def _role(folded: str, *, of_my_child: bool) -> Role | None:
    if _TEACHER.search(folded):
        return Role.TEACHER
    if _STUDENT.search(folded) and not of_my_child and not _A_PARENT.search(folded):
        return Role.STUDENT
    if of_my_child or _PARENT.search(folded) or _A_PARENT.search(folded) or _CHILD_OF_AGE.match(folded):
        return Role.PARENT
    return None


def _is_about_self(folded: str, people: tuple[Person, ...], today: date) -> bool:
    if _STUDENT.search(folded):
        return not (_OF_A_CHILD.search(folded) or _A_PARENT.search(folded))
    if len(people) != 1 or _SOMEBODY_YOUNG.search(folded) or not _MYSELF.search(folded):
        return False
    age = people[0].age(today)
    return people[0].stage_on(today) is not Stage.UNDER6 and (age is None or age <= _OLDEST_AT_SCHOOL)


def _people(folded: str, original: str, today: date) -> tuple[Person, ...]:
    """One person per age, birth year or grade; an age and a grade side by side are the same person."""
    found: list[tuple[int, Person]] = []
    found += [(match.start(), Person(birth_year=today.year - int(match[1]))) for match in _AGE.finditer(folded)]
    for match in _MONTHS.finditer(folded):
        born = today.year * 12 + today.month - 1 - int(match[1])
        found.append((match.start(), Person(birth_year=born // 12)))
    for match in _BORN.finditer(folded):
        year = int(match[1]) if match[1] else 2000 + int(match[2])
        if year <= today.year:
            found.append((match.start(), Person(birth_year=year)))
    if _NEWBORN.search(folded) and not found:
        found.append((0, Person(birth_year=today.year)))
    for match in _GRADE.finditer(folded):
        _join(found, match.start(), {"grade": int(match[1] or match[2])}, folded)
    stage = _student_stage(folded)
    if stage is not None and not found:
        found.append((0, Person(stage=stage)))
    found.sort(key=lambda pair: pair[0])
    people = [person for _, person in found]
    if not people:
        return ()
    named = _NAMED.findall(unicodedata.normalize("NFC", original))
    names = [name for name in named if name.istitle() and name not in _NOT_NICKNAMES]
    if len(names) == len(people):
        people = [person.model_copy(update={"nickname": name}) for person, name in zip(people, names, strict=True)]
    if _NO_ID_CARD.search(folded) and len(people) == 1:
        people = [people[0].model_copy(update={"has_id_card": False})]
    return tuple(people)


def _join(found: list[tuple[int, Person]], start: int, update: dict[str, int], folded: str) -> None:
    """Add a grade to the person just mentioned, unless a new one begins between."""
    for index in range(len(found) - 1, -1, -1):
        position, person = found[index]
        low, high = sorted((position, start))
        if person.grade is None and not _ANOTHER.search(folded[low + 1 : high]):
            found[index] = (position, person.model_copy(update=update))
            return
    found.append((start, Person(**update)))


def _student_stage(folded: str) -> Stage | None:
    match = _STUDENT_YEAR.search(folded) or _YEAR.search(folded)
    if match:
        year = match[1]
        if year in {"namnhat", "nam thu nhat", "nam 1"}:
            return Stage.YEAR1
        return Stage.FINAL_YEAR if year == "namcuoi" or _LEAVING.search(folded) else Stage.STUDENT
    if _GRADUATED.search(folded):
        return Stage.GRADUATE
    if _NURSERY.search(folded) and _ANY_CHILD.search(folded):
        return Stage.UNDER6
    if _AT_UNIVERSITY.search(folded):
        return Stage.STUDENT
    if _AT_SCHOOL.search(folded):
        return Stage.PUPIL
    return None


_NAMED_STAGES = (
    (Pattern(r"\bduoi 6\b|\bsosinh\b|\b(?:mam non|mau giao|nha tre|tre nho|tre em)\b"), Stage.UNDER6),
    (Pattern(r"\blop 1\b"), Stage.GRADE1),
    (Pattern(r"\blop 12\b|\bcuoi cap(?: 3| ba)?\b"), Stage.GRADE12),
    (Pattern(r"\bnamnhat\b"), Stage.YEAR1),
    (Pattern(r"\bnamcuoi\b"), Stage.FINAL_YEAR),
)


def stage_named(folded: str) -> Stage | None:
    """The stage of school life that a question names in general ("sinh viên năm cuối đóng mấy tháng"), if just one."""
    named = {stage for pattern, stage in _NAMED_STAGES if pattern.search(folded)}
    if named:
        return named.pop() if len(named) == 1 else None
    student, pupil = "sinhvien" in folded, "hocsinh" in folded
    if student == pupil:
        return None
    return Stage.STUDENT if student else Stage.PUPIL


def _reference(folded: str) -> str | None:
    if _BOTH.search(folded):
        return "both"
    if match := _NTH.search(folded):
        return str(_NUMBERS.get(match[1], match[1]))
    if _OLDER.search(folded):
        return "older"
    if _YOUNGER.search(folded):
        return "younger"
    return None


def _asks_nothing(folded: str, original: str) -> bool:
    if "?" in original or folded.endswith((" chua", " khong")) or _COLLECTED.search(folded):
        return False
    rest = [token for token in folded.split() if token not in _FILLER and not token.isdigit()]
    if _QUESTION.search(" ".join(rest)):
        return False
    return len(rest) <= 2


def remember(memory: Memory, mentions: Mentions, today: date) -> Memory:
    """The memory after a message: new facts of the person in focus, new children, a changed focus."""
    if mentions.role is not None:
        memory = memory.having(role=mentions.role)
    if mentions.reference is not None:
        memory = _refocus(memory, mentions.reference, today)
    if not mentions.people:
        return memory
    if memory.role is Role.TEACHER and len(mentions.people) == 1 and not memory.children:
        return memory.having(myself=_merge(memory.myself, mentions.people[0]), focus=None)  # of those they teach
    if mentions.about_self or (memory.role is Role.STUDENT and mentions.role is not Role.PARENT):
        person = _merge(memory.myself, mentions.people[0])
        return memory.having(myself=person, focus=None)
    if len(mentions.people) > 1:
        return memory.having(children=mentions.people[:6], focus=0)
    new = mentions.people[0]
    if mentions.correction and memory.children:
        return memory.with_person(_corrected(memory.person, new))
    known = _same_child(memory, new, today)
    if known is not None:
        memory = memory.having(focus=known)
        return memory.with_person(_merge(memory.person, new))
    if mentions.reference is not None and memory.focus is not None and _may_be(memory.person, new):
        return memory.with_person(_merge(memory.person, new))
    return memory.having(children=(*memory.children, new)[-6:], focus=min(len(memory.children), 5))


def _refocus(memory: Memory, reference: str, today: date) -> Memory:
    if not memory.children or reference == "both":
        return memory
    order = sorted(range(len(memory.children)), key=lambda index: _age_key(memory.children[index], today))
    if reference == "older":
        return memory.having(focus=order[-1])
    if reference == "younger":
        return memory.having(focus=order[0])
    index = int(reference) - 1
    return memory.having(focus=index) if 0 <= index < len(memory.children) else memory


def _age_key(person: Person, today: date) -> int:
    age = person.age(today)
    if age is not None:
        return age
    return person.grade + 5 if person.grade is not None else 10


def _same_child(memory: Memory, new: Person, today: date) -> int | None:
    """The child that a new mention means: same nickname, or same age, or the only one whose age and grade agree."""
    for index, child in enumerate(memory.children):
        if new.nickname and child.nickname == new.nickname:
            return index
    for index, child in enumerate(memory.children):
        same_year = new.birth_year is not None and child.birth_year == new.birth_year
        same_grade = new.grade is not None and child.grade == new.grade
        fills_grade = new.grade is not None and child.grade is None and abs(_age_key(child, today) - new.grade - 5) <= 1
        fills_age = new.birth_year is not None and child.birth_year is None and child.grade is not None
        if same_year or same_grade or (len(memory.children) == 1 and (fills_grade or fills_age)):
            return index
    return None


def _may_be(known: Person, new: Person) -> bool:
    """Whether a new mention can mean a known child: nothing that both give differs."""
    both = known.model_dump(exclude_none=True), new.model_dump(exclude_none=True)
    return all(both[0].get(name, value) == value for name, value in both[1].items())


def _merge(old: Person, new: Person) -> Person:
    return old.model_copy(update=new.model_dump(exclude_none=True))


def _corrected(old: Person, new: Person) -> Person:
    """A correction replaces the age: a grade or a stage that came with the wrong age goes with it."""
    fresh = new.model_dump(exclude_none=True)
    known = new.birth_year or new.grade or new.stage
    base = old.model_copy(update={"grade": None, "stage": None}) if known else old
    return base.model_copy(update=fresh)
