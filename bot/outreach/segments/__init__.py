"""Who a campaign is for: a small query language, saved segments, live counts."""

from bot.outreach.segments.conditions import condition
from bot.outreach.segments.counting import count, sample
from bot.outreach.segments.errors import SegmentError
from bot.outreach.segments.explaining import explain
from bot.outreach.segments.parser import parse
from bot.outreach.segments.tree import Query

__all__ = ["Query", "SegmentError", "condition", "count", "explain", "parse", "sample"]
