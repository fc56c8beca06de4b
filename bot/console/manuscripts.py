"""A campaign as the fields of a form, and back. Everything that a campaign's file can hold has a field.

A wording is named by its key, `vi-zalo`; what belongs to it ends in that: `text_vi-zalo`, `label_vi-zalo_0`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.clock import VIETNAM
from bot.outreach.campaign import BUTTONS, CHANNELS
from handlers.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.outreach.errors import Place

KEYS = (*LANGUAGES, *(f"{language}-{channel}" for channel in CHANNELS for language in LANGUAGES))
"""Of all wordings that there can be."""
WAVES = 4
"""Rows for waves in an empty form."""
PLAIN = ("code", "title", "purpose", "topic", "segment", "exclude", "priority", "starts", "ends", "season")
TERMS = ("quiet_from", "quiet_to", "cap_messages", "cap_days", "repeats")
TICKED = ("pays", "waits")
_LINK = "https://"


def fields_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The fields for the values of a manuscript as JSON has them; what is missing is empty, or as it would be."""
    terms = values.get("terms", {})
    fields = {name: _told(values.get(name)) for name in PLAIN}
    fields |= {name: _local(fields[name]) for name in ("starts", "ends")}
    fields |= {name: _told(terms.get(name)) for name in TERMS}
    fields |= {name: "1" if terms.get(name, name == "waits") else "" for name in TICKED}
    for number, wave in enumerate(terms.get("waves", ())):
        fields |= {f"wave_share_{number}": str(wave["share"]), f"wave_hours_{number}": str(wave["after_hours"])}
    for key, variant in values.get("texts", {}).items():
        fields |= {f"text_{key}": variant["text"], f"image_{key}": variant.get("image") or ""}
        for number, button in enumerate(variant.get("buttons", ())):
            target = button.get("action") or button.get("link", "")
            fields |= {f"label_{key}_{number}": button["label"], f"target_{key}_{number}": target}
    return fields


def values_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """What `Manuscript.of` takes, from a form as somebody filled it in; nothing is checked here."""
    values: dict[str, Any] = {name: fields[name].strip() for name in PLAIN if fields.get(name, "").strip()}
    terms: dict[str, Any] = {name: fields[name].strip() for name in TERMS if fields.get(name, "").strip()}
    terms |= {name: bool(fields.get(name)) for name in TICKED}
    waves = [(_got(fields, f"wave_share_{row}"), _got(fields, f"wave_hours_{row}")) for row in wave_rows(fields)]
    terms["waves"] = [{"share": share, "after_hours": hours or "0"} for share, hours in waves if share or hours]
    texts = {key: variant for key in KEYS if (variant := _variant(fields, key)) or key == "vi"}
    return {**values, "terms": terms, "texts": texts}


def faults(wrong: Iterable[tuple[Place, str]]) -> dict[str, list[str]]:
    """What is wrong by the field beside which it is told."""
    found: dict[str, list[str]] = {}
    for place, what in wrong:
        found.setdefault(_field(place), []).append(what)
    return found


def wave_rows(fields: Mapping[str, str]) -> range:
    """The rows for waves: all that are filled in, and no fewer than a few."""
    filled = sum(name.startswith("wave_share_") for name in fields)
    return range(max(WAVES, min(filled, 100)))


def _variant(fields: Mapping[str, str], key: str) -> dict[str, Any]:
    """A wording; empty when nothing of it was filled in, but for the Vietnamese, which has to be there."""
    text = fields.get(f"text_{key}", "").replace("\r\n", "\n")
    buttons = [
        {"label": label, "link" if target.startswith(_LINK) else "action": target}
        for number in range(BUTTONS)
        if (label := _got(fields, f"label_{key}_{number}")) + (target := _got(fields, f"target_{key}_{number}"))
    ]
    if not text.strip() and not buttons and key != "vi":
        return {}
    return {"text": text if text.strip() else "", "image": _got(fields, f"image_{key}") or None, "buttons": buttons}


def _field(place: Place) -> str:
    match place:
        case ():
            return "text_vi"
        case ("texts", key, "buttons", *_):
            return f"buttons_{key}"
        case ("texts", key, *_):
            return f"text_{key}"
        case ("terms", "waves", *_):
            return "waves"
        case ("terms", name):
            return str(name)
    return str(place[0])


def _got(fields: Mapping[str, str], name: str) -> str:
    return fields.get(name, "").strip()


def _told(value: object) -> str:
    return "" if value is None else str(value)


def _local(moment: str) -> str:
    """A time as browsers take it, as the clock on the wall shows it."""
    if not moment:
        return ""
    local = datetime.fromisoformat(moment).astimezone(VIETNAM).replace(tzinfo=None)
    return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")
