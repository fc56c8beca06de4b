"""Questions that do not stand on their own are read behind what was said before; those that do are not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.memory import Memory
from handlers.texts import say
from handlers.turn import Decision
from knowledge.search.engine import Candidate
from knowledge.search.spelling import Spelled
from tests.handlers.talking import Talk, conversation_over_real_base, text_of
from tests.knowledge.real import TODAY

AGAIN = say("vi", "answer", "again")


@pytest.mark.parametrize(
    ("first", "then", "says"),
    [
        ("thẻ bhyt của em bị mất rồi", "bao lâu thì có lại", "ngày làm việc"),
        ("em muốn đổi nơi đăng ký khám ban đầu", "khi nào thì được", "15 ngày"),
        ("cho hỏi sinh viên đóng bao nhiêu một năm", "sao tăng vậy", "lương cơ sở"),
        ("con tôi lớp 1 đóng bao nhiêu", "nộp cho ai", "trường"),
        ("the bhyt cua em mat roi", "bao lau thi co lai", "ngày làm việc"),
    ],
)
def test_a_bare_follow_up_is_answered_and_not_asked_back(talk: Talk, first: str, then: str, says: str) -> None:
    talk.say(first)
    outcome = talk.say(then)
    assert outcome.decision in {Decision.ANSWER, Decision.HANDOFF}
    assert says in text_of(outcome).lower()


def test_what_is_asked_on_about_a_certain_answer_is_not_taken_for_the_next_best_thing(talk: Talk) -> None:
    """Beside "mất thẻ" the death of a card's owner is some ten-thousandth; it must not become all that is left."""
    talk.say("cháu làm mất thẻ bhyt rồi")
    assert talk.say("có mất tiền không").entry == "mat-the"


def test_what_was_spoken_of_settles_what_would_be_asked_back(talk: Talk) -> None:
    assert talk.say("otp không về").decision is Decision.CLARIFY
    talk.say("em muốn đăng ký vssid mà không có email")
    assert talk.say("otp không về").entry == "vssid-khong-nhan-otp"


def test_what_the_last_answer_is_asked_for_is_not_asked_back(talk: Talk) -> None:
    assert talk.say("cần giấy gì").decision is Decision.CLARIFY
    talk.say("con tôi mới sinh, làm thẻ bảo hiểm ở đâu")
    assert talk.say("cần giấy gì").entry == "tre-duoi-6-lam-the"


def test_whether_something_may_be_done_is_no_small_talk(talk: Talk) -> None:
    talk.say("con tôi 13 tuổi có căn cước rồi thì dùng vneid hay vssid")
    assert talk.say("me lam ho dc khong").decision is not Decision.SMALLTALK


def test_the_same_words_alone_are_asked_back(talk: Talk) -> None:
    assert talk.say("mất mấy ngày").decision is Decision.CLARIFY


def test_a_follow_up_of_a_follow_up_still_leans_on_the_subject(talk: Talk) -> None:
    talk.say("thẻ bhyt của em bị mất rồi")
    subject = talk.memory.subject
    talk.say("mất mấy ngày")
    assert talk.memory.subject == subject == "thẻ bhyt của em bị mất rồi"
    talk.say("niềng răng có được bảo hiểm trả không")
    assert talk.memory.subject == "niềng răng có được bảo hiểm trả không"


@pytest.mark.parametrize(
    "question",
    [
        "niềng răng có được bảo hiểm chi trả không",
        "em quên mật khẩu vssid",
        "phiếu chuyển cơ sở khám chữa bệnh có giá trị bao lâu",
        "trẻ mới sinh làm thẻ bảo hiểm thế nào",
    ],
)
@pytest.mark.parametrize("before", ["mức đóng của sinh viên năm nay", "thẻ em bị mất", "vneid mức 2 làm ở đâu"])
def test_a_question_of_its_own_is_not_dragged_to_the_old_subject(talk: Talk, before: str, question: str) -> None:
    alone = Talk().say(question)
    talk.say(before)
    assert talk.say(question).entry == alone.entry


@pytest.mark.parametrize("text", ["ừ cảm ơn nhé", "ok cảm ơn", "dạ vâng em cám ơn", "u cam on"])
@pytest.mark.parametrize("before", ["thẻ em bị mất thì làm sao", "tôi muốn đòi lại tiền đóng trùng"])
def test_thanks_after_an_answer_stay_thanks(talk: Talk, before: str, text: str) -> None:
    talk.say(before)
    assert talk.say(text).decision is Decision.SMALLTALK


