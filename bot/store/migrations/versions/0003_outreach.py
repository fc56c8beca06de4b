"""Contacts, consent per topic, campaigns and their ledger"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Document, Id, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("questions", Document, nullable=False),
        sa.Column("opens", Instant(), nullable=False),
        sa.Column("closes", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz")),
        sa.UniqueConstraint("code", name=op.f("uq_quiz_code")),
    )
    op.create_table(
        "school",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("code", name=op.f("uq_school_code")),
    )
    op.create_index(op.f("ix_school_province"), "school", ["province"])
    op.create_table(
        "segment",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("updated", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("name", name=op.f("uq_segment_name")),
    )
    op.create_table(
        "staff",
        sa.Column("id", Id, nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("disabled", Instant(), nullable=True),
        sa.CheckConstraint("role IN ('agent', 'editor', 'approver', 'admin')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("started", Instant(), nullable=False),
        sa.Column("seen", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), server_default="", nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.Column("terms", Document, server_default="{}", nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("exclude", sa.String(), server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("starts", Instant(), nullable=True),
        sa.Column("ends", Instant(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("approved_by", Id, nullable=True),
        sa.Column("approved_hash", sa.String(), nullable=True),
        sa.Column("approved_count", sa.Integer(), nullable=True),
        sa.Column("approved", Instant(), nullable=True),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("updated", Instant(), nullable=False),
        sa.Column("started", Instant(), nullable=True),
        sa.Column("finished", Instant(), nullable=True),
        sa.Column("attributed", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'planning', 'running', 'paused', 'finished', 'cancelled')",
            name=op.f("ck_campaign_state"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["staff.id"], name=op.f("fk_campaign_approved_by_staff"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["staff.id"], name=op.f("fk_campaign_created_by_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
    )
    op.create_index(op.f("ix_campaign_state_starts"), "campaign", ["state", "starts"])
    op.create_table(
        "consent",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.CheckConstraint("consent IN ('given', 'withdrawn')", name=op.f("ck_consent_consent")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_consent")),
    )
    op.create_table(
        "contact",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("language", sa.String(), server_default="vi", nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("last_seen", Instant(), nullable=True),
        sa.Column("read_up_to", Instant(), nullable=True),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("updated", Instant(), nullable=False),
        sa.CheckConstraint("role IN ('student', 'parent', 'teacher')", name=op.f("ck_contact_role")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
        sa.UniqueConstraint("external_id", name=op.f("uq_contact_external_id")),
    )
    op.create_index(op.f("ix_contact_last_seen"), "contact", ["last_seen"])
    op.create_index(op.f("ix_contact_phone"), "contact", ["phone"])
    op.create_index(op.f("ix_contact_province_role"), "contact", ["province", "role"])
    op.create_index(op.f("ix_contact_read_up_to"), "contact", ["read_up_to"])
    op.create_index(op.f("ix_contact_source"), "contact", ["source"])
    op.create_table(
        "contact_tag",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_tag_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "tag", name=op.f("pk_contact_tag")),
    )
    op.create_index(op.f("ix_contact_tag_tag"), "contact_tag", ["tag"])
    op.create_table(
        "insured",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("school_id", Id, nullable=True),
        sa.Column("card_end", sa.Date(), nullable=True),
        sa.Column("listed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("relation IN ('self', 'child')", name=op.f("ck_insured_relation")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_insured_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_insured_school_id_school"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insured")),
        sa.UniqueConstraint("person_id", "position", name=op.f("uq_insured_person_id_position")),
    )
    op.create_index(op.f("ix_insured_card_end"), "insured", ["card_end"])
    op.create_index(op.f("ix_insured_school_id"), "insured", ["school_id"])
    op.create_table(
        "quiz_score",
        sa.Column("id", Id, nullable=False),
        sa.Column("quiz_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("finished", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_quiz_score_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_score_quiz_id_quiz"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_score")),
        sa.UniqueConstraint("quiz_id", "person_id", name=op.f("uq_quiz_score_quiz_id_person_id")),
    )
    op.create_table(
        "topic_asked",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_topic_asked_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_topic_asked")),
    )
    op.create_table(
        "campaign_event",
        sa.Column("id", Id, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("staff_id", Id, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("detail", Document, nullable=False),
        sa.Column("happened", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_event_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_campaign_event_staff_id_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_event")),
    )
    op.create_index(op.f("ix_campaign_event_campaign_id"), "campaign_event", ["campaign_id"])
    op.create_table(
        "recipient",
        sa.Column("id", Id, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("params", Document, nullable=False),
        sa.Column("wave", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("parts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due", Instant(), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("sent", Instant(), nullable=True),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("school_id", Id, nullable=True),
        sa.Column("replied", Instant(), nullable=True),
        sa.Column("tapped", Instant(), nullable=True),
        sa.Column("opted_out", Instant(), nullable=True),
        sa.Column("updated", Instant(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'waiting', 'sending', 'sent', 'failed', 'skipped', 'unknown')",
            name=op.f("ck_recipient_state"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_recipient_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recipient_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_recipient_school_id_school"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("campaign_id", "person_id", name=op.f("uq_recipient_campaign_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_recipient_campaign_id_account_state_wave_id"),
        "recipient",
        ["campaign_id", "account", "state", "wave", "id"],
    )
    op.create_index(op.f("ix_recipient_person_id_sent"), "recipient", ["person_id", "sent"])
    op.create_index(op.f("ix_recipient_state_worker"), "recipient", ["state", "worker"])
    op.add_column("consent_event", sa.Column("topic", sa.String(), nullable=True))
    op.add_column("consent_event", sa.Column("version", sa.String(), nullable=True))
    op.add_column("consent_event", sa.Column("how", sa.String(), server_default="chat", nullable=False))
    op.add_column("consent_event", sa.Column("inbound_id", Id, nullable=True))
    op.execute(
        "INSERT INTO consent (person_id, topic, consent, since) "
        "SELECT id, topic, CASE WHEN subscribed THEN 'given' ELSE 'withdrawn' END, created "
        "FROM person CROSS JOIN "
        "(SELECT 'news' AS topic UNION ALL SELECT 'reminders' UNION ALL SELECT 'quiz') AS topics "
        "WHERE subscribed IS NOT NULL"
    )
    op.drop_column("person", "subscribed")


def downgrade() -> None:
    op.add_column("person", sa.Column("subscribed", sa.Boolean(), nullable=True))
    op.drop_column("consent_event", "inbound_id")
    op.drop_column("consent_event", "how")
    op.drop_column("consent_event", "version")
    op.drop_column("consent_event", "topic")
    op.drop_index(op.f("ix_recipient_state_worker"), table_name="recipient")
    op.drop_index(op.f("ix_recipient_person_id_sent"), table_name="recipient")
    op.drop_index(op.f("ix_recipient_campaign_id_account_state_wave_id"), table_name="recipient")
    op.drop_table("recipient")
    op.drop_index(op.f("ix_campaign_event_campaign_id"), table_name="campaign_event")
    op.drop_table("campaign_event")
    op.drop_table("topic_asked")
    op.drop_table("quiz_score")
    op.drop_index(op.f("ix_insured_school_id"), table_name="insured")
    op.drop_index(op.f("ix_insured_card_end"), table_name="insured")
    op.drop_table("insured")
    op.drop_index(op.f("ix_contact_tag_tag"), table_name="contact_tag")
    op.drop_table("contact_tag")
    op.drop_index(op.f("ix_contact_source"), table_name="contact")
    op.drop_index(op.f("ix_contact_read_up_to"), table_name="contact")
    op.drop_index(op.f("ix_contact_province_role"), table_name="contact")
    op.drop_index(op.f("ix_contact_phone"), table_name="contact")
    op.drop_index(op.f("ix_contact_last_seen"), table_name="contact")
    op.drop_table("contact")
    op.drop_table("consent")
    op.drop_index(op.f("ix_campaign_state_starts"), table_name="campaign")
    op.drop_table("campaign")
    op.drop_table("worker")
    op.drop_table("staff")
    op.drop_table("segment")
    op.drop_index(op.f("ix_school_province"), table_name="school")
    op.drop_table("school")
    op.drop_table("quiz")
