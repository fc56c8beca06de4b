"""Wherever somebody presses or types, a guided dialogue stays consistent and can be left."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handlers.dialogues import GUIDES
from tests.handlers.talking import Talk

ACTIONS = sorted(
    {
        "menu",
        "person",
        "none",
        "resume",
        "guide-stop",
        "start",
        "lang:en",
        "lang:vi",
        "entry:mat-the",
        "entry:none",
        "erase:yes",
        "",
    }
    | {f"guide:{name}" for name in GUIDES}
    | {
        "g:premium:level:grade1",
        "g:premium:months:15",
        "g:premium:level:pupil",
        "g:which_app:idcard:no",
        "g:card_dates:born:after",
    }
)
TEXTS = [
    "1", "2", "cái cuối", "12 tháng", "lớp 3", "lop 12", "sinh viên năm cuối", "không", "có", "hộ nghèo", "chưa rõ",
    "tphcm", "bỏ qua", "năm ngoái", "2024", "con tôi 5 tuổi", "mất thẻ", "đóng bao nhiêu?", "tính tiền", "thoát",
    "tiếp tục", "xóa dữ liệu của tôi", "gặp người thật", "asdf", "😀", "", "dừng", "English", "tiếng việt", "trước",
    "tháng 11",
]  # fmt: skip


class Wanderer(RuleBasedStateMachine):
    """Somebody who presses and types at random."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()

    @rule(action=st.sampled_from(ACTIONS))
    def press_anything(self, action: str) -> None:
        self.talk.press(action)

    @rule(text=st.sampled_from(TEXTS))
    def type_something(self, text: str) -> None:
        self.talk.say(text)

    @precondition(lambda self: self.talk.last is not None and self.talk.last.buttons)
    @rule(data=st.data())
    def press_what_is_offered(self, data: st.DataObject) -> None:
        assert self.talk.last is not None
        button = data.draw(st.sampled_from(self.talk.last.buttons))
        outcome = self.talk.press(button.action)
        assert "Nút này đã cũ" not in outcome.replies[0].text, button

    @precondition(lambda self: self.talk.memory.dialogue is not None)
    @rule(by_word=st.booleans())
    def leave(self, by_word: bool) -> None:
        self.talk.say("thoát") if by_word else self.talk.press("guide-stop")
        assert self.talk.memory.dialogue is None

    @invariant()
    def dialogue_is_consistent(self) -> None:
        state = self.talk.memory.dialogue
        if state is None:
            return
        guide = GUIDES[state.name]
        question = guide.next_question(state.answers)
        assert question is not None, "all is answered, so it must have ended"
        assert state.asking == question.id
        assert state.answers.keys() <= {known.id for known in guide.questions}
        seen: dict[str, str] = {}
        for known in guide.questions:
            if known.id in state.answers:
                assert known.needed(seen)
                seen[known.id] = state.answers[known.id]

    @invariant()
    def something_was_said(self) -> None:
        if self.talk.last is not None:
            assert self.talk.last.replies
            assert all(reply.text.strip() for reply in self.talk.last.replies)
            assert all("{" not in reply.plain and "}" not in reply.plain for reply in self.talk.last.replies)

    @invariant()
    def buttons_keep_to_the_limits_of_the_channels(self) -> None:
        for button in self.talk.last.buttons if self.talk.last else ():
            assert 0 < len(button.label) <= 60
            assert button.action.isascii()
            assert 0 < len(button.action) <= 64


TestWandering = Wanderer.TestCase
TestWandering.settings = settings(max_examples=40, stateful_step_count=25)
