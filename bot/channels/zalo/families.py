"""Events that ask for nothing, by family: names of ours for the count, never the platform's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED = {
    "user_received_message": "receipt",
    "user_seen_message": "receipt",
    "user_reacted_message": "reaction",
    "oa_reacted_message": "reaction",
    "add_user_to_tag": "tag",
    "remove_user_from_tag": "tag",
    "remove_tag": "tag",
    "update_user_info": "profile",
    "widget_interaction_accepted": "widget",
    "widget_failed_to_sync_user_external_id": "widget",
    "oa_send_consent": "call",
    "user_reply_consent": "call",
    "user_call_oa": "call",
    "oa_call_user": "call",
    "change_template_status": "template",
    "change_template_quality": "template",
    "change_template_quota": "template",
    "change_oa_template_tags": "template",
    "change_oa_daily_quota": "template",
    "user_feedback": "template",
    "user_click_response_button": "template",
    "extension_purchased": "marketplace",
}
_BEGINNINGS = {
    "oa_send_anonymous_": "echo",
    "oa_send_group_": "group",
    "user_send_group_": "group",
    "event_journey_": "template",
}


def family_of(name: str, data: Mapping[str, Any]) -> str:
    """The family of an event that is not for the conversation."""
    if name in _NAMED:
        return _NAMED[name]
    for beginning, family in _BEGINNINGS.items():
        if name.startswith(beginning):
            return family
    if name.startswith("oa_send_"):
        sender = data.get("sender")
        # With `admin_id` a person wrote from the account's own chat tool; without, it is what we sent ourselves.
        return "human" if isinstance(sender, dict) and sender.get("admin_id") else "echo"
    return "group" if "_group" in name else "unknown"
