"""Cases in human hands, the staff console, drafts of the knowledge base"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Document, Id, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATES = "state IN ('new', 'open', 'waiting', 'resolved', 'reopened')"
_CASE_COLUMNS = (
    "satisfaction",
    "merged_into",
    "waiting_told",
    "resolved",
    "first_response",
    "owner_id",
    "channel",
    "province",
    "role",
    "question",
)


def upgrade() -> None:
    _upgrade_cases()
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("staff_id", Id, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("detail", Document, nullable=False),
        sa.Column("happened", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_staff_id_staff"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_happened"), "audit", ["happened"])
    op.create_index(op.f("ix_audit_object_happened"), "audit", ["object", "happened"])
    op.create_index(op.f("ix_audit_staff_id"), "audit", ["staff_id"])
    op.create_table(
        "knowledge_draft",
        sa.Column("id", Id, nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("question", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("approved_by", Id, nullable=True),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("updated", Instant(), nullable=False),
        sa.Column("went_live", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'live', 'rejected', 'rolled_back')", name=op.f("ck_knowledge_draft_state")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["staff.id"], name=op.f("fk_knowledge_draft_approved_by_staff"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["staff.id"], name=op.f("fk_knowledge_draft_created_by_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_draft")),
    )
    op.create_index(op.f("ix_knowledge_draft_entry_state"), "knowledge_draft", ["entry", "state"])
    op.create_index(op.f("ix_knowledge_draft_went_live"), "knowledge_draft", ["went_live"])
    op.create_table(
        "staff_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("staff_id", Id, nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("seen", Instant(), nullable=False),
        sa.Column("expires", Instant(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"])
    op.create_table(
        "knowledge_revision",
        sa.Column("id", Id, nullable=False),
        sa.Column("draft_id", Id, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("staff_id", Id, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("happened", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["knowledge_draft.id"],
            name=op.f("fk_knowledge_revision_draft_id_knowledge_draft"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_knowledge_revision_staff_id_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_revision")),
    )
    op.create_index(op.f("ix_knowledge_revision_draft_id"), "knowledge_revision", ["draft_id"])
    op.create_table(
        "case_event",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("staff_id", Id, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("outbox_id", Id, nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("happened", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_case_event_case_id_support_case"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_case_event_staff_id_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("source", name=op.f("uq_case_event_source")),
    )
    op.create_index(op.f("ix_case_event_case_id"), "case_event", ["case_id"])
    op.create_table(
        "case_card",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_case_card_case_id_support_case"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name=op.f("fk_case_card_event_id_case_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_card")),
        sa.UniqueConstraint("chat", "message", name=op.f("uq_case_card_chat_message")),
        sa.UniqueConstraint("chat", "event_id", name=op.f("uq_case_card_chat_event_id")),
    )
    op.create_index(op.f("ix_case_card_case_id"), "case_card", ["case_id"])
    op.create_index(op.f("ix_case_card_event_id"), "case_card", ["event_id"])
    op.create_table(
        "webhook",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("payload", Document, nullable=False),
        sa.Column("state", sa.String(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due", Instant(), nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'sent', 'failed')", name=op.f("ck_webhook_state")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_webhook_case_id_support_case"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_case_id"), "webhook", ["case_id"])
    op.create_index(op.f("ix_webhook_state_due"), "webhook", ["state", "due"])
    op.add_column("conversation", sa.Column("held_by", Id, nullable=True))
    op.add_column("staff", sa.Column("name", sa.String(), server_default="", nullable=False))
    op.add_column("staff", sa.Column("language", sa.String(), server_default="vi", nullable=False))
    op.add_column("staff", sa.Column("password", sa.String(), nullable=True))
    op.add_column("staff", sa.Column("totp", sa.LargeBinary(), nullable=True))
    op.add_column("staff", sa.Column("totp_step", sa.Integer(), nullable=True))
    op.add_column("staff", sa.Column("invitation", sa.String(), nullable=True))
    op.add_column("staff", sa.Column("invited_until", Instant(), nullable=True))
    op.add_column("staff", sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
    op.add_column("staff", sa.Column("locked_until", Instant(), nullable=True))
    op.add_column("staff", sa.Column("telegram", sa.String(), nullable=True))
    op.create_index(op.f("ix_staff_invitation"), "staff", ["invitation"], unique=True)
    op.create_index(op.f("ix_staff_telegram"), "staff", ["telegram"], unique=True)


def _upgrade_cases() -> None:
    with op.batch_alter_table("support_case") as batch:
        batch.drop_constraint(op.f("ck_support_case_state"), type_="check")
        batch.add_column(sa.Column("question", sa.String(), server_default="", nullable=False))
        batch.add_column(sa.Column("role", sa.String(), nullable=True))
        batch.add_column(sa.Column("province", sa.String(), nullable=True))
        batch.add_column(sa.Column("channel", sa.String(), nullable=True))
        batch.add_column(sa.Column("owner_id", Id, nullable=True))
        batch.add_column(sa.Column("first_response", Instant(), nullable=True))
        batch.add_column(sa.Column("resolved", Instant(), nullable=True))
        batch.add_column(sa.Column("waiting_told", Instant(), nullable=True))
        batch.add_column(sa.Column("merged_into", Id, nullable=True))
        batch.add_column(sa.Column("satisfaction", sa.Integer(), nullable=True))
    op.execute("UPDATE support_case SET resolved = closed, state = 'resolved' WHERE state = 'closed'")
    op.execute("UPDATE support_case SET state = 'new' WHERE state = 'open'")
    with op.batch_alter_table("support_case") as batch:
        batch.drop_column("closed")
        batch.create_check_constraint(op.f("ck_support_case_state"), _STATES)
        batch.create_check_constraint(op.f("ck_support_case_satisfaction"), "satisfaction BETWEEN 1 AND 5")
        batch.create_foreign_key(
            op.f("fk_support_case_owner_id_staff"), "staff", ["owner_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key(
            op.f("fk_support_case_merged_into_support_case"),
            "support_case",
            ["merged_into"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_support_case_owner_id_state"), ["owner_id", "state"])
        batch.create_index(op.f("ix_support_case_province"), ["province"])


def downgrade() -> None:
    op.drop_index(op.f("ix_staff_telegram"), table_name="staff")
    op.drop_index(op.f("ix_staff_invitation"), table_name="staff")
    op.drop_column("staff", "telegram")
    op.drop_column("staff", "locked_until")
    op.drop_column("staff", "failures")
    op.drop_column("staff", "invited_until")
    op.drop_column("staff", "invitation")
    op.drop_column("staff", "totp_step")
    op.drop_column("staff", "totp")
    op.drop_column("staff", "password")
    op.drop_column("staff", "language")
    op.drop_column("staff", "name")
    op.drop_column("conversation", "held_by")
    op.drop_index(op.f("ix_webhook_state_due"), table_name="webhook")
    op.drop_index(op.f("ix_webhook_case_id"), table_name="webhook")
    op.drop_table("webhook")
    op.drop_index(op.f("ix_case_card_event_id"), table_name="case_card")
    op.drop_index(op.f("ix_case_card_case_id"), table_name="case_card")
    op.drop_table("case_card")
    op.drop_index(op.f("ix_case_event_case_id"), table_name="case_event")
    op.drop_table("case_event")
    op.drop_index(op.f("ix_knowledge_revision_draft_id"), table_name="knowledge_revision")
    op.drop_table("knowledge_revision")
    op.drop_index(op.f("ix_staff_session_staff_id"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_index(op.f("ix_knowledge_draft_went_live"), table_name="knowledge_draft")
    op.drop_index(op.f("ix_knowledge_draft_entry_state"), table_name="knowledge_draft")
    op.drop_table("knowledge_draft")
    op.drop_index(op.f("ix_audit_staff_id"), table_name="audit")
    op.drop_index(op.f("ix_audit_object_happened"), table_name="audit")
    op.drop_index(op.f("ix_audit_happened"), table_name="audit")
    op.drop_table("audit")
    with op.batch_alter_table("support_case") as batch:
        batch.add_column(sa.Column("closed", Instant(), nullable=True))
        batch.drop_constraint(op.f("ck_support_case_state"), type_="check")
        batch.drop_constraint(op.f("ck_support_case_satisfaction"), type_="check")
        batch.drop_constraint(op.f("fk_support_case_merged_into_support_case"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_support_case_owner_id_staff"), type_="foreignkey")
        batch.drop_index(op.f("ix_support_case_owner_id_state"))
        batch.drop_index(op.f("ix_support_case_province"))
    op.execute("UPDATE support_case SET closed = resolved, state = 'closed' WHERE state = 'resolved'")
    op.execute("UPDATE support_case SET state = 'open' WHERE state <> 'closed'")
    with op.batch_alter_table("support_case") as batch:
        for column in _CASE_COLUMNS:
            batch.drop_column(column)
        batch.create_check_constraint(op.f("ck_support_case_state"), "state IN ('open', 'closed')")
