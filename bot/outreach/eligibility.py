"""Who gets a message of a campaign now, and why somebody does not. All rules stand here.

They are one SQL expression over `person`, used for the preview, for planning and, for a few people at a time, right
before sending. The first reason in the order of `Eligibility._reason` counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Integer, String, and_, bindparam, case, exists, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from bot.channels.accounts import provinces
from bot.channels.zalo.rules import Rules
from bot.delivery.errors import Unreachable
from bot.outreach.consents import may_receive
from bot.store.models import (
    Consent,
    ConsentRow,
    ContactRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    RecipientRow,
    RecipientState,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from bot.config import Settings
    from bot.outreach.campaign import Campaign, Terms
    from bot.store.session import Session

_ZALO = "zalo:"
_WINDOW = Unreachable.WINDOW_CLOSED.value


class SkipReason(StrEnum):
    """Why somebody does not get a message, for good or for now."""

    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    NO_ACCOUNT = "no_account"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    CAPPED = "capped"
    WINDOW_CLOSED = "window_closed"
    WINDOW_PAID = "window_paid"
    QUIET_HOURS = "quiet_hours"
    CAMPAIGN_ENDED = "campaign_ended"
    ERASED = "erased"
    WAITED_OUT = "waited_out"


# Of the tables here only `person` goes by its own name: the condition of an audience may ask all others by theirs.
_contact, _identity, _thread = aliased(ContactRow), aliased(IdentityRow), aliased(ConversationRow)
_TAKEN = tuple(state.value for state in RecipientState if state not in {RecipientState.SKIPPED, RecipientState.FAILED})


@dataclass(frozen=True)
class Standing:
    """One person as the rules see them: where to write to, and why not (None: nothing speaks against it)."""

    person: int
    account: str | None
    address: str | None
    last_interaction: datetime | None
    language: str
    province: str | None
    reason: SkipReason | None

    @classmethod
    def of(cls, row: Row[*tuple[Any, ...]]) -> Self:
        reason = SkipReason(row.reason) if row.reason is not None else None
        return cls(row.person, row.account, row.address, row.last_interaction, row.language, row.province, reason)


def decided(reason: SkipReason | None, terms: Terms) -> RecipientState:
    """What becomes of somebody for whom this reason holds: planned, waiting until they write, or skipped."""
    if reason is None or (reason is SkipReason.WINDOW_PAID and terms.pays):
        return RecipientState.PLANNED
    if reason in {SkipReason.WINDOW_CLOSED, SkipReason.WINDOW_PAID} and terms.waits:
        return RecipientState.WAITING
    return RecipientState.SKIPPED


@dataclass(frozen=True)
class Eligibility:
    """The rules of one campaign at one moment. `accounts` are those of ours that may be sent through."""

    campaign: Campaign
    accounts: tuple[str, ...]
    now: datetime
    free: timedelta
    paid: timedelta
    cap_messages: int
    cap_days: int

    @classmethod
    def of(cls, campaign: Campaign, settings: Settings, now: datetime) -> Self:
        """With the accounts, windows and caps that hold now."""
        window, terms, defaults = Rules.load().on(now.date()).window, campaign.terms, settings.outreach
        return cls(
            campaign,
            tuple(sorted(provinces(settings))),
            now,
            window.free,
            window.paid,
            terms.cap_messages or defaults.cap_messages,
            terms.cap_days or defaults.cap_days,
        )

    def candidates(self, audience: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        """Everybody for whom `audience`, a condition over `person.id`, holds: a row for `Standing.of` each."""
        return self._standings(self._same_phone(audience)).where(audience)

    def checking(self, account: str) -> Select[*tuple[Any, ...]]:
        """How recipients of the campaign stand right before sending through an account, to be asked with `ask`.

        Making the query takes longer than asking it. Quiet hours and the end of the campaign are `Schedule`'s.
        """
        rules = Eligibility(self.campaign, (account,), self.now, self.free, self.paid, self.cap_messages, self.cap_days)
        people = bindparam("people", type_=Integer, expanding=True)
        return rules._standings(rules._already_taken()).where(PersonRow.id.in_(people))

    def _standings(self, duplicate: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        return (
            select(
                PersonRow.id.label("person"),
                _identity.account.label("account"),
                _identity.sender.label("address"),
                _thread.last_interaction.label("last_interaction"),
                func.coalesce(_contact.language, "vi").label("language"),
                _contact.province.label("province"),
                self._reason(duplicate).label("reason"),
            )
            .select_from(PersonRow)
            .outerjoin(_contact, _contact.person_id == PersonRow.id)
            .outerjoin(_identity, _identity.id == self._best_identity())
            .outerjoin(_thread, _thread.identity_id == _identity.id)
        )

    def _reason(self, duplicate: ColumnElement[bool]) -> ColumnElement[str | None]:
        topic = self.campaign.topic
        refused = exists().where(
            ConsentRow.person_id == PersonRow.id,
            ConsentRow.topic == topic.value,
            ConsentRow.consent == Consent.WITHDRAWN.value,
        )
        window = self._window(_identity, _thread)
        return case(
            (refused, SkipReason.OPTED_OUT.value),
            (~may_receive(topic), SkipReason.NO_CONSENT.value),
            (_identity.id.is_(None), SkipReason.NO_ACCOUNT.value),
            (_blocked(_identity), SkipReason.UNREACHABLE.value),
            (duplicate, SkipReason.DUPLICATE.value),
            (self._capped(), SkipReason.CAPPED.value),
            (window == 2, SkipReason.WINDOW_CLOSED.value),
            (window == 1, SkipReason.WINDOW_PAID.value),
            else_=null().cast(String),
        )

    def _usable(self, identity: type[IdentityRow]) -> ColumnElement[bool]:
        """An address of one person on our accounts: groups and visitors of a website have a colon in theirs."""
        return and_(identity.account.in_(self.accounts), identity.sender.not_like("%:%"))

    def _best_identity(self) -> Any:
        """Reachable before blocked, free before paid before closed, then where they wrote last."""
        identity, conversation = aliased(IdentityRow), aliased(ConversationRow)
        return (
            select(identity.id)
            .select_from(identity)
            .outerjoin(conversation, conversation.identity_id == identity.id)
            .where(identity.person_id == PersonRow.id, self._usable(identity))
            .order_by(
                case((_blocked(identity), 1), else_=0),
                self._window(identity, conversation),
                conversation.last_interaction.desc().nulls_last(),
                identity.id,
            )
            .limit(1)
            .correlate(PersonRow)
            .scalar_subquery()
        )

    def _window(self, identity: type[IdentityRow], conversation: type[ConversationRow]) -> ColumnElement[int]:
        """0 free, 1 paid, 2 closed. Only Zalo counts the time since somebody's last interaction."""
        last = conversation.last_interaction
        return case(
            (~identity.account.startswith(_ZALO, autoescape=True), 0),
            (last >= self.now - self.free, 0),
            (last >= self.now - self.paid, 1),
            else_=literal(2, Integer),
        )

    def _rank(self, person: Any, within: Any) -> ColumnElement[int]:
        """The best window in which somebody can be reached; null for nobody that can be."""
        identity, conversation = aliased(IdentityRow), aliased(ConversationRow)
        return (
            select(func.min(self._window(identity, conversation)))
            .select_from(identity)
            .outerjoin(conversation, conversation.identity_id == identity.id)
            .where(identity.person_id == person, self._usable(identity), ~_blocked(identity))
            .correlate(within)
            .scalar_subquery()
        )

    def _capped(self) -> ColumnElement[bool]:
        since = self.now - timedelta(days=self.cap_days)
        sent = (
            select(func.count())
            .select_from(RecipientRow)
            .where(RecipientRow.person_id == PersonRow.id, RecipientRow.sent > since)
            .correlate(PersonRow)
            .scalar_subquery()
        )
        return sent >= self.cap_messages

    def _same_phone(self, audience: ColumnElement[bool]) -> ColumnElement[bool]:
        """Somebody else in the audience has the same phone, agreed, and is easier to reach or was there first."""
        other = aliased(ContactRow)
        theirs, mine = self._rank(other.person_id, other), self._rank(PersonRow.id, PersonRow)
        # Not `exists`: PostgreSQL would join, and until it knows how many rows there are, read everybody for each one.
        in_audience = (
            select(literal(1))
            .select_from(PersonRow)
            .where(PersonRow.id == other.person_id, audience, may_receive(self.campaign.topic))
            .correlate(other)
            .scalar_subquery()
            .is_not(None)
        )
        return (
            select(literal(1))
            .select_from(other)
            .where(
                other.phone == _contact.phone,
                other.person_id != PersonRow.id,
                in_audience,
                or_(theirs < mine, and_(theirs == mine, other.person_id < PersonRow.id)),
            )
            .correlate(PersonRow, _contact)
            .exists()
        )

    def _already_taken(self) -> ColumnElement[bool]:
        """In the ledger of the campaign somebody with the same phone got it, or comes first."""
        other, theirs = aliased(ContactRow), aliased(RecipientRow)
        sooner = or_(
            theirs.state.in_((RecipientState.SENT.value, RecipientState.UNKNOWN.value)),
            and_(theirs.state.in_(_TAKEN), theirs.person_id < PersonRow.id),
        )
        return (
            select(literal(1))
            .select_from(other)
            .join(theirs, theirs.person_id == other.person_id)
            .where(
                other.phone == _contact.phone,
                other.person_id != PersonRow.id,
                theirs.campaign_id == self.campaign.id,
                sooner,
            )
            .correlate(PersonRow, _contact)
            .exists()
        )


async def ask(session: Session, query: Select[*tuple[Any, ...]], people: Sequence[int]) -> dict[int, Standing]:
    """How these people stand by a query of `Eligibility.checking`."""
    return {row.person: Standing.of(row) for row in await session.execute(query, {"people": list(people)})}


def _blocked(identity: type[IdentityRow]) -> ColumnElement[bool]:
    """Nothing can be sent there. A closed window is judged by its time instead."""
    blocked: ColumnElement[bool] = func.coalesce(identity.unreachable, _WINDOW) != _WINDOW
    return blocked
