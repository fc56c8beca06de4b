"""An answer on money leads with what this person pays: their province, their months, their child's month of birth."""

from __future__ import annotations

import pytest

from knowledge.base import KnowledgeBase
from knowledge.facts import Unit
from knowledge.rendering import format_value
from tests.handlers.talking import Talk, text_of
from tests.knowledge.real import TODAY


def own_part(base: KnowledgeBase, months: int) -> str:
    return format_value(base.facts.number("student_month", TODAY) * months, Unit.DONG)


def test_a_province_told_earlier_counts_in_what_is_paid(talk: Talk) -> None:
    talk.say("nhà mình ở tphcm có con vào lớp 1")
    outcome = talk.say("vậy đóng bao nhiêu tiền")
    assert outcome.entry == "lop-1-dong-may-thang"
    assert text_of(outcome).startswith("TP. Hồ Chí Minh hỗ trợ thêm")
    assert "không phải nộp tiền" in text_of(outcome)
    assert any("56/2025" in source for source in outcome.sources)


def test_what_a_school_asks_for_is_compared_with_what_the_province_leaves_to_pay(talk: Talk) -> None:
    talk.say("nhà mình ở tphcm có con lớp 4")
    outcome = talk.say("trường thu gần bảy trăm nghìn tiền bảo hiểm có đúng không")
    assert outcome.entry == "truong-thu-sai-tien"
    text = text_of(outcome)
    assert text.startswith("TP. Hồ Chí Minh hỗ trợ thêm")
    assert "không phải nộp tiền" in text
    assert "biên lai" in text


def test_an_answer_that_only_mentions_the_premium_ends_with_what_the_province_pays(
    talk: Talk, base: KnowledgeBase
) -> None:
    renewal = base.render("the-hssv-sap-het-han", TODAY).text
    talk.say("nhà mình ở tphcm có con lớp 4")
    text = talk.press("entry:the-hssv-sap-het-han").replies[0].text
    assert text.startswith(renewal)
    assert "không phải nộp tiền" in text[len(renewal) :]
    talk.say("à nhầm, cháu học đại học năm 2")
    assert "không phải nộp tiền" not in talk.press("entry:the-hssv-sap-het-han").replies[0].text


def test_a_share_of_the_province_is_taken_off_the_months_of_the_grade(talk: Talk, base: KnowledgeBase) -> None:
    talk.say("em ở đắk lắk học lớp 12")
    text = text_of(talk.say("đóng bao nhiêu tiền"))
    full = base.facts.number("full_month", TODAY) * 9
    extra = next(support.share for support in base.offices["dak-lak"].support if support.everyone)
    assert extra is not None
    left = format_value(full * (1 - base.facts.number("state_share", TODAY) - extra), Unit.DONG)
    assert f"9 tháng còn tự đóng {left}" in text


def test_students_of_the_city_do_not_get_what_pupils_get(talk: Talk) -> None:
    talk.say("em ở tphcm")
    talk.say("em là sinh viên năm nhất")
    assert "không phải nộp tiền" not in text_of(talk.say("đóng bao nhiêu tiền"))


def test_that_nothing_is_known_of_a_province_is_said_once_it_is_named(talk: Talk) -> None:
    unknown = "chưa có thông tin chắc chắn"
    assert unknown in text_of(talk.say("em ở sơn la học lớp 7 đóng bao nhiêu"))
    assert unknown not in text_of(talk.say("mỗi tháng đóng bao nhiêu tiền"))


@pytest.mark.parametrize(
    ("born", "months"),
    [("sinh 5/11/2020", 13), ("sinh tháng 10", 14), ("sinh ngày 30.12.2020", 12), ("sinh tháng 3 năm 2020", 15)],
)
def test_the_month_of_birth_tells_what_grade_one_pays(talk: Talk, base: KnowledgeBase, born: str, months: int) -> None:
    text = text_of(talk.say(f"cháu vào lớp 1 {born} thì đóng bao nhiêu tiền"))
    assert f"thường đóng {months} tháng, hết {own_part(base, months)}" in text.split("\n\n")[0]


def test_only_grade_one_pays_by_the_month_of_birth(talk: Talk) -> None:
    assert "13 tháng" not in text_of(talk.say("con học lớp 7 sinh tháng 11 đóng bao nhiêu tiền"))


@pytest.mark.parametrize("text", ["bé sinh 20/11/2020 vào lớp 1, trường thu 15 tháng vậy có dư không"])
def test_the_month_of_birth_goes_before_the_months_that_a_school_charges(
    talk: Talk, base: KnowledgeBase, text: str
) -> None:
    assert f"13 tháng, hết {own_part(base, 13)}" in text_of(talk.say(text))


def test_the_month_of_birth_is_not_lost_with_the_next_question(talk: Talk, base: KnowledgeBase) -> None:
    talk.say("con vào lớp 1, cháu sinh tháng 10 thì đóng mấy tháng")
    assert f"14 tháng, hết {own_part(base, 14)}" in text_of(talk.say("vậy bao nhiêu tiền"))


@pytest.mark.parametrize("text", ["con vô lớp 1 tháng 9 này phải đóng mấy tháng", "lớp 6 tháng 9 nhập học đóng nhiêu"])
def test_a_grade_is_no_number_of_months(talk: Talk, text: str) -> None:
    assert not text_of(talk.say(text)).startswith("Đóng")


