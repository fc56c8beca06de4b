"""Campaigns on their way: planned, sent and accounted for, over crashes. docs/delivery.md says what is promised."""
