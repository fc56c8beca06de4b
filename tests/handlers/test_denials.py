"""What a message says that it is not about does not answer it."""

from __future__ import annotations

import pytest

from handlers.context import Context
from handlers.conversation import Conversation
from handlers.denials import denied
from handlers.memory import Memory
from handlers.turn import Turn
from tests.handlers.talking import Talk
from tests.knowledge.real import TODAY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("không phải cấp cứu đâu, đẻ bình thường thôi", "capcuu"),
        ("ý tôi là phiếu hẹn chứ ko phải giấy chuyển", "giay chuyen"),
        ("k phai quen, rot mat luon roi", "quen"),
        ("nhà em không phải hộ nghèo thì đóng bao nhiêu", "hongheo"),
        ("không phải đóng tiền nữa đúng không", ""),
        ("trẻ em không phải nộp gì", ""),
        ("em hỏi có phải mang thẻ không", ""),
    ],
)
def test_only_what_is_named_is_denied(conversation: Conversation, text: str, words: str) -> None:
    tools = conversation._tools
    context = Context(tools, Turn(Memory(), TODAY, text), Memory(), text, tools.search.read(text))
    assert " ".join(denied(context)) == words


@pytest.mark.parametrize(
    ("first", "then", "never"),
    [
        ("quên thẻ đi khám có được không", "không phải quên, rớt mất luôn rồi", "quen-the-di-kham"),
        ("giấy hẹn tái khám dùng bao lâu", "ý tôi không phải giấy chuyển viện", "xin-phieu-chuyen"),
        ("em muốn hỏi đóng tiền", "nhà em không phải hộ nghèo thì đóng bao nhiêu", "ho-ngheo"),
    ],
)
def test_what_is_denied_is_not_the_answer(talk: Talk, first: str, then: str, never: str) -> None:
    talk.say(first)
    assert talk.say(then).entry != never
