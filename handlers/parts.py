"""Which part of an answer a message asks about."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from knowledge.search.content import Content
from knowledge.search.engine import Search
from knowledge.search.patterns import Pattern
from knowledge.search.spelling import Spelled

MEANT = 0.5
"""A part of an answer is meant when the words that it shares with the message weigh this much of the message."""
CLEARER = 0.1
"""One is pointed out when it shares so much more of the message than the beginning of the answer does."""
POINTER = "👉 "
_ASKS = frozenset("baolau baonhieu khinao odau".split())
"""Question words that name a part in its label: "**Bao lâu**: …"."""
_LABEL = re.compile(r"(?:- |\d+\. )?\*\*.+?\*\*")
_PAPERS = Pattern(
    r"\b(?:(?:giay to|ho so|giay|mang|dem|can|dua|chuan bi) (?:theo |nhung |cai )?gi|can (?:giay to|ho so))\b"
)
_TELLS = (
    (
        Pattern(r"\b(?:baonhieu|may tien|nhieu tien|(?:mat|ton) (?:tien|phi)|ton kem|le phi)\b"),
        re.compile(r"\d đồng|miễn phí|đòi tiền|không phải (?:đóng|trả|nộp)"),
    ),
    (Pattern(r"\b(?:phan tram|(?:may|baonhieu) %)"), re.compile(r"\d ?%")),
    (Pattern(r"\b(?:visao|sao (?:lai|phai)|ly do)\b"), re.compile(r"\bvì\b")),
    (
        Pattern(r"\b(?:baolau|khinao|may (?:ngay|hom|tuan|thang)|(?:ngay|thang) (?:may|nao))\b"),
        re.compile(r"\d+ (?:ngày|tháng)|ngày \d|đầu của mỗi quý|trước ngày hết hạn|nhanh hay chậm"),
    ),
    (
        Pattern(
            r"\b(?:odau|cho nao|noi nao|(?:ra|den|vao|gui|nop|hoi) (?:dau|ai)"
            r"|(?:nop|gui|lam|sua|doi|xin) (?:o|tai|qua|ra|cho) (?:truong|xa|phuong|bhxh|cong an))\b"
        ),
        re.compile(
            r"\b(?:nộp|đóng|gửi|liên hệ|hỏi|báo|đến|qua|tại|trên(?= \S+\.gov\.vn| ứng dụng))\b"
            r".*\b(?:trường(?! hợp)|bhxh|ubnd|gov\.vn|công an|ứng dụng)"
        ),
    ),
    (Pattern(r"\b(?:(?:trong|luc|dang) (?:luc |khi )?cho|cho (?:sua|cap|the))\b"), re.compile(r"trong lúc chờ")),
    (
        Pattern(r"\b(?:(?:tren|qua) (?:mang|app|dienthoai|dien thoai|ung dung)|online|truc tuyen)\b"),
        re.compile(r"gov\.vn|ứng dụng|trực tuyến|vssid|vneid"),
    ),
    (Pattern(r"\bthang (?:1[0-2]|[1-9])\b|\bluc nao cung\b|\bphai (?:doi|cho)\b"), re.compile(r"mỗi quý|tháng \d")),
    (_PAPERS, re.compile(r"giấy|hồ sơ|tờ khai|biên lai|hóa đơn|căn cước")),
    (
        Pattern(r"(?<!bang )\b(?:so (?:dienthoai|dien thoai|may|nao)|goi (?:so|ai|cho ai))\b"),
        re.compile(r"\b(?:1900\.|111|115)"),
    ),
    (
        Pattern(r"\b(?:ai (?:lam|di|nop|ky)|(?:di|lam|nop|ky) (?:thay|giup|ho))\b"),
        re.compile(r"\b(?:cha mẹ|giám hộ|ông bà|người thân|ủy quyền)\b"),
    ),
)
"""What is asked for, and how a part of an answer reads that tells it."""
_HOW = Pattern(r"\b(?:thenao|odau|thu tuc|lam gi|cach nao|bang cach|(?:lam|sua|dangky|dang ky|doi|xin|xem|vao) sao)\b")
_FIRST_STEP = re.compile(r"^1\. ", re.MULTILINE)
FEW = 2
"""So many parts at most may tell what is asked for, so that one of them is meant."""
_ITEM = re.compile(r"- |\d+\. ")
_BREAK = re.compile(r"(?<!:)(?<!:\*\*)\n\n")
"""Between paragraphs, but not behind an announcement, in bold or not."""


class Parts:
    """Paragraphs and items of answers; built once, since the words of the same answers are read again and again."""

    def __init__(self, search: Search, content: Content) -> None:
        self._read, self._content = search.read, content
        self._words = lru_cache(maxsize=4096)(self._words_of)

    def meant(self, asked: Spelled, text: str) -> str | None:
        """The paragraph or item of a text that a message asks on about; None when that is unclear.

        First a part that names what is asked in its label, then one of the few that tell what is asked for, then the
        steps if it asks how or where, then the one that shares the most telling words with the message if they tell
        enough and no sum, time or place is asked for. A list comes with its announcement.
        """
        parts, share = _lines(text), self._shares(asked)
        certain = self._labelled(asked, parts) or telling(asked, text) or _steps(asked, text)
        best = max(certain or parts, key=share)
        if len(parts) == 1 or not (certain or (share(best) >= MEANT and not wanted(asked))):
            return None
        return first_paragraph(text[text.index(best) :]) if best.rstrip("*").endswith(":") else best

    def pointed_out(self, asked: Spelled, text: str) -> str:
        """A text with the part marked that a message asks about, when that is plainly another than the first."""
        parts, share, first = _lines(text), self._shares(asked), first_paragraph(text)
        labelled = self._labelled(asked, parts)
        best = max(labelled or parts, key=share)
        if best in first or not (labelled or share(best) >= max(MEANT, share(first) + CLEARER)):
            return text
        item = _ITEM.match(best)
        at = text.index(best) + (item.end() if item else 0)
        return f"{text[:at]}{POINTER}{text[at:]}"

    def _shares(self, asked: Spelled) -> Callable[[str], float]:
        """How much of what a message tells stands in a part, from 0 to 1."""
        weights = {word: self._content.of([word]) for word in asked.folded}
        total = sum(weights.values()) or 1.0
        return lambda part: sum(weights[word] for word in self._words(part).intersection(weights)) / total

    def _labelled(self, asked: Spelled, parts: list[str]) -> list[str]:
        asks = _ASKS.intersection(asked.folded)
        labels = {part: _LABEL.match(part) for part in parts} if asks else {}
        return [part for part, label in labels.items() if label and asks & self._words(label[0])]

    def _words_of(self, text: str) -> frozenset[str]:
        return frozenset(self._read(text.replace("**", "")).folded)


def first_paragraph(text: str) -> str:
    """A text up to its first blank line; a list comes with its announcement."""
    return _BREAK.split(text, 1)[0]


def wanted(asked: Spelled) -> list[re.Pattern[str]]:
    """How a part reads that tells what a message asks for: a sum, a time, a place, papers; empty if nothing such."""
    return [told for wanting, told in _TELLS if wanting.search(asked.text)]


def telling(asked: Spelled, text: str) -> list[str]:
    """The few parts of a text, else paragraphs, that tell what a message asks for."""
    patterns = wanted(asked)
    if not patterns:
        return []
    paragraphs = _BREAK.split(text)
    # Of papers one alone is no answer: their list stays together.
    for parts in (paragraphs,) if _PAPERS.search(asked.text) else (_lines(text), paragraphs):
        told = [part for part in parts if all(pattern.search(part.lower()) for pattern in patterns)]
        if len(told) <= min(FEW, len(parts) - 1):
            return told
    return []


def _steps(asked: Spelled, text: str) -> list[str]:
    """The paragraph of a text that tells step by step, for a message that asks how."""
    paragraphs = _BREAK.split(text) if _HOW.search(asked.text) else []
    return [paragraph for paragraph in paragraphs if _FIRST_STEP.search(paragraph)]


def _lines(text: str) -> list[str]:
    return [part for paragraph in text.split("\n\n") for part in paragraph.split("\n")]
