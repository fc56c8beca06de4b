"""A knowledge base small enough to break one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.base import KnowledgeBase, load
from knowledge.check import check
from tests.knowledge.real import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.errors import Problem

FILES = {
    "facts.toml": """\
[salary]
label = "Lương cơ sở"
unit = "dong"
values = [
  { value = 2340000, from = 2024-07-01, to = 2026-06-30, source = "nd-73", confidence = "high" },
  { value = 2530000, from = 2026-07-01, source = "nd-161", confidence = "high" },
]

[rate]
label = "Tỷ lệ đóng"
unit = "percent"
values = [{ value = 4.5, from = 2024-07-01, source = "nd-188", confidence = "high" }]

[month]
label = "Đóng một tháng"
unit = "dong"
formula = "salary * rate"

[rumour]
label = "Tin chưa chắc"
unit = "percent"
values = [{ value = 6, from = 2024-07-01, source = "nd-188", confidence = "low" }]
""",
    "sources.toml": """\
[nd-73]
number = "73/2024/NĐ-CP"
title = "Lương cơ sở"
issued = 2024-06-30
valid_from = 2024-07-01
valid_to = 2026-06-30
status = "ended"

[nd-161]
number = "161/2026/NĐ-CP"
title = "Lương cơ sở"
issued = 2026-05-15
valid_from = 2026-07-01
status = "in-force"

[nd-188]
number = "188/2025/NĐ-CP"
title = "Hướng dẫn Luật BHYT"
issued = 2025-07-01
valid_from = 2025-07-01
status = "in-force"
""",
    "slogans.toml": "",
    "stages.toml": """\
[pay]
title = "Đóng bao nhiêu"
pupil = "tien-dong"
student = "tien-dong"
""",
    "quiz.toml": """\
reviewed = 2026-11-21
review_by = 2027-06-30

[[question]]
id = "dong-thang"
ask = "Lớp 1 đóng bao nhiêu một tháng?"
right = "{month}"
wrong = ["{salary}", "Không đóng"]
why = "Bằng {rate} lương cơ sở."
entry = "tien-dong"
source = "nd-188"
""",
    "offices/ha-noi.toml": """\
id = "ha-noi"
name = "TP. Hà Nội"
short_name = "Hà Nội"
kind = "city"
aliases = ["hà nội", "hn"]
office_name = "BHXH Thành phố Hà Nội"
""",
    "faq/tien/tien-dong.md": """\
+++
id = "tien-dong"
title = "Đóng bao nhiêu?"
topic = "tien"
kind = "answer"
phrasings = ["đóng mấy tiền", "nộp bao nhiêu", "giá thẻ", "phí thẻ", "tốn nhiêu", "mức đóng", "tiền đóng", "thu mấy"]
sources = ["nd-188: khoản 4 Điều 6"]
reviewed = 2026-11-21
review_by = 2027-01-01
next = ["mat-the"]
+++
Lớp 1 đóng **{month}** một tháng, bằng {rate} lương cơ sở.
""",
    "faq/the/mat-the.md": """\
+++
id = "mat-the"
title = "Mất thẻ"
topic = "the"
kind = "handoff"
reason = "personal-record"
phrasings = ["mất thẻ", "rơi thẻ", "thất lạc thẻ", "không thấy thẻ", "để quên thẻ", "thẻ bị mất", "làm rơi", "mất rồi"]
sources = ["nd-188"]
reviewed = 2026-11-21
review_by = 2027-01-01
next = ["tien-dong"]
+++
Bạn xin cấp lại thẻ.
""",
}


@dataclass
class Tiny:
    """The folder of a tiny knowledge base."""

    root: Path

    @classmethod
    def write(cls, root: Path) -> Tiny:
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return cls(root)

    def swap(self, file: str, old: str, new: str) -> Tiny:
        """Replace a text that must be there."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (self.root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def load(self) -> KnowledgeBase:
        return load(self.root)

    def problems(self) -> list[Problem]:
        return check(self.load(), TODAY)

    def line(self, file: str, needle: str) -> int:
        lines = (self.root / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if needle in line)
