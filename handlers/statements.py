"""What somebody tells of their circumstances without asking anything: "nhà em hộ cận nghèo", "vợ tôi mới sinh".

Works on the folded, canonical tokens of `knowledge.search.spelling`, so spelling does not matter here.
"""

from __future__ import annotations

import re

from knowledge.search.patterns import Pattern
from knowledge.search.spelling import Spelled

LONGEST = 16
"""Words; a longer message tells a story, and the story is what is asked about."""
_KIN = r"(?:vo|chong|bo|ba|cha|me|ong|anh|chi|em|con|chau|be|thang|dua|cu|nhoc)"
_WHO = (
    rf"(?:toi|minh|em|chau|con|be|e|t|nha|gia dinh|ho gia dinh|hai dua|2 dua|{_KIN}(?: (?:gai|trai|lon|nho|ut|dau))?)"
)
_LEAD = r"(?:(?:da|a|u|vang|thi|la|hien|hientai|nam nay|nay|thua|alo|chao) )*"
_SUBJECT = Pattern(rf"{_LEAD}{_WHO}(?: (?:toi|minh|em|chau|con|nha|nay))*\b|tren the\b")
_STATE = Pattern(
    r"\b(?:la|o|hoc|thuoc|co|sinh|de|moi|vua|dang|duoc|da|chuyen|song|ve|len|vao|di|nhap hoc|totnghiep|tot nghiep|nguoi"
    r"|ho|dien|ghi|nam|tuoi|lop|ngheo|canngheo|hongheo|mo coi)\b"
)
_ASKS = Pattern(
    r"\b(?:thenao|baonhieu|khinao|odau|visao|baolau|gi|nao|sao|may|ai|ha|nhi|cach|thu tuc|duoc khong|co phai|co duoc"
    r"|hoi|muon|can(?! bo)|phai|xin|giup|nho|lam on|huong dan|chi|cho (?:em|toi|minh|chau|con|hoi|xem|biet)|hay|nen)\b"
    r"|\b(?:khong|chua|a)$"
)
_WISHES = Pattern(
    r"\b(?:(?<!gia )dinh|tim|kiem tra|tra|xem|gui|lay(?! can| cccd)|(?<!bo )doi|huy|yeu cau|de nghi|tinh)\b"
)
_ASKS_IN_ENGLISH = Pattern(r"\b(?:how|what|when|where|which|who|why|can|could|should|do|does|is|are)\b")
_TROUBLE = Pattern(
    r"\b(?:khong|chua(?! (?:co viec|di lam|lay chong|lay vo))|mat|quen|loi|sai|bi|hong|trung(?! hoc| cap)|thieu|lo|nham"
    r"|het|lech|tu choi|khoa|treo|lua|luadao|gia mao|te|(?<!con )dau|om|benh|sot|gay|nga|tai nan|cap ?cuu|nhapvien|mo"
    r"|rang|kham|tien|nop|(?<!hop )dong|thu|otp|matkhau|dien thoai|app|vssid|vneid)\b"
)


_WAITS = Pattern(
    r"\b(?:khong|chua|chang|cha) (?:co |thay )?ai (?:\w+ )?"
    r"(?:tra loi|nghe|goi|lien he|lien lac|bat|nhac|giai quyet|lam)\b"
    r"|\b(?:baolau|khinao) (?:nua )?(?:thi |moi )?(?:co |duoc )?(?:nguoi|can bo|nhan vien|ai) "
    r"(?:tra loi|goi|lien he|lien lac|nhan)\b"
    r"|\b(?:cho|doi) (?:\w+ )?(?:lau|mai|hoai|toi khinao|den khinao|baolau)\b|\b(?:lau qua|sao lau)\b"
    r"|\bno ?(?:body|one) (?:answers|replies|answered|replied)\b|\bstill waiting\b"
)
_CORRECTION = re.compile(
    r"^(?:a |ui |ay |o )?(?:nham|lon|quen|viet nham|go nham|noi nham|khong phai|sua lai|xin loi) (?:roi )?"
)
_NOT_A_CHILD = frozenset({"còn"})
"""Read like "con" without its mark: "còn Điện Biên" asks on, it tells nothing."""


def tells(spelled: Spelled, original: str) -> bool:
    """Whether a message tells something of the writer or their family, and neither asks nor complains.

    `spelled` is the message without names of provinces, `original` as it was typed.
    """
    folded = _CORRECTION.sub("", spelled.text)
    if "?" in original or not 2 < len(spelled.folded) <= LONGEST or spelled.words[0] in _NOT_A_CHILD:
        return False
    subject = _SUBJECT.match(folded)
    if subject is None:
        return False
    told = folded[subject.end() :]
    return bool(_STATE.search(told)) and not any(pattern.search(told) for pattern in (_ASKS, _WISHES, _TROUBLE))


def asks(spelled: Spelled, original: str) -> bool:
    """Whether a message asks for something, as far as its words show."""
    return "?" in original or bool(_ASKS.search(spelled.text) or _ASKS_IN_ENGLISH.search(spelled.text))


def waits(spelled: Spelled) -> bool:
    """Whether somebody complains that nobody answers, or asks how long they still have to wait."""
    return bool(_WAITS.search(spelled.text))
