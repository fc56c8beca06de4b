"""Zalo Official Accounts: events in through one webhook, consultation messages out through the OpenAPI."""
