"""The first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Document, Id, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_entry_day"), "feedback", ["entry", "day"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("subscribed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "question_log",
        sa.Column("id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_log")),
    )
    op.create_index(op.f("ix_question_log_day"), "question_log", ["day"], unique=False)
    op.create_index(op.f("ix_question_log_decision_day"), "question_log", ["decision", "day"], unique=False)
    op.create_table(
        "consent_event",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("happened", Instant(), nullable=False),
        sa.CheckConstraint("consent IN ('given', 'withdrawn')", name=op.f("ck_consent_event_consent")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_event_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    op.create_index(op.f("ix_consent_event_person_id"), "consent_event", ["person_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_identity_account_account")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("account", "sender", name=op.f("uq_identity_account_sender")),
    )
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("person_id", "due", "entry", name=op.f("uq_reminder_person_id_due_entry")),
    )
    op.create_index(op.f("ix_reminder_state_due"), "reminder", ["state", "due"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", Id, nullable=False),
        sa.Column("identity_id", Id, nullable=True),
        sa.Column("memory", Document, nullable=False),
        sa.Column("memory_version", sa.Integer(), nullable=False),
        sa.Column("updated", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_conversation_identity_id_identity"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("identity_id", name=op.f("uq_conversation_identity_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_conversation_updated"), "conversation", ["updated"], unique=False)
    op.create_table(
        "inbound",
        sa.Column("id", Id, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("message_key", sa.String(), nullable=False),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_inbound_account_account")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_inbound_conversation_id_conversation"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("account", "message_key", name=op.f("uq_inbound_account_message_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inbound_conversation_id_id"), "inbound", ["conversation_id", "id"], unique=False)
    op.create_index(op.f("ix_inbound_received"), "inbound", ["received"], unique=False)
    op.create_table(
        "support_case",
        sa.Column("id", Id, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened", Instant(), nullable=False),
        sa.Column("updated", Instant(), nullable=False),
        sa.Column("closed", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_support_case_state")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_support_case_conversation_id_conversation"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case")),
        sa.UniqueConstraint("number", name=op.f("uq_support_case_number")),
    )
    op.create_index(op.f("ix_support_case_conversation_id"), "support_case", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_support_case_state_opened"), "support_case", ["state", "opened"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("inbound_id", Id, nullable=True),
        sa.Column("reply", Document, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("sent", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'sent', 'failed', 'unknown')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_outbox_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_outbox_inbound_id_inbound"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_conversation_id_id"), "outbox", ["conversation_id", "id"], unique=False)
    op.create_index(op.f("ix_outbox_created"), "outbox", ["created"], unique=False)
    op.create_index(op.f("ix_outbox_inbound_id"), "outbox", ["inbound_id"], unique=False)
    op.create_index(op.f("ix_outbox_state_id"), "outbox", ["state", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_state_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_inbound_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_created"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_conversation_id_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_support_case_state_opened"), table_name="support_case")
    op.drop_index(op.f("ix_support_case_conversation_id"), table_name="support_case")
    op.drop_table("support_case")
    op.drop_index(op.f("ix_inbound_received"), table_name="inbound")
    op.drop_index(op.f("ix_inbound_conversation_id_id"), table_name="inbound")
    op.drop_table("inbound")
    op.drop_index(op.f("ix_conversation_updated"), table_name="conversation")
    op.drop_table("conversation")
    op.drop_index(op.f("ix_reminder_state_due"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index(op.f("ix_identity_person_id"), table_name="identity")
    op.drop_table("identity")
    op.drop_index(op.f("ix_consent_event_person_id"), table_name="consent_event")
    op.drop_table("consent_event")
    op.drop_index(op.f("ix_question_log_decision_day"), table_name="question_log")
    op.drop_index(op.f("ix_question_log_day"), table_name="question_log")
    op.drop_table("question_log")
    op.drop_table("person")
    op.drop_index(op.f("ix_feedback_entry_day"), table_name="feedback")
    op.drop_table("feedback")
    op.drop_table("account")