def test_asking_back_of_its_own_kind_stands(talk: Talk) -> None:
    talk.say("cách tích hợp thẻ bảo hiểm vào vneid")
    assert talk.say("em muốn đổi thẻ").decision is Decision.CLARIFY


def test_another_province_takes_the_place_of_the_one_before(talk: Talk) -> None:
    talk.say("học sinh ở TP.HCM đóng bảo hiểm y tế bao nhiêu")
    outcome = talk.say("còn Điện Biên")
    assert "Điện Biên" in text_of(outcome)
    assert talk.memory.province == "dien-bien"


def test_what_was_spoken_of_is_forgotten_after_a_day(talk: Talk) -> None:
    talk.say("thẻ bhyt của em bị mất rồi")
    talk.today = TODAY + timedelta(days=1)
    assert talk.say("mất mấy ngày").decision is not Decision.CLARIFY
    talk.today = TODAY + timedelta(days=4)
    assert talk.say("mất mấy ngày").decision is Decision.CLARIFY


def test_a_talk_of_long_ago_keeps_who_it_was_with() -> None:
    memory = Memory(role="parent", province="hue", subject="a", circumstance="b", last_entry="c", spoke_on=TODAY)
    later = memory.as_of(TODAY + timedelta(days=30))
    assert (later.role, later.province) == (memory.role, memory.province)
    assert (later.subject, later.circumstance, later.last_entry, later.last_text) == (None, None, None, None)
    assert memory.as_of(TODAY) == memory


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn, tôi sẽ gọi ngay.",
        "dạ e cám ơn nhìu",
        "vâng, để tôi nói lại với gia đình",
        "cam on, mai toi ra truong hoi",
        "ok hiểu rồi",
    ],
)
@pytest.mark.parametrize("before", ["có người gọi đòi mã otp, có phải lừa đảo không", "thẻ của em bị mất thì làm sao"])
def test_thanks_with_a_reason_are_neither_a_question_nor_out_of_scope(talk: Talk, before: str, text: str) -> None:
    talk.say(before)
    outcome = talk.say(text)
    assert outcome.decision is Decision.SMALLTALK
    assert not outcome.effects or all(type(effect).__name__ == "LogQuestion" for effect in outcome.effects)


def test_what_is_fairly_well_is_no_thanks(talk: Talk) -> None:
    talk.say("thẻ của em bị mất thì làm sao")
    assert talk.say("suc khoe chau tuong doi on dinh, co can the nua khong").entry != "cam-on"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Cảm ơn ạ, thế nộp ở đâu?", "dong-o-dau"),
        ("ok cam on, con han nop la khi nao", "han-dong"),
        ("dạ em hiểu rồi, vậy sao cao hơn năm ngoái thế", "vi-sao-muc-dong-tang"),
    ],
)
def test_what_is_asked_beside_thanks_is_answered(talk: Talk, text: str, entry: str) -> None:
    talk.say("sinh viên đóng bảo hiểm y tế bao nhiêu một năm")
    assert talk.say(text).entry == entry


def test_what_is_asked_after_the_end_of_messages_may_be_about_that(talk: Talk) -> None:
    talk.say("đừng nhắn tin cho tôi nữa")
    assert talk.say("thế có ảnh hưởng gì không").entry == "dung-nhan-tin-co-sao"


def test_a_short_question_of_no_subject_is_not_out_of_scope_in_a_conversation(talk: Talk) -> None:
    talk.say("nhà em thuộc hộ cận nghèo thì đóng bao nhiêu")
    assert talk.say("làm thủ tục ở đâu").decision in {Decision.ANSWER, Decision.HANDOFF, Decision.CLARIFY}


def test_twelve_months_or_fifteen_are_nobodys_age(talk: Talk) -> None:
    assert talk.say("cho hỏi trường em thu 12 tháng hay 15 tháng").entry not in {None, "tre-duoi-6-the-mien-phi"}
    assert talk.memory.children == ()


@pytest.mark.parametrize(
    ("first", "then", "entry"),
    [
        ("Thẻ lớp 1 có giá trị từ ngày nào vậy?", "vậy phải nộp mấy tháng tất cả", "lop-1-dong-may-thang"),
        ("Thẻ sinh viên năm cuối có hạn đến khi nào?", "thế tiền thì nộp mấy tháng", "nam-cuoi-dong-may-thang"),
        ("hs cap 3 dong bhyt bao nhieu mot nam", "cuoi cap thi co dong du 12 thang ko", "lop-12-dong-may-thang"),
        ("học sinh TP.HCM được miễn phí đúng không", "ngoài Đà Nẵng có giống vậy không", "ho-tro-da-nang"),
    ],
)
def test_a_follow_up_is_for_the_stage_or_the_place_spoken_of(talk: Talk, first: str, then: str, entry: str) -> None:
    talk.say(first)
    assert talk.say(then).entry == entry


