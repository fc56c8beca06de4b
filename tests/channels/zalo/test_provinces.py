"""Provinces in addresses as people fill them in."""

from __future__ import annotations

import pytest

from bot.channels.zalo.provinces import Provinces
from tests.knowledge.real import real_base

PROVINCES = Provinces(real_base().offices)


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Hà Nội", "ha-noi"),
        ("TP. Hà Nội", "ha-noi"),
        ("Thành phố Hồ Chí Minh", "ho-chi-minh"),
        ("tinh Can Tho", "can-tho"),
        ("CAO BẰNG", "cao-bang"),
        ("Hậu Giang", "can-tho"),
        ("12 đường Hà Nội, phường 1, Cần Thơ", "can-tho"),
        ("", None),
        ("12 đường số 3", None),
        ("Seoul", None),
    ],
)
def test_find(text: str, office: str | None) -> None:
    assert PROVINCES.find(text) == office


def test_the_first_text_that_names_one_counts() -> None:
    assert PROVINCES.find("", "xã A", "Cao Bằng", "Hà Nội") == "cao-bang"


def test_every_office_is_found_by_each_of_its_names() -> None:
    for office in real_base().offices.values():
        assert PROVINCES.find(office.name) == office.id
        assert PROVINCES.find(office.short_name) == office.id


def test_without_offices_nothing_is_found() -> None:
    assert Provinces({}).find("Hà Nội") is None
