"""Covers what identifies somebody, before a text is stored or logged. Pure; works on raw text in any spelling.

What is let through on purpose: hotlines (1900.9068, 115), amounts of money, dates, school years, document numbers.
An error on the side of covering is the better one, except for amounts: a citizen asks about those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

COVER = "•••"
ROUNDS = 16
"""Times that a text is looked through at most: three do for any text that was not made up to take long."""


class PrivateKind(StrEnum):
    """What was found."""

    EMAIL = "email"
    SECRET = "secret"  # noqa: S105 - a kind, not a password
    CARD = "card"
    PHONE = "phone"
    IDENTITY = "identity"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Masked:
    """A text in which every personal number reads `•••`; `kinds` are the sorts found, in alphabetical order."""

    text: str
    kinds: tuple[PrivateKind, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.kinds)


_GAP = r"[ .\-_–\u00a0]"
_CARD_GROUPS = (
    "DN|HX|CH|NN|TK|HC|XK|HT|TB|NO|CT|XB|TN|CS|QN|CA|CY|XN|MS|CC|CK|CB|KC|HD|TE|BT|HN|DT|DK|XD|TS|TC|TQ|TA|TY|HG|LS|PV"
    "|CN|HS|SV|GB|GD|ND"
)
_LINK = (
    r"(?:\s*(?:[:=()\-–]|\b(?:là|la|is|mã|ma|số|so|sms|mới|moi|cũ|cu|đặt|dat|đổi|doi|đăng\ nhập|dang\ nhap"
    r"|hiện\ tại|hien\ tai"
    r"|của|cua|tôi|toi|tui|em|mình|minh|con|cháu|chau|bé|be|anh|chị|chi|mẹ|me|bố|bo|ba|nhà|nha|vợ|vo|chồng|chong"
    r"|vss?id|vneid|zalo|e-?mail|gmail|facebook|fb|wifi|icloud|app|ứng\ dụng|ung\ dung|tài\ khoản|tai\ khoan|tk)\b))"
)
"""What may stand between "mật khẩu" and the password: whose it is, of which app, "là"."""

# The order decides: at each place the first alternative that fits wins, and what is let through comes before the
# wide patterns that would cover it.
_PATTERN = re.compile(
    rf"""
      (?P<email> (?<![\w.+\-])[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+ )
    | (?P<otp> \b(?:otp|mã\ xác\ (?:thực|nhận)|ma\ xac\ (?:thuc|nhan)|mã\ pin|ma\ pin|pin)\b{_LINK}{{0,4}}\s* )
      (?P<code> \d(?:[ ]?\d){{3,7}} )(?!\d)
    | (?P<word> \b(?:mật\ khẩu|mat\ khau|password|passwd|pass|mk)\b(?=[\s:=]) ) (?P<link> {_LINK}{{0,7}} ) \s*
      (?P<password> (?:(?!\s)[^,;])+ )
    | (?P<hotline> (?<!\d)1[89]00{_GAP}?\d{{2,4}}{_GAP}?\d{{0,4}}(?!{_GAP}?\d) )
    | (?P<card> (?<!\w)(?:{_CARD_GROUPS}){_GAP}?\d(?:{_GAP}?\d){{12}}(?!\d) )
    | (?P<phone> (?<![\w.])\(?(?:\+{_GAP}?84|0084|84|0)\)?(?:{_GAP}?[\d()]){{8,12}}(?!{_GAP}?\d) )
    | (?P<day> (?<!\d)(?:\d{{1,2}}[./\-]\d{{1,2}}[./\-](?:19|20)?\d\d | (?:19|20)\d\d[./\-]\d{{1,2}}[./\-]\d{{1,2}}
        | (?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d )(?!\d) )
    | (?P<years> (?<!\d)(?:19|20)\d\d(?:{_GAP}{{1,3}}(?:19|20)\d\d)+(?!{_GAP}?\d) )
    | (?P<money> (?<![\d.,])[1-9]\d{{0,2}}(?:[.,]\d{{3}}){{1,2}}(?![.,]?\d)
        | (?<!\d)[1-9]\d{{0,2}}(?:[ ]\d{{3}}){{1,3}}(?=\s?(?:đồng|dong|đ|vnđ|vnd)\b)
        | (?<!\d)[1-9]\d{{0,10}}(?=(?:đ|d|k|tr)\b|\s?(?:đồng|dong|vnđ|vnd|ngh?[iì]n|ng[aà]n|tri[eệ]u|tỷ)\b)
        | (?<!\d)[1-9]\d{{0,3}}0{{5}}(?!\d) )
    | (?P<passport> (?<!\w)[A-Z]\d{{7,8}}(?!\w) )
    | (?P<digits> \d{{8,}} | (?<!\d)\d{{3,6}}(?:{_GAP}\d{{2,6}}){{1,5}}(?!\d) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAY_HOLD = re.compile(r"[\d@]|mật\ khẩu|mat\ khau|pass|mk", re.IGNORECASE)
"""One of these stands in whatever the pattern finds."""
_HARMLESS = frozenset({"hotline", "day", "years", "money"})
_KINDS = {"email": PrivateKind.EMAIL, "card": PrivateKind.CARD, "passport": PrivateKind.IDENTITY}


def mask(text: str) -> Masked:
    """Cover every personal number of a text; masking twice changes nothing more."""
    if not _MAY_HOLD.search(text):
        return Masked(text)
    kinds: set[PrivateKind] = set()

    def cover(match: re.Match[str]) -> str:
        kind, covered = _judge(match)
        if kind is not None:
            kinds.add(kind)
        return covered

    covered = text
    for _ in range(ROUNDS):
        # A cover changes what stands beside the next number, so look again until nothing more is found.
        before, covered = covered, _PATTERN.sub(cover, covered)
        if covered == before:
            break
    return Masked(covered, tuple(sorted(kinds)))


def _judge(match: re.Match[str]) -> tuple[PrivateKind | None, str]:
    """What a match is, and what to write in its place."""
    group = match.lastgroup or ""
    if group in _HARMLESS:
        return None, match[0]
    if group == "code":
        return PrivateKind.SECRET, match["otp"] + COVER
    if group == "password":
        return _password(match)
    if group == "phone":
        return _phone(match[0])
    if group == "digits":
        return _number(match[0])
    return _KINDS[group], COVER


def _password(match: re.Match[str]) -> tuple[PrivateKind | None, str]:
    """Covers what follows "mật khẩu" only if it looks like one: "mật khẩu là gì" is a question."""
    value, link = match["password"], match["link"]
    bare = value.rstrip(".?!)")
    typed = len(bare) >= 4 and any(sign.isdigit() or sign in "@#$%^&*_+=!" for sign in bare) and re.search(r"\w", bare)
    # No Vietnamese syllable has eight letters, so a longer run after "là" or "của em" is no word of the question.
    long = len(bare) >= 8 and "/" not in bare and link.strip()
    if not _is_hotline(bare) and bare != COVER and (typed or long or (bare and link.rstrip().endswith((":", "=")))):
        return PrivateKind.SECRET, match[0][: match.start("password") - match.start()] + COVER + value[len(bare) :]
    inner = mask(value)
    return (inner.kinds[0] if inner.kinds else None), match[0][: -len(value)] + inner.text


def _is_hotline(value: str) -> bool:
    match = _PATTERN.fullmatch(value)
    return match is not None and match.lastgroup == "hotline"


def _phone(number: str) -> tuple[PrivateKind | None, str]:
    """Ten or eleven digits with the leading 0; the same pattern also catches identity numbers, which begin with 0."""
    digits = re.sub(r"\D", "", number)
    if len(digits) < 9:
        return _number(number)
    return (PrivateKind.IDENTITY if digits[0] == "0" and len(digits) in {9, 12} else PrivateKind.PHONE), COVER


def _number(number: str) -> tuple[PrivateKind | None, str]:
    groups = re.findall(r"\d+", number)
    length = sum(len(group) for group in groups)
    if len(groups) > 1 and (length < 9 or all(group.endswith("000") for group in groups)):
        return None, number
    if length < 8:
        return None, number
    return (PrivateKind.IDENTITY if length in {9, 12} else PrivateKind.ACCOUNT), COVER
