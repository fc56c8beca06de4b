"""Zalo Official Accounts on this machine: OAuth v4, OA OpenAPI, uploads and the webhook sender, over HTTP.

What it does follows the reference of the platform, state of 2026-09; the section stands beside each rule.
"""

from bot.simulator.zalo.platform import ZaloPlatform

__all__ = ["ZaloPlatform"]
