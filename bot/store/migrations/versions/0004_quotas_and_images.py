"""What platforms let us send, and images that they keep for us"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("remain", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.Column("asked", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", name=op.f("pk_quota")),
    )


def downgrade() -> None:
    op.drop_table("quota")
