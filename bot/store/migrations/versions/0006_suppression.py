"""Who asked to be erased, so that no list brings them back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Id

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_suppression")),
    )
    op.create_index(op.f("ix_suppression_day"), "suppression", ["day"])
    op.create_table(
        "suppression_key",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_key")),
    )


def downgrade() -> None:
    op.drop_table("suppression_key")
    op.drop_index(op.f("ix_suppression_day"), table_name="suppression")
    op.drop_table("suppression")
