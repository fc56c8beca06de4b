"""What is known of the people that an office may write to. A contact is a person; a child's contact is the guardian."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base
from bot.store.types import Id


class Relation(StrEnum):
    """Whose card a row of `insured` is about: the contact's own, or that of a child they look after."""

    SELF = "self"
    CHILD = "child"


class SchoolRow(Base):
    """A school that contacts belong to. `code` is the office's own and stands in links (`s-<code>`)."""

    __tablename__ = "school"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    province: Mapped[str] = mapped_column(index=True)
    level: Mapped[str | None]


class ContactRow(Base):
    """What segments and texts may use of a person; absent for somebody of whom nothing is known.

    `name` is how to address an adult and comes from an office's list only, `phone` is in E.164. `external_id` is the
    office's own key of a list row. `read_up_to` is until when the conversations were read into this row.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("role IN ('student', 'parent', 'teacher')", name="role"),
        Index(None, "province", "role"),
    )

    person_id: Mapped[int] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(index=True)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[str | None]
    province: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="vi", server_default="vi")
    source: Mapped[str | None] = mapped_column(index=True)
    last_seen: Mapped[datetime | None] = mapped_column(index=True)
    read_up_to: Mapped[datetime | None] = mapped_column(index=True)
    created: Mapped[datetime]
    updated: Mapped[datetime]


class InsuredRow(Base):
    """One student whose card a contact cares about: themselves, or a child. Birth year at most, never a name.

    `listed`: it stands in an office's list; the other rows follow what was said in the chat.
    """

    __tablename__ = "insured"
    __table_args__ = (
        UniqueConstraint("person_id", "position"),
        CheckConstraint("relation IN ('self', 'child')", name="relation"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id", ondelete="CASCADE"))
    position: Mapped[int]
    relation: Mapped[str]
    birth_year: Mapped[int | None]
    grade: Mapped[int | None]
    school_id: Mapped[int | None] = mapped_column(Id, ForeignKey("school.id", ondelete="SET NULL"), index=True)
    card_end: Mapped[date | None] = mapped_column(index=True)
    listed: Mapped[bool] = mapped_column(default=False, server_default=false())


class ContactTagRow(Base):
    """A word that staff put on a contact."""

    __tablename__ = "contact_tag"
    __table_args__ = (Index(None, "tag"),)

    person_id: Mapped[int] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tag: Mapped[str] = mapped_column(primary_key=True)


class TopicAskedRow(Base):
    """The last day on which a contact got an answer of a topic of the knowledge base."""

    __tablename__ = "topic_asked"

    person_id: Mapped[int] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    topic: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]


class ConsentRow(Base):
    """What holds now of what a person agreed to, per topic (`handlers.effects.Topic`); the events tell how it came."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("consent IN ('given', 'withdrawn')", name="consent"),)

    person_id: Mapped[int] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    topic: Mapped[str] = mapped_column(primary_key=True)
    consent: Mapped[str]
    since: Mapped[datetime]
