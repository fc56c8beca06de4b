"""The tables."""

from bot.store.models.base import Base, table_of
from bot.store.models.cases import CaseRow, CaseState, FeedbackRow, QuestionRow
from bot.store.models.messages import InboundRow, OutboxRow, OutboxState
from bot.store.models.people import (
    AccountRow,
    Consent,
    ConsentEventRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    ReminderRow,
)

__all__ = [
    "AccountRow",
    "Base",
    "CaseRow",
    "CaseState",
    "Consent",
    "ConsentEventRow",
    "ConversationRow",
    "FeedbackRow",
    "IdentityRow",
    "InboundRow",
    "OutboxRow",
    "OutboxState",
    "PersonRow",
    "QuestionRow",
    "ReminderRow",
    "table_of",
]
