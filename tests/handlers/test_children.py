"""Several children and corrections: the last question again, for another person."""

from __future__ import annotations

import pytest

from tests.handlers.talking import Talk, buttons_to, text_of

TWO_CHILDREN = "tôi có 2 con, một cháu 5 tuổi và một cháu 15 tuổi"


@pytest.mark.parametrize("text", ["cả hai đứa thì sao?", "ca hai dua thi sao", "còn cả hai cháu thì sao"])
def test_two_children_get_an_answer_each(talk: Talk, text: str) -> None:
    talk.say(TWO_CHILDREN)
    talk.press("entry:muc-dong-hien-nay")
    small, big = talk.say(text).replies
    assert (small.entry, big.entry) == ("tre-duoi-6-the-mien-phi", "muc-dong-hien-nay")
    assert small.text.startswith("**Với 5 tuổi:**")
    assert big.text.startswith("**Với 15 tuổi:**")


def test_one_question_about_two_children_gets_an_answer_each(talk: Talk) -> None:
    talk.say(TWO_CHILDREN)
    outcome = talk.say("đóng bảo hiểm y tế cho cả hai cháu hết bao nhiêu tiền một năm")
    assert [reply.entry for reply in outcome.replies] == ["tre-duoi-6-the-mien-phi", "muc-dong-hien-nay"]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("còn thằng lớn thì sao?", "muc-dong-hien-nay"),
        ("con be nho", "tre-duoi-6-the-mien-phi"),
        ("cháu thứ hai", "muc-dong-hien-nay"),
        ("thế bé út?", "tre-duoi-6-the-mien-phi"),
        ("còn sinh viên năm cuối thì sao", "nam-cuoi-dong-may-thang"),
        ("con lớp 12 thì sao", "lop-12-dong-may-thang"),
    ],
)
def test_the_last_question_is_repeated_for_another_person(talk: Talk, text: str, entry: str) -> None:
    talk.say(TWO_CHILDREN)
    talk.press("entry:muc-dong-hien-nay")
    assert talk.say(text).entry == entry


def test_what_holds_for_another_age_too_is_told_shortly(talk: Talk) -> None:
    whole = text_of(talk.say("bà nội nuôi cháu mồ côi cha mẹ, cháu có được cấp thẻ không"))
    outcome = talk.say("cháu 10 tuổi đang học lớp 5")
    assert text_of(outcome).startswith("Với trường hợp 10 tuổi, lớp 5, câu trả lời vẫn như trên")
    assert len(text_of(outcome)) < len(whole)
    assert outcome.buttons[0] == buttons_to(outcome, "entry:tro-cap-xa-hoi")[0]


def test_a_corrected_age_repeats_the_last_question(talk: Talk) -> None:
    talk.say("con tôi 12 tuổi")
    talk.press("entry:muc-dong-hien-nay")
    outcome = talk.say("nhầm, cháu 5 tuổi")
    assert "Mình đã sửa lại: 5 tuổi" in outcome.replies[0].text
    assert outcome.entry == "tre-duoi-6-the-mien-phi"


def test_an_age_in_months_is_no_question_of_how_long_something_holds(talk: Talk) -> None:
    assert talk.say("bé 8 tháng chưa có thẻ bảo hiểm").entry in {"tre-duoi-6-lam-the", "so-sinh-chua-co-the"}


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("tiêm vắc xin cho bé 2 tuổi bảo hiểm có trả không", "tiem-vac-xin"),
        ("chó cắn bé 3 tuổi tiêm dại có bảo hiểm không", "cho-meo-can"),
        ("bé 4 tuổi nhổ răng sâu có được bảo hiểm không", "chua-rang"),
    ],
)
def test_the_age_of_a_small_child_does_not_drown_what_is_asked(talk: Talk, text: str, entry: str) -> None:
    assert talk.say(text).entry == entry


def test_a_child_in_grade_one_has_hardly_an_identity_card_to_show(talk: Talk) -> None:
    assert talk.say("be lop 1 di benh vien can dem theo gi").entry == "giay-to-con-chua-can-cuoc"
