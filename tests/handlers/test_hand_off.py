"""Passing on to people: emergencies first, one case, a summary to read out."""

from __future__ import annotations

import pytest

from handlers.effects import OpenCase, Urgency
from handlers.turn import Decision
from tests.handlers.talking import Talk, text_of


def cases(outcome: object) -> list[OpenCase]:
    return [effect for effect in outcome.effects if isinstance(effect, OpenCase)]  # type: ignore[attr-defined]


def test_two_failed_tries_lead_to_a_person(talk: Talk) -> None:
    first, second = talk.press("none"), talk.press("none")
    assert first.decision is Decision.CLARIFY
    assert second.decision is Decision.HANDOFF
    assert [case.number for case in cases(second)] == ["HT-0002"]
    assert "HT-0002" in text_of(second)
    assert "1900.9068" in text_of(second)
    assert talk.memory.failures == 0


def test_the_summary_tells_who_asks_what_about_whom(talk: Talk) -> None:
    for text in ("tôi là phụ huynh ở Huế", "con tôi 12 tuổi"):
        talk.say(text)
    (case,) = cases(talk.say("trường thu tiền rồi mà thẻ của con tôi báo hết hạn, tôi muốn gặp cán bộ"))
    assert case.summary in text_of(talk.last)  # type: ignore[arg-type]
    assert all(word in case.summary for word in ("Phụ huynh", "thẻ của con tôi báo hết hạn", "12 tuổi", "Huế"))


def test_an_open_case_is_used_again(talk: Talk) -> None:
    (case,) = cases(talk.say("gặp người thật"))
    again = talk.say("cho tôi gặp nhân viên")
    assert cases(again) == []
    assert case.number in text_of(again)


@pytest.mark.parametrize(
    "text", ["con tôi đang co giật", "con toi dang co giat", "bé bị ngất xỉu", "my child is unconscious"]
)
def test_an_emergency_names_the_ambulance_before_all_else(talk: Talk, text: str) -> None:
    outcome = talk.say(text)
    words = text_of(outcome)
    assert "115" in words.split(".")[0]
    assert words.index("115") < words.index("1900.9068")
    assert [case.urgency for case in cases(outcome)] == [Urgency.NOW]


def test_an_emergency_told_twice_opens_one_case(talk: Talk) -> None:
    assert cases(talk.say("con tôi đang co giật"))
    assert cases(talk.say("bé bị ngất xỉu")) == []


@pytest.mark.parametrize("text", ["em không muốn sống nữa", "em bi bo danh", "em muốn chết"])
def test_a_child_in_distress_is_given_the_helpline(talk: Talk, text: str) -> None:
    outcome = talk.say(text)
    assert "111" in text_of(outcome)
    assert [case.urgency for case in cases(outcome)] == [Urgency.NOW]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("em buồn lắm không muốn sống nữa, khám tâm lý bhyt có trả không", "entry:kham-tam-ly"),
        ("em không muốn sống nữa", None),
    ],
)
def test_what_is_asked_along_with_distress_stands_below_the_help(talk: Talk, text: str, asked: str | None) -> None:
    outcome = talk.say(text)
    assert outcome.entry == "muon-chet-tu-hai"
    assert [button.action for button in outcome.buttons] == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("em bị bố đánh muốn chết", "bi-bao-luc-xam-hai"),
        ("chán sống quá mà bố mẹ có bị báo về không", "muon-chet-tu-hai"),
    ],
)
def test_harm_by_others_and_to_oneself_are_told_apart(talk: Talk, text: str, entry: str) -> None:
    assert talk.say(text).entry == entry


def test_nobody_is_condoled_whom_nobody_died(talk: Talk) -> None:
    long = (
        "e hoc dai hoc nam 2, hom truoc e di kham o benh vien quan nguoi ta bao the het han trong khi e da dong tien"
        " cho truong tu dau nam roi, e phai lam sao de duoc tra lai tien a, e co giu hoa don"
    )
    assert talk.say(long).entry != "nguoi-co-the-qua-doi"
    assert talk.say("cháu nhà em mới mất, tiền đã đóng có được trả lại không").entry == "nguoi-co-the-qua-doi"


def test_what_somebody_is_angry_about_is_answered_when_it_is_told(talk: Talk) -> None:
    assert talk.say("làm ăn kiểu gì vậy, bực mình quá").decision is Decision.HANDOFF
    assert talk.say("tôi chờ cả tháng chưa có thẻ").entry == "bhxh-giai-quyet-cham"
    assert talk.say("niềng răng có được bảo hiểm trả không").entry == "chua-rang"


def test_after_distress_a_clear_question_is_answered(talk: Talk) -> None:
    talk.say("em không muốn sống nữa")
    assert talk.say("đóng bao nhiêu tiền").entry == "muc-dong-hien-nay"


def test_the_hotline_is_not_told_twice_to_somebody_in_distress(talk: Talk) -> None:
    assert text_of(talk.say("em không muốn sống nữa")).count("1900.9068") == 1


@pytest.mark.parametrize(
    "text", ["con tôi sốt 40 độ co giật", "con toi sot 40 do co giat", "con tôi đang sốt 40 độ lơ mơ"]
)
@pytest.mark.parametrize("before", ["", "thẻ con tôi bị trùng với người khác", "con tôi 4 tuổi"])
def test_danger_is_heard_whatever_was_said_before(talk: Talk, before: str, text: str) -> None:
    if before:
        talk.say(before)
    assert talk.say(text).entry == "goi-cap-cuu"


def test_what_to_do_at_once_is_never_told_in_short(talk: Talk) -> None:
    talk.say("trường thu tiền của con tôi hai lần, tôi đòi lại tiền")
    outcome = talk.say("hôm qua có người gọi xưng bảo hiểm xã hội đòi mã otp vssid")
    assert outcome.entry == "cuoc-goi-gia-danh"
    assert "công an" in text_of(outcome)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("cho tôi gặp cán bộ, con tôi đang nằm viện cần gấp", Urgency.HIGH),
        ("trường thu hai lần không trả lại, ngày mai con tôi mổ", Urgency.HIGH),
        ("cho tôi gặp cán bộ", Urgency.NORMAL),
        ("em cần gặp cán bộ", Urgency.NORMAL),
        ("cho tôi gặp cán bộ, hôm nay tôi mở vssid không được", Urgency.NORMAL),
        ("cho tôi gặp nhân viên bệnh viện thu tiền sai", Urgency.NORMAL),
    ],
)
def test_what_cannot_wait_is_urgent_for_staff(talk: Talk, text: str, urgency: Urgency) -> None:
    assert [case.urgency for case in cases(talk.say(text))] == [urgency]
