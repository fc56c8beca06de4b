"""Every command means something to the real conversation core."""

from __future__ import annotations

import re

import pytest
from telegram.constants import BotCommandLimit

from bot.channels.telegram.commands import START, _entries, known_commands, listed_commands, typed_command
from bot.channels.telegram.texts import texts
from handlers.effects import Effect, Subscribe, Unsubscribe
from handlers.memory import Memory
from handlers.texts import say
from handlers.turn import Decision
from tests.handlers.talking import Talk, text_of


@pytest.mark.parametrize("name", known_commands())
def test_the_core_understands_every_command(name: str) -> None:
    outcome = perform(Talk(), name)
    assert text_of(outcome) != say("vi", "expired", "text")
    assert outcome.entry != "hoi-dang-ky"
    assert outcome.decision is not Decision.REFUSE


@pytest.mark.parametrize(("name", "effect"), [("dung", Unsubscribe), ("stop", Unsubscribe), ("dangky", Subscribe)])
def test_consent(name: str, effect: type[Effect]) -> None:
    assert any(isinstance(each, effect) for each in perform(Talk(), name).effects)


def test_languages() -> None:
    talk = Talk()
    assert perform(talk, "english").memory.language == "en"
    assert perform(talk, "tiengviet").memory.language == "vi"


def test_stopping_never_confirms_an_erasure() -> None:
    talk = Talk()
    perform(talk, "xoadulieu")
    outcome = perform(talk, "dung")
    assert any(isinstance(each, Unsubscribe) for each in outcome.effects)
    assert outcome.memory != Memory(greeted=True)
    assert not any(type(each).__name__ == "ForgetMe" for each in outcome.effects)


@pytest.mark.parametrize("language", texts())
def test_the_lists_that_telegram_shows(language: str) -> None:
    listed = listed_commands(language)
    assert 5 <= len(listed) <= BotCommandLimit.MAX_COMMAND_NUMBER
    assert len(dict(listed)) == len(listed)
    for name, description in listed:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert name in known_commands()
        assert 1 <= len(description) <= BotCommandLimit.MAX_DESCRIPTION


def test_names_are_used_once_and_start_is_free() -> None:
    assert START not in known_commands()
    names = [name for entry in _entries() for name in entry["names"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/menu", ("menu", "", "")),
        ("/MENU@Bot_1  a\nb ", ("menu", "bot_1", "a\nb")),
        ("/start abc", ("start", "", "abc")),
        ("/menu?", None),
        ("/trợgiúp", None),
        (" /menu", None),
        ("menu", None),
        ("/", None),
    ],
)
def test_what_is_a_command(text: str, expected: tuple[str, str, str] | None) -> None:
    found = typed_command(text)
    assert (None if found is None else (found.name, found.bot, found.rest)) == expected


def perform(talk: Talk, name: str):
    command = known_commands()[name]
    return talk.press(command.action) if command.action is not None else talk.say(command.text)
