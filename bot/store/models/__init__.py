"""The tables."""

from bot.store.models.base import Base, table_of
from bot.store.models.campaigns import (
    CampaignEventRow,
    CampaignRow,
    CampaignState,
    QuizRow,
    QuizScoreRow,
    QuizSeriesRow,
    RecipientRow,
    RecipientState,
    SegmentRow,
    WorkerRow,
)
from bot.store.models.cases import (
    CaseCardRow,
    CaseEventKind,
    CaseEventRow,
    CaseRow,
    CaseState,
    FeedbackRow,
    QuestionRow,
    WebhookRow,
)
from bot.store.models.contacts import (
    ConsentRow,
    ContactRow,
    ContactTagRow,
    InsuredRow,
    Relation,
    SchoolRow,
    TopicAskedRow,
)
from bot.store.models.drafts import DraftState, KnowledgeDraftRow, KnowledgeRevisionRow
from bot.store.models.images import ImageRow, PlatformImageRow
from bot.store.models.messages import InboundRow, OutboxRow, OutboxState
from bot.store.models.people import (
    AccountRow,
    ArrivalRow,
    ConsentEventRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    ReminderRow,
)
from bot.store.models.quotas import QuotaRow
from bot.store.models.staff import AuditRow, StaffRow, StaffSessionRow
from bot.store.models.suppression import SuppressionKeyRow, SuppressionRow
from bot.store.models.tokens import ChannelTokenRow, ConsentRequestRow, TokenState
from bot.store.vocabulary import Consent, StaffRole

__all__ = [
    "AccountRow",
    "ArrivalRow",
    "AuditRow",
    "Base",
    "CampaignEventRow",
    "CampaignRow",
    "CampaignState",
    "CaseCardRow",
    "CaseEventKind",
    "CaseEventRow",
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
    "DraftState",
    "FeedbackRow",
    "IdentityRow",
    "ImageRow",
    "InboundRow",
    "InsuredRow",
    "KnowledgeDraftRow",
    "KnowledgeRevisionRow",
    "OutboxRow",
    "OutboxState",
    "PersonRow",
    "PlatformImageRow",
    "QuestionRow",
    "QuizRow",
    "QuizScoreRow",
    "QuizSeriesRow",
    "QuotaRow",
    "RecipientRow",
    "RecipientState",
    "Relation",
    "ReminderRow",
    "SchoolRow",
    "SegmentRow",
    "StaffRole",
    "StaffRow",
    "StaffSessionRow",
    "SuppressionKeyRow",
    "SuppressionRow",
    "TokenState",
    "TopicAskedRow",
    "WebhookRow",
    "WorkerRow",
    "table_of",
]
