"""Rounds of the quiz that follow each other by themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Id, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_series",
        sa.Column("id", Id, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("stopped", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_series")),
    )


def downgrade() -> None:
    op.drop_table("quiz_series")
