"""The tables."""

from bot.store.models.base import Base, table_of
from bot.store.models.cases import CaseRow, CaseState, FeedbackRow, QuestionRow
from bot.store.models.images import ImageRow, PlatformImageRow
from bot.store.models.messages import InboundRow, OutboxRow, OutboxState
from bot.store.models.people import (
    AccountRow,
    ArrivalRow,
    Consent,
    ConsentEventRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    ReminderRow,
)
from bot.store.models.quotas import QuotaRow
from bot.store.models.tokens import ChannelTokenRow, ConsentRequestRow, TokenState

__all__ = [
    "AccountRow",
    "ArrivalRow",
    "Base",
    "CaseRow",
    "CaseState",
    "ChannelTokenRow",
    "Consent",
    "ConsentEventRow",
    "ConsentRequestRow",
    "ConversationRow",
    "FeedbackRow",
    "IdentityRow",
    "ImageRow",
    "InboundRow",
    "OutboxRow",
    "OutboxState",
    "PersonRow",
    "PlatformImageRow",
    "QuestionRow",
    "QuotaRow",
    "ReminderRow",
    "TokenState",
    "table_of",
]