def test_the_last_answer_once_more_says_so_and_offers_a_person(talk: Talk) -> None:
    first = talk.say("thẻ con tôi hết hạn khi nào, cháu học lớp 12")
    again = talk.say("thẻ ghi đến 31/12/2026 cơ")
    assert again.entry == first.entry
    assert text_of(again) == f"{AGAIN}\n\n{text_of(first)}"
    assert again.buttons[0].action == "person"
    outcome = talk.say("1")
    assert "thẻ ghi đến 31/12/2026 cơ" in outcome.effects[0].question  # type: ignore[union-attr]


def test_the_last_answer_for_another_year_is_not_the_last_answer_again(talk: Talk) -> None:
    talk.say("lớp 12 đóng mấy tháng")
    assert AGAIN not in text_of(talk.say("năm 2024 lớp 12 đóng mấy tháng"))


def test_what_was_asked_back_is_read_with_what_is_answered(talk: Talk) -> None:
    assert talk.say("otp không về").decision is Decision.CLARIFY
    assert talk.say("vssid").entry == "vssid-khong-nhan-otp"


def test_only_the_part_of_the_last_answer_that_is_asked_for_is_told_again(talk: Talk) -> None:
    talk.say("hoàn viện phí hồ sơ gồm những gì")
    outcome = talk.say("bao lâu thì có tiền viện phí")
    assert outcome.entry == "thanh-toan-truc-tiep-ho-so"
    assert "Bao lâu:" in text_of(outcome)
    assert "Hồ sơ gồm" not in text_of(outcome)
    assert outcome.buttons[0].action == "entry:thanh-toan-truc-tiep-ho-so"


@pytest.mark.parametrize(
    "text", ["ok cảm ơn, mà nếu chưa nộp tiền năm nay thì có được không", "cảm ơn, còn niềng răng"]
)
def test_what_is_asked_behind_thanks_is_not_lost(talk: Talk, text: str) -> None:
    talk.say("nằm viện được trả bao nhiêu phần trăm")
    assert talk.say(text).decision is not Decision.SMALLTALK


def test_a_province_alone_is_taken_in(talk: Talk) -> None:
    talk.say("nhà mình mới chuyển nhà")
    outcome = talk.say("ở sài gòn")
    assert outcome.decision is Decision.CLARIFY
    assert talk.memory.province == "ho-chi-minh"


@pytest.mark.parametrize(
    ("before", "text", "entry"),
    [
        ("vssid không nhận được mã", "em hk thở nổi", "goi-cap-cuu"),
        ("gọi tổng đài không được", "tụi nó chặn đường em hoài", "bi-bao-luc-xam-hai"),
        ("con tôi bị sốt có được bảo hiểm trả không", "cháu ngã từ tầng 2 xuống", "goi-cap-cuu"),
    ],
)
def test_who_is_in_danger_is_heard_whatever_was_said_before(talk: Talk, before: str, text: str, entry: str) -> None:
    talk.say(before)
    assert talk.say(text).entry == entry


def test_what_is_asked_on_about_danger_raises_no_alarm(talk: Talk) -> None:
    talk.say("cấp cứu ở đâu cũng dc hưởng phải k")
    assert talk.say("bị rắn cắn cx thế à").entry == "cho-meo-can"


@pytest.mark.parametrize(
    ("before", "text", "entry"),
    [
        ("em mất thẻ bhyt giấy", "không làm lại có sao không", "mat-the"),
        ("rút bảo hiểm xã hội một lần ở đâu", "nó với thẻ đi khám có liên quan không", "bhxh-mot-lan"),
    ],
)
def test_what_is_hardly_small_talk_is_none(talk: Talk, before: str, text: str, entry: str) -> None:
    talk.say(before)
    assert talk.say(text).entry == entry


def test_a_short_message_leans_on_what_was_said_however_certain_it_is(talk: Talk) -> None:
    talk.say("khi nào được bhxh trả lại tiền đã nộp viện")
    assert talk.say("cần những giấy gì, nộp chỗ nào ạ").entry == "thanh-toan-truc-tiep-ho-so"


def test_a_short_message_that_names_its_subject_stands_alone(talk: Talk) -> None:
    talk.say("cho tôi gặp cán bộ, tôi muốn khiếu nại vì trường thu sai tiền")
    assert talk.say("học sinh đóng BHYT bao nhiêu tiền?").entry == "muc-dong-hien-nay"


