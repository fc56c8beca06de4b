"""A campaign as a value: what is said, on which terms, to whom, when. Nothing here touches the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.channels.inbound import Channel
from bot.outreach.messages import say
from bot.store.models import CampaignState
from handlers.effects import Topic
from handlers.texts import LANGUAGES

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.models import CampaignRow

CHANNELS = (Channel.TELEGRAM, Channel.ZALO)
"""The platforms on which we may write first."""
BUTTONS = 3
LABEL = 60
ACTION = 64
_KEY = re.compile(rf"(?P<language>{'|'.join(LANGUAGES)})(?:-(?:{'|'.join(CHANNELS)}))?")

Share = Annotated[int, Field(ge=1, le=100)]
Hour = Annotated[int, Field(ge=0, le=23)]


class Model(BaseModel):
    """Immutable; an unknown field is a mistake of whoever typed it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Model):
    """A button: what it says, and the action that pressing it sends or the page that it opens."""

    label: str = Field(min_length=1, max_length=LABEL)
    action: str = Field(default="", max_length=ACTION, pattern=r"^[!-~]*$")
    link: str = Field(default="", pattern=r"^(https://[!-~]+)?$")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.action) == bool(self.link):
            raise ValueError(say("action_or_link"))
        return self


class Variant(Model):
    """One wording: text in light markup with {placeholders}, the hash of an image, buttons."""

    text: str = Field(min_length=1)
    image: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    buttons: tuple[Choice, ...] = Field(default=(), max_length=BUTTONS)


class Content(Model):
    """The wordings by key: a language ("vi", "en"), or a language on one channel ("vi-zalo"). "vi" is always there.

    `season` is the school year of a letter whose slogans are used, when that is not the present one.
    """

    variants: dict[str, Variant]
    season: str = Field(default="", pattern=r"^(\d{4}-\d{4})?$")

    @model_validator(mode="after")
    def _known_keys(self) -> Self:
        if wrong := sorted(key for key in self.variants if not _KEY.fullmatch(key)):
            raise ValueError(say("no_such_wording", keys=", ".join(wrong)))
        if "vi" not in self.variants:
            raise ValueError(say("no_vietnamese"))
        return self

    def key_for(self, language: str, channel: str) -> str:
        """The wording for somebody: their language on this channel, their language, Vietnamese."""
        keys = (f"{language}-{channel}", language, f"vi-{channel}")
        return next((key for key in keys if key in self.variants), "vi")


class Wave(Model):
    """Part of the recipients, in hundredths, that is written to no earlier than so many hours after the start."""

    share: Share
    after_hours: int = Field(ge=0, le=24 * 60)


class Repeats(StrEnum):
    """When the texts of a campaign are sent, again and again, in campaigns of their own (`bot.outreach.reminders`).

    Before each card's end, before the campaign's own end, once when that has come, or when a round of the quiz opens.
    """

    CARD_END = "card_end"
    DEADLINE = "deadline"
    SEASON_END = "season_end"
    QUIZ_ROUND = "quiz_round"


class Terms(Model):
    """How a campaign may go out. What is None is taken from the settings.

    `waves` together make 100; none means all at once. `pays`: also people who can only be reached by a paid message.
    `waits`: people who cannot be written to now get it when they write next, instead of never. One that `repeats` is a
    standing template: approved once, it is not sent itself.
    """

    waves: tuple[Wave, ...] = ()
    quiet_from: Hour | None = None
    quiet_to: Hour | None = None
    cap_messages: int | None = Field(default=None, ge=1, le=100)
    cap_days: int | None = Field(default=None, ge=1, le=365)
    pays: bool = False
    waits: bool = True
    repeats: Repeats | None = None

    @model_validator(mode="after")
    def _waves_fit(self) -> Self:
        if self.waves and sum(wave.share for wave in self.waves) != 100:
            raise ValueError(say("shares"))
        if list(self.waves) != sorted(self.waves, key=lambda wave: wave.after_hours):
            raise ValueError(say("wave_order"))
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError(say("both", first="quiet_from", second="quiet_to"))
        if (self.cap_messages is None) != (self.cap_days is None):
            raise ValueError(say("both", first="cap_messages", second="cap_days"))
        return self


@dataclass(frozen=True)
class Campaign:
    """A campaign as it is kept. `code` stands in its links; `segment` and `exclude` are queries; moments are aware."""

    id: int
    code: str
    title: str
    purpose: str
    topic: Topic
    content: Content
    terms: Terms
    segment: str
    exclude: str
    priority: int
    starts: datetime | None
    ends: datetime | None
    state: CampaignState
    reason: str | None
    revision: int
    created_by: int | None
    approved_by: int | None
    approved_hash: str | None
    approved_count: int | None

    @classmethod
    def of(cls, row: CampaignRow) -> Self:
        """The campaign of a row; raises ValueError when its documents are not ours."""
        return cls(
            id=row.id,
            code=row.code,
            title=row.title,
            purpose=row.purpose,
            topic=Topic(row.topic),
            content=Content.model_validate(row.content),
            terms=Terms.model_validate(row.terms),
            segment=row.segment,
            exclude=row.exclude,
            priority=row.priority,
            starts=row.starts,
            ends=row.ends,
            state=CampaignState(row.state),
            reason=row.reason,
            revision=row.revision,
            created_by=row.created_by,
            approved_by=row.approved_by,
            approved_hash=row.approved_hash,
            approved_count=row.approved_count,
        )

    @property
    def attribution(self) -> str:
        """The code in its links, as `handlers.arrival` reads it."""
        return f"c-{self.code}"
