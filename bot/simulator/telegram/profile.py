"""The methods about the bot itself: who it is, its commands, its menu button, its descriptions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.simulator.telegram.errors import ApiError, Json, bad_request

if TYPE_CHECKING:
    from bot.simulator.telegram.call import Call
    from bot.simulator.telegram.files import Files
    from bot.simulator.telegram.world import World

MAX_COMMANDS = 100
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Profile:
    """What operators set up once."""

    def __init__(self, world: World, files: Files) -> None:
        self._world, self._files = world, files
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._menu_buttons: dict[str, Json] = {}
        self._texts: dict[tuple[str, str], str] = {}

    async def getme(self, _call: Call) -> Json:
        return self._world.me

    async def getfile(self, call: Call) -> Json:
        file = self._files.by_id(call.text("file_id"))
        if file is None:
            raise bad_request("invalid file_id")
        return {**file.wire, "file_path": file.path}

    async def setmycommands(self, call: Call) -> bool:
        commands = call.parsed("commands")
        if not isinstance(commands, list):
            raise bad_request("can't parse commands: expected an Array of BotCommand")
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._commands[_scope(call)] = [_command(command) for command in commands]
        return True

    async def getmycommands(self, call: Call) -> list[Json]:
        return self._commands.get(_scope(call), [])

    async def deletemycommands(self, call: Call) -> bool:
        self._commands.pop(_scope(call), None)
        return True

    async def setchatmenubutton(self, call: Call) -> bool:
        button = call.parsed("menu_button") or {"type": "default"}
        if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
            raise bad_request("can't parse menu button: MenuButton has unsupported type")
        self._menu_buttons[call.text("chat_id")] = button
        return True

    async def getchatmenubutton(self, call: Call) -> Json:
        return self._menu_buttons.get(call.text("chat_id")) or self._menu_buttons.get("") or {"type": "default"}

    async def setmydescription(self, call: Call) -> bool:
        return self._describe(call, "description", MAX_DESCRIPTION)

    async def getmydescription(self, call: Call) -> Json:
        return self._described(call, "description")

    async def setmyshortdescription(self, call: Call) -> bool:
        return self._describe(call, "short_description", MAX_SHORT_DESCRIPTION)

    async def getmyshortdescription(self, call: Call) -> Json:
        return self._described(call, "short_description")

    def _describe(self, call: Call, name: str, most: int) -> bool:
        if len(call.text(name)) > most:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        self._texts[name, call.text("language_code")] = call.text(name)
        return True

    def _described(self, call: Call, name: str) -> Json:
        text = self._texts.get((name, call.text("language_code"))) or self._texts.get((name, ""), "")
        return {name: text}


def _scope(call: Call) -> tuple[str, str]:
    scope = call.parsed("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), call.text("language_code")


def _command(command: Any) -> Json:
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise _invalid("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise _invalid("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _invalid(what: str) -> ApiError:
    return bad_request(what)