def test_a_word_completes_what_was_asked_back_about(talk: Talk) -> None:
    assert talk.say("otp không về").decision is Decision.CLARIFY
    assert talk.say("vssid").entry == "vssid-khong-nhan-otp"


@pytest.mark.parametrize("text", ["cảm ơn", "thôi khỏi", "chờ xíu", "bye", "dạ"])
def test_thanks_complete_nothing(talk: Talk, text: str) -> None:
    talk.say("otp không về")
    assert talk.say(text).decision is Decision.SMALLTALK


def test_a_part_that_announces_a_list_comes_with_it(talk: Talk) -> None:
    talk.say("mất điện thoại rồi, vneid gửi mã về máy cũ")
    text = text_of(talk.say("máy mới có đọc chip căn cước được không"))
    assert say("vi", "answer", "part") in text
    assert "1. " in text


def test_what_is_answered_by_what_was_said_opens_no_subject(talk: Talk) -> None:
    """Alone "có mất phí không" would be asked of an app; behind a wrong birth date it asks on about that."""
    subject = "em sai ngày sinh trên thẻ so với căn cước, đi khám người ta không cho xài"
    talk.say(subject)
    assert talk.say("có mất phí hk").entry == "sai-ho-ten-ngay-sinh"
    assert talk.memory.subject == subject


def test_the_last_answer_stays_when_it_tells_what_is_asked_for(talk: Talk) -> None:
    talk.say("truoc 2025 tu di kham benh vien tinh co duoc tra khong")
    assert talk.say("con bay gio ngoai tru thi may phan tram").entry == "trai-tuyen-benh-vien-tinh"


def test_in_a_talk_no_embeddings_are_asked(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    search = conversation_over_real_base()._tools.search
    asked: list[bool] = []
    rank = search.rank

    def ranked(spelled: Spelled, limit: int = 5, *, by_words: bool = False) -> list[Candidate]:
        asked.append(not by_words)
        return rank(spelled, limit, by_words=by_words)

    monkeypatch.setattr(search, "rank", ranked)
    talk.say("thẻ bhyt của em bị mất rồi")
    assert asked == [True]
    talk.say("mất mấy ngày")
    assert not any(asked[1:])


@pytest.mark.parametrize(
    "text",
    ["vậy là em phải ra tận nơi hả", "z chi can noi vs co chu nhiem thoi ha", "vậy phải đóng lại đúng không"],
)
def test_whoever_asks_whether_it_is_so_is_not_told_yes(talk: Talk, text: str) -> None:
    talk.say("em mất sim cũ, đổi số điện thoại trên vssid thế nào")
    assert talk.say(text).decision is not Decision.SMALLTALK


@pytest.mark.parametrize("text", ["thế hả", "ra là vậy hả bot", "bạn là người thật hả"])
def test_assent_and_questions_to_the_bot_stay_small_talk(talk: Talk, text: str) -> None:
    talk.say("em mất sim cũ, đổi số điện thoại trên vssid thế nào")
    assert talk.say(text).decision is Decision.SMALLTALK


@pytest.mark.parametrize("told", ["lớp 10", "nhà em có sổ hộ nghèo"])
def test_what_is_told_after_the_bot_asked_back_completes_the_question(talk: Talk, told: str) -> None:
    assert talk.say("bao nhiêu tiền vậy ad").decision is Decision.CLARIFY
    outcome = talk.say(told)
    assert outcome.decision is Decision.ANSWER
    assert outcome.entry in {"muc-dong-hien-nay", "ho-ngheo"}


def test_a_sentence_that_ends_in_yet_is_a_question(talk: Talk) -> None:
    assert talk.say("con tôi sinh năm 2020 thì năm nay mua chưa").decision is Decision.ANSWER


def test_what_becomes_of_a_case_is_no_part_of_an_answer(talk: Talk) -> None:
    talk.say(
        "Cháu ơi bà trông hai đứa cháu đi học. Sáng nay có anh gọi bảo là bên bảo hiểm xã hội, nói thẻ của cháu bị khóa"
        " phải đọc mã, bà đọc mất rồi"
    )
    talk.say("Bà đọc rồi cơ mà cháu. Giờ bà phải làm gì, có mất tiền trong sổ không?")
    outcome = talk.say(
        "Bà không biết ngân hàng số mấy, bà chỉ có cái điện thoại cục gạch thôi. Cái mã nó gửi là mã của VssID hay gì"
        " ấy. Ai giúp bà với"
    )
    assert outcome.entry == "lo-dua-otp-thong-tin"
    assert f"{say('vi', 'answer', 'part')}\n\nViệc của bạn" not in text_of(outcome)
