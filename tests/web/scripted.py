"""A conversation core that knows a few lines, so that the web chat is tested without the knowledge base."""

from __future__ import annotations

import unicodedata

from handlers.memory import Memory
from handlers.turn import Button, Decision, Outcome, Reply, ReplyKind, Turn

HOTLINE = "1900.9068"
WELCOME = "Chào bạn! Đây là trợ lý tự động về **bảo hiểm y tế (BHYT) học sinh, sinh viên**."
PRICE = """Học sinh, sinh viên tự đóng **68.310 đồng** một tháng.

- Trường thu cùng đầu năm học.
- Tra cứu tại dichvucong.gov.vn.

Cần hỏi thêm, gọi 1900.9068."""
NOTE = "Áp dụng từ 01/7/2026\nNguồn: Nghị định 188/2025/NĐ-CP"
FEEDBACK = (Button("Đúng ý", "good:muc-dong"), Button("Chưa đúng ý", "bad:muc-dong"))
CHOICES = (Button("Đóng ở đâu?", "entry:dong-o-dau"), Button("Lớp 1 đóng mấy tháng?", "entry:lop-1"))


class ScriptedCore:
    """Answers by the first words; anything else is repeated, which shows what the page makes of it."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.failing = False

    def respond(self, turn: Turn) -> Outcome:
        self.turns.append(turn)
        if self.failing:
            raise RuntimeError(turn.text)
        return Outcome(self._replies(turn), Memory(greeted=True), Decision.ANSWER)

    def _replies(self, turn: Turn) -> tuple[Reply, ...]:
        text = fold(turn.text)
        if (turn.action or "").startswith("start"):
            return Reply(WELCOME, ReplyKind.NOTICE), Reply("Bạn muốn hỏi về việc gì?", ReplyKind.QUESTION, CHOICES)
        if "bao nhieu" in text:
            return (Reply(PRICE, buttons=(*FEEDBACK, *CHOICES), note=NOTE, entry="muc-dong"),)
        if turn.action == "entry:dong-o-dau":
            return Reply("Bạn đóng tại **trường**.", note=NOTE), Reply("Bạn hỏi tiếp nhé.", ReplyKind.NOTICE)
        if "can bo" in text:
            return (Reply("Mã hỗ trợ: **HT-1**", ReplyKind.HANDOFF, hotline=HOTLINE),)
        if text == "im lang":
            return ()
        return (Reply(f"Bạn viết: {turn.text or turn.action}"),)


def fold(text: str) -> str:
    """Lower case without diacritics."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
