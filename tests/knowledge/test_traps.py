"""The wrong sentences of the fact sheet (table 0.2): no answer of today may say one of them.

Every pattern is first tried on a wrong sentence, which it must catch, and on the right one, which it must let pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pytest

from knowledge.dates import Period
from knowledge.entries import Kind, Role
from tests.knowledge.real import TODAY, real_base

_PAST = (
    r"trước|\bcũ\b|không còn|đã bị|thay thế|năm học 202[2-5]|giai đoạn 20(?:21|25)|(?:tăng|giảm|nâng) .*từ .* (?:lên|xuống)"
    r"|từ \d+% lên|công văn này|before|older|former|no longer|school year 202[2-5]|202[2-5][-–]202[3-6]|went from|rose from"
)
_NOT = r"không phải|không đúng|chưa đúng|sai\b|not true|wrong"


@dataclass(frozen=True)
class Trap:
    """A claim that is wrong today, when nothing in the same sentence (`unless`) says that it was, or is denied."""

    number: int
    claim: str
    wrong: str
    right: str
    unless: str = _PAST

    def caught(self, sentence: str) -> bool:
        found = re.search(self.claim, sentence, re.IGNORECASE)
        return bool(found) and not re.search(f"{self.unless}|{_NOT}", sentence, re.IGNORECASE)


TRAPS = [
    Trap(
        1,
        r"(?:hỗ trợ|đóng thay|support|pays|share)[^.]{0,60}\b30 ?%|\b30 ?%[^.]{0,40}(?:hỗ trợ|support)",
        "Nhà nước hỗ trợ học sinh, sinh viên 30%.",
        "Trước 01/7/2025 nhà nước hỗ trợ 30%.",
        _PAST + "|nông, lâm, ngư",
    ),
    Trap(
        2,
        r"884[.,]520|631[.,]800|73[.,]710|52[.,]650",
        "Sinh viên đóng 884.520 đồng một năm.",
        "Năm học 2024-2025: 884.520 đồng.",
    ),
    Trap(3, r"2[.,]527[.,]200|2,527 ?triệu", "Lương cơ sở 2.527.200 đồng.", "Lương cơ sở 2.530.000 đồng.", "(?!)"),
    Trap(4, r"(?:vì|do|because)[^.]{0,20} tỷ lệ[^.]{0,30} tăng|5,1 ?%", "Mức đóng tăng vì tỷ lệ 4,5% tăng.", "Tỷ lệ vẫn 4,5%."),
    Trap(
        5,
        r"50 ?%[^.]{0,80}15/8/2025|15/8/2025[^.]{0,80}50 ?%|(?:hỗ trợ|support)[^.]{0,60}15/8/2025",
        "Mức hỗ trợ 50% có hiệu lực từ 15/8/2025.",
        "Mức 50% áp dụng từ 01/7/2025.",
    ),
    Trap(
        6,
        r"(?:tp\.? ?hcm|hồ chí minh|ho chi minh)[^.]*(?:miễn phí|toàn bộ|không phải nộp|nothing|free)[^.]*(?:sinh viên|university)"
        r"|sinh viên[^.]{0,40}(?:tp\.? ?hcm|hồ chí minh)[^.]{0,40}(?:miễn phí|không phải nộp)",
        "TP.HCM miễn phí BHYT cho mọi học sinh, sinh viên.",
        "TP.HCM miễn phí cho học sinh, không gồm sinh viên.",
        r"không gồm|not included|chỉ dành|\bfree\b.*\bonly\b",
    ),
    Trap(
        7,
        r"(?:hỗ trợ|ngân sách)[^.]{0,40}theo (?:hộ khẩu|nơi thường trú)",
        "Ngân sách hỗ trợ theo hộ khẩu.",
        "Hỗ trợ theo nơi học, không theo hộ khẩu.",
        "không theo hộ khẩu",
    ),
    Trap(
        8,
        r"cận nghèo[^.]{0,60}(?:\b95 ?%|(?:đồng|cùng) chi trả \d)|near.poor[^.]{0,60}\b95 ?%",
        "Học sinh hộ cận nghèo được hưởng 95%.",
        "Hộ cận nghèo hưởng 100%, trước đó 95%.",
    ),
    Trap(9, r"351[.,]000", "Khám dưới 351.000 đồng thì miễn phí.", "Trước đó là 351.000 đồng."),
    Trap(
        10,
        r"(?:trái tuyến|tự đi|tự đến)[^.]{0,60}ngoại trú[^.]{0,40}(?:đều không|không bao giờ|luôn không)"
        r"|trái tuyến ngoại trú (?:thì )?không được",
        "Trái tuyến ngoại trú không được chi trả.",
        "Tự đến khám ngoại trú ở bệnh viện trung ương thì quỹ không trả.",
    ),
    Trap(
        11,
        r"ngoại trú[^.]{0,40}(?:bệnh viện|tuyến) trung ương[^.]{0,40}(?:được|trả|hưởng) (?:\*\*)?50 ?%",
        "Khám ngoại trú bệnh viện trung ương được 50%.",
        "Ngoại trú bệnh viện trung ương không trả.",
    ),
    Trap(
        12,
        r"(?:học sinh|sinh viên|quỹ)[^.]{0,40}(?:trả|hưởng) (?:\*\*)?50 ?%(?:\*\*)? (?:tổng )?chi phí",
        "Tự đi khám thì quỹ trả 50% chi phí.",
        "Quỹ trả 40% chi phí.",
    ),
    Trap(
        13,
        r"từ 18 tuổi trở xuống|(?<!không được )(?<!không )BHYT (?:có )?(?:chi trả|trả)[^.]{0,20}kính|kính[^.]{0,15} được (?:BHYT|chi trả)"
        r"|cận thị (?:thì )?không được",
        "Cận thị không được BHYT chi trả.",
        "Điều trị tật khúc xạ dưới 18 tuổi được trả, kính thì không.",
        r"kính[^.]{0,60}không được",
    ),
    Trap(
        14,
        r"(?:phiếu|giấy) chuyển[^.]{0,60}31/12|referral[^.]{0,60}31/12",
        "Giấy chuyển tuyến dùng đến 31/12.",
        "Phiếu chuyển dùng 10 ngày làm việc.",
    ),
    Trap(
        15,
        r"861/QĐ-TTg[^.]{0,60}(?:đang|hiện|vẫn|còn hiệu lực|nay áp dụng)|(?:hiện nay|đang)[^.]{0,40}861",
        "Quyết định 861/QĐ-TTg đang phân định xã khó khăn.",
        "Quyết định 861/QĐ-TTg dùng cho giai đoạn 2021–2025.",
    ),
    Trap(
        16,
        r"(?:học sinh|sinh viên|em|bạn)[^.]{0,30} (?:có thể|được|nên) (?:chọn|mua|đóng|tham gia)[^.]{0,20}hộ gia đình[^.]{0,20}(?:cho rẻ|để rẻ|thay)",
        "Học sinh có thể chọn BHYT hộ gia đình cho rẻ.",
        "Học sinh không được chọn BHYT hộ gia đình để thay.",
        "không được|không cho|\\*\\*không\\*\\*",
    ),
    Trap(
        17,
        r"(?:bộ đội|quân nhân|công an)[^.]{0,60}(?:học đại học|vào đại học)[^.]{0,40}(?:vẫn|tiếp tục)[^.]{0,20}thân nhân",
        "Con bộ đội học đại học vẫn theo thẻ thân nhân.",
        "Vào đại học thì tham gia theo sinh viên.",
    ),
    Trap(
        18,
        r"thẻ giấy[^.]{0,20} (?:đã )?(?:bị bỏ hẳn|bỏ hẳn|là bắt buộc|bắt buộc phải)|không còn cấp thẻ giấy",
        "Thẻ giấy đã bị bỏ hẳn.",
        "Thẻ giấy không bị bỏ hẳn và cũng không bắt buộc.",
        r"không bị bỏ hẳn|không bắt buộc",
    ),
    Trap(
        19,
        r"(?:mất mạng|lỗi|hết pin)[^.]{0,40}(?:không được|không thể) khám",
        "VNeID lỗi thì không được khám BHYT.",
        "VNeID lỗi thì đọc mã số thẻ.",
    ),
    Trap(
        20,
        r"không (?:mang|có) thẻ giấy[^.]{0,30}(?:từ chối|không được khám)",
        "Không mang thẻ giấy sẽ bị từ chối.",
        "Không mang thẻ giấy vẫn khám được bằng căn cước.",
    ),
    Trap(
        21,
        r"(?:theo|áp dụng|căn cứ)[^.]{0,30}(?:146/2018|75/2023/NĐ|02/2025/NĐ)",
        "Mức đóng theo Nghị định 146/2018/NĐ-CP.",
        "Nghị định 146/2018/NĐ-CP nay đã được thay thế.",
    ),
    Trap(22, r"13/2023/NĐ-CP", "Dữ liệu theo Nghị định 13/2023/NĐ-CP.", "Nghị định 13/2023/NĐ-CP không còn áp dụng."),
    Trap(23, r"lớp 12[^.]{0,60}31/12|grade 12[^.]{0,60}31/12", "Thẻ lớp 12 dùng đến 31/12.", "Thẻ lớp 12 dùng đến 30/9."),
    Trap(24, r"(?<!không )(?<!không phải )(?:phải|cần) đóng bù", "Ai đã đóng cả năm phải đóng bù.", "Bạn không phải đóng bù."),
    Trap(
        25,
        r"BHXH (?:cấp )?(?:quận|huyện|thị xã)|district social (?:insurance|security)",
        "Bạn đến BHXH huyện.",
        "Nay không còn BHXH quận, huyện.",
    ),
    Trap(
        26,
        r"(?:là )?cơ quan thuộc Chính phủ|under the government\b",
        "BHXH Việt Nam là cơ quan thuộc Chính phủ.",
        "Nay thuộc Bộ Tài chính, trước đó là cơ quan thuộc Chính phủ.",
    ),
]  # fmt: skip
NUMBERS = [trap.number for trap in TRAPS]


@cache
def told_today() -> tuple[tuple[str, str], ...]:
    """Every sentence of every answer and hand-off of today, in both languages and for every reader."""
    base = real_base()
    sentences: dict[tuple[str, str], None] = {}
    for entry in base.entries.values():
        if entry.kind in {Kind.ANSWER, Kind.HANDOFF}:
            for language in ("vi", "en"):
                for role in (None, *Role):
                    text = base.render(entry.id, TODAY, language, role).text
                    sentences.update(((entry.id, part), None) for part in re.split(r"(?<=[.!?])\s+|\n+", text))
    return tuple(sentences)


def test_all_26_traps_are_here() -> None:
    assert list(range(1, 27)) == NUMBERS


@pytest.mark.parametrize("trap", TRAPS, ids=NUMBERS)
def test_a_trap_is_caught_and_the_right_sentence_is_not(trap: Trap) -> None:
    assert trap.caught(trap.wrong)
    assert not trap.caught(trap.right)


@pytest.mark.parametrize("trap", TRAPS, ids=NUMBERS)
def test_no_answer_of_today_steps_into_a_trap(trap: Trap) -> None:
    assert [told for told in told_today() if trap.caught(told[1])] == []


def test_no_answer_rests_on_a_document_that_was_replaced() -> None:
    base = real_base()
    replaced = {"nd-146-2018", "nd-75-2023", "nd-02-2025", "nd-13-2023", "qd-861-qd-ttg", "nd-73-2024"} & base.sources.keys()
    assert "nd-146-2018" in replaced
    assert all(TODAY not in Period(base.sources[old].valid_from, base.sources[old].valid_to) for old in replaced)
    cited = {(entry, source) for entry in base.entries for source in base.render(entry, TODAY).source_ids}
    assert [(entry, source) for entry, source in cited if source in replaced] == []


@pytest.mark.parametrize(
    ("entry", "must_say"),
    [
        ("muc-dong-hien-nay", "683.100 đồng"),
        ("nha-nuoc-ho-tro-bao-nhieu", "50%"),
        ("kham-chi-phi-thap", "379.500 đồng"),
        ("can-ngheo-huong-100", "100%"),
        ("lop-12-the-den-khi-nao", "30/9"),
        ("phieu-chuyen-bao-lau", "10 ngày làm việc"),
        ("trai-tuyen-mot-nua-la-sao", "40% chi phí"),
        ("bhxh-viet-nam-thuoc-bo-nao", "Bộ Tài chính"),
        ("bhxh-quan-huyen-con-khong", "BHXH cơ sở"),
        ("quyet-dinh-861", "272/2025/NĐ-CP"),
        ("luat-du-lieu-ca-nhan", "91/2025/QH15"),
        ("chua-can-thi-lac-mat", "ưới 18 tuổi"),
        ("con-cap-the-giay-khong", "khi người tham gia đề nghị"),
    ],
)
def test_the_right_fact_is_told(entry: str, must_say: str) -> None:
    assert must_say in real_base().render(entry, TODAY).text
