"""The places of a text that each recipient's own values fill: {ten|phụ huynh}, {truong|nhà trường} …

What stands behind the bar is written when nothing is known of somebody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELD = re.compile(r"\{(?P<name>[a-z_]+)(?:\|(?P<default>[^{}|]*))?\}")
CARD, LINK = "han_the", "lien_ket"
DEADLINE, ROUND, ROUND_END = "han_nop", "vong", "han_choi"
"""Known of a message that comes again, from the occasion on which it does (`bot.outreach.reminders`)."""


@dataclass(frozen=True)
class Field:
    """What a place stands for, an example for previews, and how many characters a value may have."""

    label: str
    example: str
    longest: int
    needs_default: bool = True


FIELDS = {
    "ten": Field("tên để xưng hô", "chị Lan", 40),
    "truong": Field("tên trường", "Trường THCS Nguyễn Du", 60),
    "lop": Field("lớp", "7", 2),
    CARD: Field("ngày thẻ hết hạn", "31/12/2026", 10),
    "tinh": Field("tên tỉnh, thành phố", "Điện Biên", 20),
    DEADLINE: Field("hạn của cơ quan, trong mẫu nhắc trước ngày kết thúc", "31/12/2026", 10),
    ROUND: Field("tên vòng đố vui, trong mẫu báo vòng mới", "Đố vui tuần 48", 40),
    ROUND_END: Field("ngày cuối tính điểm của vòng đố vui", "29/11/2026", 10),
    LINK: Field("liên kết mang mã của chiến dịch", "https://t.me/bhyt_hssv_bot?start=c-kg26", 90, needs_default=False),
}


def places(text: str) -> Iterator[re.Match[str]]:
    """The places of a text that are fields; facts have the same braces and other names."""
    return (match for match in FIELD.finditer(text) if match["name"] in FIELDS)


def fitted(name: str, value: str) -> str:
    """A value as it may stand in a text: one line, no markup, no longer than its field allows."""
    plain = " ".join(value.replace("**", "").replace("{", "(").replace("}", ")").split())
    longest = FIELDS[name].longest
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
