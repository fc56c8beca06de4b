"""Guided dialogues: a few questions, then a result. They can be left, corrected and resumed at any point."""

from handlers.dialogues.card_dates import CARD_DATES
from handlers.dialogues.guide import Guide
from handlers.dialogues.premium import PREMIUM
from handlers.dialogues.reminder import REMINDER
from handlers.dialogues.which_app import WHICH_APP
from handlers.dialogues.which_group import WHICH_GROUP

GUIDES: dict[str, Guide] = {guide.name: guide for guide in (PREMIUM, WHICH_APP, CARD_DATES, WHICH_GROUP, REMINDER)}

__all__ = ["GUIDES"]
