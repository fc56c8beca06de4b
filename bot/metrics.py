"""What Prometheus is told at /metrics. Labels are names of ours; nothing in them identifies anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

TURNS = Counter("bhyt_turns_total", "Turns by channel and decision.", ("channel", "decision"), registry=REGISTRY)
TURN_SECONDS = Histogram(
    "bhyt_turn_seconds",
    "Time from taking a message in to the commit of its replies.",
    ("channel",),
    registry=REGISTRY,
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
EVENTS = Counter(
    "bhyt_events_total", "What platforms delivered, by account and kind.", ("account", "kind"), registry=REGISTRY
)
SENDS = Counter("bhyt_sends_total", "Replies by account and result.", ("account", "result"), registry=REGISTRY)
CAMPAIGN_SENDS = Counter(
    "bhyt_campaign_sends_total", "Campaign messages by account and result.", ("account", "result"), registry=REGISTRY
)
SPOOLED = Gauge(
    "bhyt_spooled_events", "Events accepted into the spool that are not in the database yet.", registry=REGISTRY
)
OUTBOX_AGE = Gauge("bhyt_outbox_age_seconds", "Age of the oldest reply that waits to be sent.", registry=REGISTRY)
QUOTA_LEFT = Gauge(
    "bhyt_quota_left",
    "Messages that an account may still send outside the free window, by quota.",
    ("account", "quota"),
    registry=REGISTRY,
)
TOKEN_AGE = Gauge(
    "bhyt_token_refreshed_seconds_ago",
    "Time since the tokens of an account were refreshed.",
    ("account",),
    registry=REGISTRY,
)
REFRESH_TOKEN_AGE = Gauge(
    "bhyt_refresh_token_age_seconds",
    "Time since the refresh token of an account was issued; it dies after 90 days.",
    ("account",),
    registry=REGISTRY,
)
TOKEN_OK = Gauge("bhyt_token_ok", "Whether the tokens of an account work: 1 or 0.", ("account",), registry=REGISTRY)
CASES = Gauge("bhyt_cases", "Cases that are not resolved, by state.", ("state",), registry=REGISTRY)
CASE_AGE = Gauge(
    "bhyt_case_age_seconds", "Time since the oldest case of a state was opened.", ("state",), registry=REGISTRY
)
CAMPAIGNS = Gauge("bhyt_campaigns", "Campaigns by state.", ("state",), registry=REGISTRY)
KNOWLEDGE_OVERDUE = Gauge("bhyt_knowledge_overdue", "Answers whose review is overdue.", registry=REGISTRY)
