"""Posters, cards, certificates and radio texts: what stands on them is right, readable, and can be scanned."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from bot.clock import VIETNAM
from bot.config import Settings
from bot.outreach.errors import OutreachError
from bot.outreach.materials.announcement import Announcement, Door, announce, doors, office_name
from bot.outreach.materials.card import card
from bot.outreach.materials.certificate import Achievement, certificate, shown_name
from bot.outreach.materials.files import save_pdf, save_png
from bot.outreach.materials.poster import HEIGHT, WIDTH, poster
from bot.outreach.materials.radio import LONGEST, SHORTEST, script
from bot.outreach.materials.themes import Theme, theme, themes
from bot.settings import OfficialAccount, TelegramSettings, ZaloSettings
from knowledge.dates import Period
from tests.knowledge.real import TODAY, real_base

BASE = real_base()
IMAGES = Path(__file__).parents[3] / "docs" / "images"
SEASON = Period(date(2026, 8, 1), date(2026, 12, 31))
TELEGRAM = Door("Telegram", "https://t.me/bhyt_hssv_bot?start=p-dong-thap_s-thcs-01_c-kg26")
ZALO = Door("Zalo", "https://zalo.me/1234567890123456789", "MA KG26 THCS-01")
OA = OfficialAccount(id="1234567890123456789", name="BHXH tỉnh", province="dong-thap")
PAIRS = [
    ("on_field", "field"), ("on_field", "glow"), ("quiet", "field"), ("quiet", "glow"), ("ink", "paper"),
    ("muted", "paper"), ("strong", "paper"),
]  # fmt: skip


def announced(*ways: Door, slogan: str = "2024-10", office: str = "dong-thap") -> Announcement:
    return announce(BASE, slogan, office, TODAY, period=SEASON, ways=ways)


def scanned(image: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(image)}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", themes())
def test_every_text_has_enough_contrast(name: str) -> None:
    colours: Theme = theme(name)
    pairs = [(getattr(colours, text), getattr(colours, ground)) for text, ground in PAIRS]
    pairs += [(getattr(colours, text), "#FFFFFF") for text in ("ink", "muted", "strong")]
    assert [(text, ground) for text, ground in pairs if contrast(text, ground) < 4.5] == []


@pytest.mark.parametrize("ways", [(TELEGRAM,), (ZALO,), (TELEGRAM, ZALO), ()], ids=len)
def test_the_codes_on_a_poster_can_be_scanned(ways: tuple[Door, ...]) -> None:
    image = poster(announced(*ways), theme("xanh-duong"))
    assert image.size == (WIDTH, HEIGHT)
    assert scanned(image) == {way.url for way in ways}


def test_a_poster_is_still_scanned_from_a_small_picture() -> None:
    """As somebody sees it from two metres away."""
    small = poster(announced(TELEGRAM, ZALO), theme("do-do")).resize((WIDTH // 4, HEIGHT // 4))
    assert scanned(small) == {TELEGRAM.url, ZALO.url}


@pytest.mark.parametrize("way", [TELEGRAM, ZALO], ids=lambda way: way.name)
def test_the_code_on_a_share_card_can_be_scanned(way: Door) -> None:
    image = card(announced(way), theme("xanh-la"))
    assert image.size == (1080, 1080)
    assert scanned(image) == {way.url}


def test_the_same_announcement_gives_the_same_picture() -> None:
    first, second = (poster(announced(TELEGRAM), theme("sang")) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_a_poster_cites_the_letter_and_shows_the_share_of_the_day() -> None:
    now, before = announced(), announce(BASE, "2024-10", "dong-thap", date(2025, 6, 30))
    assert now.letter == "Khẩu hiệu theo CV 2528/BHXH-TT (26/7/2024)"
    assert now.days == "Từ 01/8/2026 đến 31/12/2026"
    assert (now.school_year, before.school_year) == ("2026-2027", "2024-2025")
    assert now.share.percent != before.share.percent
    assert now.share.since == "01/7/2025"
    assert now.office == "Bảo hiểm xã hội tỉnh Đồng Tháp"


@pytest.mark.parametrize("office", BASE.offices)
def test_no_office_is_abbreviated(office: str) -> None:
    assert office_name(BASE, office).startswith("Bảo hiểm xã hội ")


@pytest.mark.parametrize(("slogan", "office"), [("2022-1", "dong-thap"), ("2024-10", "tien-giang")])
def test_an_unknown_slogan_or_office_is_named(slogan: str, office: str) -> None:
    with pytest.raises(OutreachError, match=r"2022-1|tien-giang"):
        announce(BASE, slogan, office, TODAY)


def test_the_ways_in_carry_province_school_and_campaign() -> None:
    settings = _settings(TelegramSettings(username="bhyt_hssv_bot"), ZaloSettings(oa=(OA,)))
    found = {way.name: way for way in doors(settings, "dong-thap", "kg26", "thcs-01")}
    assert found["Telegram"].url == "https://t.me/bhyt_hssv_bot?start=p-dong-thap_s-thcs-01_c-kg26"
    assert found["Zalo"] == ZALO


def test_the_account_of_another_province_is_left_out() -> None:
    settings = _settings(TelegramSettings(username="bhyt_hssv_bot"), ZaloSettings(oa=(OA,)))
    assert [way.name for way in doors(settings, "ha-noi", "kg26")] == ["Telegram"]


def test_a_code_that_no_link_can_carry_is_refused() -> None:
    with pytest.raises(OutreachError, match="chữ thường"):
        doors(_settings(TelegramSettings(), ZaloSettings()), "dong-thap", "Khai Giảng")


@pytest.mark.parametrize("slogan", [slogan.id for slogan in BASE.slogans.slogans])
@pytest.mark.parametrize("office", ["ho-chi-minh", "hue"])
@pytest.mark.parametrize("period", [SEASON, Period()], ids=["dated", "undated"])
def test_a_radio_text_is_as_long_as_people_listen_and_has_no_figures(slogan: str, office: str, period: Period) -> None:
    announcement = announce(BASE, slogan, office, TODAY, period=period)
    written = script(BASE, announcement, TODAY)
    assert SHORTEST <= written.seconds <= LONGEST
    assert not re.search(r"\d|%|BHYT|BHXH|HSSV|VssID|VN?[Ee]ID|OTP", written.text)
    assert "năm mươi phần trăm" in written.text
    assert "một chín không không" in written.text


def test_a_certificate_holds_a_name_only_when_one_was_given() -> None:
    given = Achievement("Đố vui tuần 47", 9, 10, TODAY, "Bảo hiểm xã hội tỉnh Đồng Tháp", "Nguyễn Thị Ánh")
    named, nameless = (certificate(each, theme("xanh-duong")) for each in (given, _without_name(given)))
    assert named.size == nameless.size == (1600, 1130)
    assert named.tobytes() != nameless.tobytes()


@pytest.mark.parametrize("name", ["0912345678", "x" * 41, "<b>An</b>", "An\u202eB"])
def test_what_is_no_name_is_not_printed(name: str) -> None:
    with pytest.raises(OutreachError):
        shown_name(name)


def test_a_name_is_printed_on_one_line() -> None:
    assert shown_name("  Trần\nVăn  D'An ") == "Trần Văn D'An"


def test_the_files_have_the_size_of_the_paper(tmp_path: Path) -> None:
    image = poster(announced(TELEGRAM), theme("xanh-duong"))
    save_png(image, tmp_path / "a.png")
    save_pdf(image, tmp_path / "a.pdf", "Áp phích", datetime(2026, 11, 22, 8, tzinfo=VIETNAM))
    with Image.open(tmp_path / "a.png") as read:
        assert [round(dots) for dots in read.info["dpi"]] == [300, 300]
        assert scanned(read.convert("RGB")) == {TELEGRAM.url}
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", (tmp_path / "a.pdf").read_bytes())
    assert box is not None
    points = [float(side) for side in box.groups()]
    assert points == pytest.approx([595.2, 841.9], abs=0.2)  # A4


def _without_name(achievement: Achievement) -> Achievement:
    return Achievement(achievement.title, achievement.score, achievement.out_of, achievement.day, achievement.office)


def _settings(telegram: TelegramSettings, zalo: ZaloSettings) -> Settings:
    return Settings(telegram=telegram, zalo=zalo)


@pytest.mark.parametrize("name", ["poster", "share-card"])
def test_the_pictures_of_the_guide(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> None:
    """Written into docs/images with --write-screenshots; small, and still good to scan."""
    folder = IMAGES if request.config.getoption("--write-screenshots") else tmp_path
    announcement = announced(TELEGRAM, ZALO, office="dien-bien")
    drawn = {"poster": (poster, (620, 877)), "share-card": (card, (620, 620))}
    draw, size = drawn[name]
    small = draw(announcement, theme("xanh-duong")).resize(size, Image.Resampling.LANCZOS)
    small.quantize(256, Image.Quantize.MAXCOVERAGE).save(folder / f"{name}.png", optimize=True)
    with Image.open(folder / f"{name}.png") as read:
        assert TELEGRAM.url in scanned(read.convert("RGB"))
