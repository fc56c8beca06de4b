"""The tables."""

from bot.store.models.base import Base, table_of
from bot.store.models.campaigns import (
    CampaignEventRow,
    CampaignRow,
    CampaignState,
    QuizRow,
    QuizScoreRow,
    RecipientRow,
    RecipientState,
    SegmentRow,
    WorkerRow,
)
from bot.store.models.cases import CaseRow, CaseState, FeedbackRow, QuestionRow
from bot.store.models.contacts import (
    ConsentRow,
    ContactRow,
    ContactTagRow,
    InsuredRow,
    Relation,
    SchoolRow,
    TopicAskedRow,
)
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
from bot.store.models.staff import StaffRole, StaffRow
from bot.store.models.tokens import ChannelTokenRow, ConsentRequestRow, TokenState

__all__ = [
    "AccountRow",
    "ArrivalRow",
    "Base",
    "CampaignEventRow",
    "CampaignRow",
    "CampaignState",
    "CaseRow",
    "CaseState",
    "ChannelTokenRow",
    "Consent",
    "ConsentEventRow",
    "ConsentRequestRow",
    "ConsentRow",
    "ContactRow",
    "ContactTagRow",
    "ConversationRow",
    "FeedbackRow",
    "IdentityRow",
    "ImageRow",
    "InboundRow",
    "InsuredRow",
    "OutboxRow",
    "OutboxState",
    "PersonRow",
    "PlatformImageRow",
    "QuestionRow",
    "QuizRow",
    "QuizScoreRow",
    "QuotaRow",
    "RecipientRow",
    "RecipientState",
    "Relation",
    "ReminderRow",
    "SchoolRow",
    "SegmentRow",
    "StaffRole",
    "StaffRow",
    "TokenState",
    "TopicAskedRow",
    "WorkerRow",
    "table_of",
]
