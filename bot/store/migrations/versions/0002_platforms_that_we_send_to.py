"""Platforms that we send to"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Id, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("identity", sa.Column("unreachable", sa.String(), nullable=True))
    op.add_column("identity", sa.Column("reachability_changed", Instant(), nullable=True))
    op.add_column("conversation", sa.Column("last_interaction", Instant(), nullable=True))
    op.add_column("outbox", sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("due", Instant(), nullable=True))
    op.add_column("outbox", sa.Column("lease", Instant(), nullable=True))
    op.add_column("outbox", sa.Column("reason", sa.String(), nullable=True))
    waiting = sa.text("state = 'pending'")
    op.create_index(
        "ix_outbox_waiting", "outbox", ["conversation_id", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "arrival",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_arrival_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("person_id", "code", name=op.f("uq_arrival_person_id_code")),
    )
    op.create_index(op.f("ix_arrival_code_day"), "arrival", ["code", "day"])
    op.create_table(
        "channel_token",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("access_token", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=False),
        sa.Column("previous_access_token", sa.LargeBinary(), nullable=True),
        sa.Column("previous_refresh_token", sa.LargeBinary(), nullable=True),
        sa.Column("obtained", Instant(), nullable=False),
        sa.Column("refreshed_at", Instant(), nullable=False),
        sa.Column("expires", Instant(), nullable=False),
        sa.Column("pending_since", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("last_success", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('ok', 'reconnect')", name=op.f("ck_channel_token_state")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_channel_token")),
    )
    op.create_table(
        "oauth_consent",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=True),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("used", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_oauth_consent")),
    )


def downgrade() -> None:
    op.drop_table("oauth_consent")
    op.drop_table("channel_token")
    op.drop_table("arrival")
    op.drop_index("ix_outbox_waiting", "outbox")
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column)


_ADDED = {
    "identity": ("unreachable", "reachability_changed"),
    "conversation": ("last_interaction",),
    "outbox": ("parts", "due", "lease", "reason"),
}
