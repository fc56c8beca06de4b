"""What platforms let us send, and images that they keep for us"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("remain", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", name=op.f("pk_quota")),
    )
    op.create_table(
        "image",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_image")),
    )
    op.create_table(
        "platform_image",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("expires", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hash"], ["image.hash"], name=op.f("fk_platform_image_hash_image"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account", "hash", name=op.f("pk_platform_image")),
    )


def downgrade() -> None:
    op.drop_table("platform_image")
    op.drop_table("image")
    op.drop_table("quota")
