"""A campaign as staff write it: a TOML file, or the values of a form.

code = "kg26"
title = "Khai giảng"
segment = "…"
starts = 2026-09-05T08:00:00

[texts.vi]
text = "Chào {ten|quý phụ huynh}, …"
buttons = [{ label = "Mức đóng", action = "entry:muc-dong-hien-nay" }]
"""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError

from bot.clock import VIETNAM
from bot.outreach.campaign import Campaign, Content, Model, Terms, Variant
from bot.outreach.errors import CampaignError, ManuscriptError
from bot.outreach.messages import say
from handlers.arrival import spoken
from handlers.effects import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _vietnamese(moment: datetime) -> datetime:
    """A time without a zone is meant as the clock on the wall shows it."""
    return moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment.astimezone(VIETNAM)


def _sayable(code: str) -> str:
    if spoken(f"c-{code}") is None:
        raise ValueError(say("bad_code"))
    return code


Moment = Annotated[datetime, AfterValidator(_vietnamese)]

_PLAIN = ("code", "title", "purpose", "segment", "exclude", "priority", "starts", "ends")


class Manuscript(Model):
    """All that is written of a campaign; `segment` and `exclude` are queries."""

    code: Annotated[str, AfterValidator(_sayable)]
    title: str = Field(min_length=1, max_length=120)
    purpose: str = Field(default="", max_length=500)
    topic: Topic = Topic.NEWS
    segment: str = Field(min_length=1)
    exclude: str = ""
    priority: int = Field(default=0, ge=-100, le=100)
    starts: Moment | None = None
    ends: Moment | None = None
    season: str = ""
    terms: Terms = Terms()
    texts: dict[str, Variant]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The manuscript of some values; raises ManuscriptError with everything that has to be mended."""
        try:
            found = cls.model_validate(values)
            found.content()
        except ValidationError as error:
            raise ManuscriptError(list(_faults(error))) from None
        return found

    @classmethod
    def read(cls, text: str) -> Self:
        """The manuscript of a TOML file; raises CampaignError."""
        return cls.of(parsed(text))

    @classmethod
    def copy_of(cls, campaign: Campaign) -> Manuscript:
        """What was written of a campaign that is kept; its code need not be one that can be typed."""
        names = (*_PLAIN, "topic", "terms")
        values = {name: getattr(campaign, name) for name in names}
        return cls.model_construct(**values, season=campaign.content.season, texts=campaign.content.variants)

    def content(self) -> Content:
        """The texts as a campaign holds them; raises ValidationError."""
        return Content(variants=self.texts, season=self.season)

    def columns(self) -> dict[str, Any]:
        """The values as the campaign's row keeps them."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "topic": self.topic.value,
            "content": self.content().model_dump(mode="json", exclude_defaults=True),
            "terms": self.terms.model_dump(mode="json", exclude_defaults=True),
        }

    def toml(self) -> str:
        """As a file that `read` takes, to change and give back."""
        head = self.model_dump(mode="json", exclude={"texts", "terms"}, exclude_defaults=True)
        lines = [f"{name} = {_literal(name, value)}" for name, value in head.items()]
        if terms := self.terms.model_dump(mode="json", exclude_defaults=True):
            lines += ["", "[terms]", *(f"{name} = {_value(value)}" for name, value in terms.items())]
        for key, variant in self.texts.items():
            lines += ["", f"[texts.{key}]", f"text = {_block(variant.text)}"]
            rest = variant.model_dump(mode="json", exclude={"text"}, exclude_defaults=True)
            lines += [f"{name} = {_value(value)}" for name, value in rest.items()]
        return "\n".join(lines) + "\n"


def parsed(text: str) -> dict[str, Any]:
    """The values of a TOML file; raises CampaignError naming the line that is wrong."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CampaignError(say("bad_toml", error=error)) from None


def _faults(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for wrong in error.errors(include_url=False, include_input=False):
        key = f"pydantic_{wrong['type']}"
        what = say(key, **wrong.get("ctx", {})) if key in KNOWN else wrong["msg"].removeprefix("Value error, ")
        yield wrong["loc"], what


KNOWN = frozenset(
    f"pydantic_{kind}"
    for kind in (
        "missing", "extra_forbidden", "string_too_long", "string_too_short", "too_long", "string_pattern_mismatch",
        "greater_than_equal", "less_than_equal", "enum", "int_parsing", "datetime_from_date_parsing",
    )
)  # fmt: skip
"""Mistakes that are told in our words; all others in those of the library."""


def _literal(name: str, value: object) -> str:
    return str(value) if name in {"starts", "ends"} else _value(value)


def _value(value: object) -> str:
    """A value as TOML in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _block(text: str) -> str:
    """A text over several lines, as staff want to edit it."""
    if "'''" in text or "\r" in text or text.startswith("\n") or not text.replace("\n", "").isprintable():
        return _value(text)
    return f"'''\n{text}'''"