@pytest.mark.parametrize(
    "text", ["trẻ mầm non đóng 6 tháng bao nhiêu tiền", "be mau giao o tphcm dong bhyt 12 thang bao nhieu"]
)
def test_for_who_is_free_no_months_are_reckoned(talk: Talk, text: str) -> None:
    outcome = talk.say(text)
    assert outcome.entry == "tre-duoi-6-the-mien-phi"
    assert text_of(outcome).startswith("Có thẻ miễn phí")


def test_a_near_poor_family_pays_less(talk: Talk, base: KnowledgeBase) -> None:
    talk.say("e là con nhà cận nghèo")
    outcome = talk.say("năm nhất đóng nhiêu")
    at_most = base.facts.number("full_month", TODAY) * 12 * (1 - base.facts.number("near_poor_share", TODAY))
    assert text_of(outcome).startswith("Hộ cận nghèo")
    assert format_value(at_most, Unit.DONG) in text_of(outcome)
    assert any("188/2025" in source for source in outcome.sources)


def test_what_a_province_adds_is_led_by_what_a_near_poor_family_pays(talk: Talk, base: KnowledgeBase) -> None:
    talk.say("nha em ho can ngheo o dien bien")
    outcome = talk.say("con hoc lop 7 dong bao nhieu")
    assert outcome.entry == "ho-tro-dien-bien"
    assert text_of(outcome).startswith("Hộ cận nghèo")
    assert format_value(base.facts.number("near_poor_12_months", TODAY), Unit.DONG) in text_of(outcome)


def test_what_is_asked_on_is_about_those_of_whom_the_last_answer_told(talk: Talk, base: KnowledgeBase) -> None:
    talk.say("xã vừa ra khỏi vùng khó khăn, các em dân tộc thiểu số có phải đóng không")
    outcome = talk.say("vậy mỗi em phải nộp bao nhiêu tiền một năm")
    assert format_value(base.facts.number("left_area_12_months", TODAY), Unit.DONG) in text_of(outcome)
    assert "Em dân tộc thiểu số" not in text_of(talk.say("sinh viên năm nhất đóng nhiêu"))


def test_a_poor_family_pays_nothing(talk: Talk) -> None:
    talk.say("e là con hộ nghèo")
    assert "Hộ nghèo không phải đóng" in text_of(talk.say("năm nhất đóng nhiêu"))


@pytest.mark.parametrize(
    "told",
    [
        "nhà em không phải hộ nghèo",
        "nhà em thoát nghèo rồi",
        "hộ nghèo có thẻ miễn phí không",
        "cho em hỏi hộ nghèo có phải đóng không",
        "còn hộ nghèo thì đóng bao nhiêu",
        "nhà em khá giả",
    ],
)
def test_who_is_not_poor_pays_like_others(talk: Talk, told: str) -> None:
    talk.say(told)
    assert "Hộ nghèo không phải đóng" not in text_of(talk.say("sinh viên năm nhất đóng nhiêu"))


def test_the_poverty_of_others_counts_for_nobody(talk: Talk) -> None:
    talk.say("nhà em hộ nghèo")
    assert "Hộ nghèo không phải đóng" not in text_of(talk.say("các bạn khác năm nhất đóng nhiêu"))


def test_turning_six_in_a_month_is_being_born_in_it(talk: Talk, base: KnowledgeBase) -> None:
    outcome = talk.say("cháu tôi tròn 6 tuổi hồi tháng 10, đang học lớp 1, đóng bao nhiêu tiền")
    assert own_part(base, 14) in text_of(outcome)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("nhà ở tphcm hộ cận nghèo, con lớp 6 đóng bao nhiêu", True),
        ("nhà ở hà nội hộ cận nghèo, con lớp 6 đóng bao nhiêu", False),
        ("em là sinh viên ở tphcm, nhà hộ cận nghèo đóng bao nhiêu", False),
    ],
)
def test_a_near_poor_family_hears_that_its_province_pays_the_rest(talk: Talk, text: str, free: bool) -> None:
    outcome = talk.say(text)
    assert outcome.entry == "ho-can-ngheo"
    assert ("không phải nộp tiền" in text_of(outcome)) is free
    assert "mã quyền lợi" in text_of(outcome)


def test_no_student_hears_that_pupils_pay_nothing(talk: Talk) -> None:
    talk.say("em ở TP.HCM")
    told = text_of(talk.say("em có thẻ lớp 12 hạn tới 30/9 thì tiền đóng ở đại học tính từ tháng mấy"))
    assert "không phải nộp tiền" not in told


def test_a_message_to_parents_of_grade_12_ends_with_their_months(talk: Talk, base: KnowledgeBase) -> None:
    talk.say("viết giúp tôi tin nhắn thu bhyt gửi phụ huynh")
    told = text_of(talk.say("lớp em là lớp 12 cơ"))
    assert own_part(base, int(base.facts.number("grade12_months", TODAY))) in told


def test_the_usual_months_are_those_of_the_grade_whatever_months_are_named(talk: Talk) -> None:
    talk.say("con tôi học lớp 12")
    outcome = talk.say("nhà tôi có bảo hiểm tư nhân 6 tháng rồi thì có phải đóng bhyt không")
    assert outcome.entry == "co-bao-hiem-tu-nhan"
    assert "Lớp 12 thì khác: thường đóng 9 tháng" in text_of(outcome)


def test_until_now_is_told_as_of_now(talk: Talk, base: KnowledgeBase) -> None:
    told = text_of(talk.say("học sinh đóng bhyt bao nhiêu một tháng từ 01/7/2025 đến nay"))
    assert own_part(base, 1) in told
