"""Deliveries of Zalo's webhook and what they mean. `source` and `seen` say where a shape is known from.

Sections are those of the platform reference, which quotes the official pages as read on the day given. Ids are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.channels.inbound import Channel, Event, Ignored, Inbound, Profile, Reachability, Withdrawal

OA = "388613280878808645"
ACCOUNT = f"zalo:{OA}"
USER = "246845883529197922"
STAMP = "1788584400000"
WHEN = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(STAMP))
READ = date(2026, 9, 22)
_FILE = {"url": "http://f.zdn.vn/a.pdf", "name": "a.pdf", "size": "9", "type": "pdf", "checksum": "00"}


@dataclass(frozen=True)
class Row:
    """One delivery and the events that it means."""

    payload: Any
    events: tuple[Event, ...]
    source: str
    seen: date = READ


def told(name: str, **rest: Any) -> dict[str, Any]:
    """The envelope of what a person sends."""
    people = {"sender": {"id": USER}, "recipient": {"id": OA}, "user_id_by_app": "552177279717587730"}
    return {"app_id": "360846524940903967", **people, "event_name": name, "timestamp": STAMP, **rest}


def sent(kind: str, attachment: dict[str, Any] | None = None, **message: Any) -> dict[str, Any]:
    """A message of a person."""
    attachments = [] if attachment is None else [{"type": kind, "payload": attachment}]
    return told(f"user_send_{kind}", message={"msg_id": "96d3cdf3af150460909", "attachments": attachments, **message})


def about(name: str, **rest: Any) -> dict[str, Any]:
    """An event that names the account by `oa_id`."""
    return {"app_id": "360846524940903967", "oa_id": OA, "event_name": name, "timestamp": STAMP, **rest}


def inbound(message_id: str = "m96d3cdf3af150460909", sender: str = USER, **what: Any) -> Inbound:
    return Inbound(ACCOUNT, Channel.ZALO, sender, message_id, WHEN, **what)


def ignored(payload: Any, kind: str, source: str, seen: date = READ) -> Row:
    return Row(payload, (Ignored(kind),), source, seen)


FORM = inbound(f"user_submit_info:{STAMP}:{USER}", action="shared")

MESSAGES = (
    Row(
        told("user_send_text", message={"text": "xin chào", "msg_id": "96d3cdf3af150460909"}),
        (inbound(text="xin chào"),),
        "5.3 su-kien-nguoi-dung-gui-tin-nhan",
    ),
    Row(
        told("user_send_text", message={"text": "còn cái này?", "msg_id": "b1", "quote_msg_id": "a1"}),
        (inbound("mb1", text="còn cái này?"),),
        "5.3 quote_msg_id",
    ),
    Row(
        told("user_send_text", message={"text": "#entry:muc-dong", "msg_id": "b2"}),
        (inbound("mb2", action="entry:muc-dong"),),
        "2.4 a tap arrives as text",
    ),
    Row(
        told("user_send_text", message={"text": "#học sinh đóng bao nhiêu", "msg_id": "b3"}),
        (inbound("mb3", text="#học sinh đóng bao nhiêu"),),
        "2.4 somebody types a hash",
    ),
    *(
        Row(
            told("user_send_text", message={"text": f"#{text}", "msg_id": "b7"}),
            (inbound("mb7", **{kind: value}),),
            source,
        )
        for text, kind, value, source in (
            ("bhyt", "text", "#bhyt", "2.4 a typed word"),
            ("menu", "action", "menu", "2.4 an action of one word"),
            ("@12.3", "action", "@12.3", "2.4 a long action that stayed with us"),
        )
    ),
    Row(told("user_send_text", message={"text": "#", "msg_id": "b4"}), (inbound("mb4", text="#"),), "2.4 only a hash"),
    Row(
        told("user_send_text", message={"text": "#" + "a" * 65, "msg_id": "b5"}),
        (inbound("mb5", text="#" + "a" * 65),),
        "2.4 longer than any action",
    ),
    Row(
        told("user_send_text", message={"text": "BHYT p-ha-noi", "msg_id": "b6"}),
        (inbound("mb6", text="BHYT p-ha-noi"),),
        "our short codes are plain text",
    ),
    Row(
        {**told("user_send_text", message={"text": "a"}), "sender": {"id": 246845883529197922}},
        (inbound(f"user_send_text:{STAMP}:{USER}", text="a"),),
        "5.1 without msg_id; ids as numbers (0.1)",
    ),
    Row(
        {**told("user_send_text", message={"text": "a", "msg_id": "b7"}), "timestamp": int(STAMP)},
        (inbound("mb7", text="a"),),
        "5.3 timestamp as a number",
    ),
    Row(
        sent("image", {"thumbnail": "http://t.zdn.vn/a.jpg", "url": "http://f.zdn.vn/a.jpg"}, text="thẻ của con"),
        (inbound(text="thẻ của con", media="photo"),),
        "5.3 caption in message.text",
    ),
    Row(sent("image", {"url": "http://f.zdn.vn/a.jpg"}), (inbound(media="photo"),), "5.3"),
    Row(sent("gif", {"url": "http://f.zdn.vn/a.gif"}), (inbound(media="photo"),), "5.3 older lists only"),
    Row(sent("link", {"url": "https://example.vn", "description": "x"}), (inbound(media="link"),), "5.3"),
    Row(sent("audio", {"url": "http://f.zdn.vn/a.amr"}), (inbound(media="voice"),), "5.3"),
    Row(sent("video", {"url": "http://f.zdn.vn/a.mp4"}), (inbound(media="video"),), "5.3"),
    Row(sent("sticker", {"id": "1", "url": "http://f.zdn.vn/s"}), (inbound(media="sticker"),), "5.3"),
    Row(
        sent("location", {"coordinates": {"latitude": "21.0", "longitude": "105.8"}}),
        (inbound(media="location"),),
        "5.3",
    ),
    Row(sent("business_card", {"description": "{}"}), (inbound(media="contact"),), "5.3"),
    Row(sent("file", _FILE), (inbound(media="file"),), "5.3"),
)

RELATIONS = (
    Row(
        about("follow", source="oa_profile", follower={"id": USER}, user_id_by_app="1"),
        (Reachability(ACCOUNT, USER, WHEN, True), inbound(f"follow:{STAMP}:{USER}", action="start")),
        "5.5 su-kien-nguoi-dung-quan-tam",
    ),
    Row(
        about("unfollow", source="oa_profile", follower={"id": USER}, user_id_by_app="1"),
        (Reachability(ACCOUNT, USER, WHEN, False),),
        "5.5",
    ),
    Row(
        about("user_click_chatnow", user_id=USER, user_id_by_app="1"),
        (inbound(f"user_click_chatnow:{STAMP}:{USER}", action="start"),),
        "5.5",
    ),
    Row(about("user_withdraw", user_id=USER, user_id_by_app="1"), (Withdrawal(ACCOUNT, USER),), "3.6, 5.5"),
    Row(told("user_withdraw"), (Withdrawal(ACCOUNT, USER),), "3.6; shape not documented"),
    Row(
        told("user_submit_info", info={"name": "A", "phone": "84900000000", "full_address": {"user_city": "Hà Nội"}}),
        (FORM, Profile(ACCOUNT, USER, "ha-noi")),
        "5.5 with full_address",
    ),
    Row(
        told("user_submit_info", info={"name": "A", "address": "số 1", "city": "TP. Hồ Chí Minh", "phone": "1"}),
        (FORM, Profile(ACCOUNT, USER, "ho-chi-minh")),
        "5.5 older form",
    ),
    Row(
        told("user_submit_info", info={"name": "Hà Nội", "phone": "84900000000"}), (FORM,), "5.5 nothing about a place"
    ),
    Row(told("user_submit_info", info=None), (FORM,), "5.5 defensive"),
)

ANONYMOUS = (
    Row(
        told(
            "anonymous_send_text",
            sender={"id": "an0n"},
            message={"text": "chào", "msg_id": "c1", "conversation_id": "k1"},
        ),
        (inbound("mc1", "anon:an0n:k1", text="chào"),),
        "2.13, 5.5",
    ),
    Row(
        told("anonymous_send_image", sender={"id": "an0n"}, message={"msg_id": "c2", "conversation_id": "k1"}),
        (inbound("mc2", "anon:an0n:k1", media="photo"),),
        "2.13, 5.5",
    ),
    ignored(told("anonymous_send_text", message={"text": "chào", "msg_id": "c3"}), "malformed", "2.13 no conversation"),
    ignored(told("oa_send_anonymous_text", message={"text": "chào"}), "echo", "5.5"),
)

SILENT = (
    ignored(told("oa_send_text", sender={"id": OA}, recipient={"id": USER}), "echo", "5.4 our own message"),
    ignored(told("oa_send_image", sender={"id": OA}, recipient={"id": USER}), "echo", "5.4"),
    ignored(told("oa_send_text", sender={"id": OA, "admin_id": "7"}, recipient={"id": USER}), "human", "5.4 admin_id"),
    ignored(told("user_received_message", message={"msg_id": "a"}), "receipt", "5.4"),
    ignored(
        told("user_received_message", sender={"id": OA}, recipient={"id": "84900000000"}, message={"tracking_id": "t"}),
        "receipt",
        "6.5 of a template: the recipient is a phone",
    ),
    ignored(told("user_seen_message", message={"msg_ids": ["a", "b"]}), "receipt", "5.4"),
    ignored(told("user_reacted_message", message={"msg_id": "a", "react_icon": "/-heart"}), "reaction", "5.4"),
    ignored(told("oa_reacted_message", message={"msg_id": "a", "react_icon": "/-heart"}), "reaction", "5.4"),
    ignored(about("add_user_to_tag", tag={"name": "x", "user_ids": [USER]}), "tag", "5.5"),
    ignored(about("remove_tag", tag={"name": "x"}), "tag", "5.5"),
    ignored(about("update_user_info"), "profile", "5.5"),
    ignored(about("widget_interaction_accepted", data={"user_id": USER}), "widget", "5.5"),
    ignored(about("create_group", group_id="1"), "group", "5.5"),
    ignored(told("user_send_group_text", message={"text": "x", "msg_id": "a"}), "group", "5.5"),
    ignored(told("oa_send_group_text", sender={"id": OA}), "group", "5.5"),
    ignored(told("user_call_oa"), "call", "5.5"),
    ignored(told("oa_send_consent"), "call", "5.5"),
    ignored(about("change_template_status", template_id=1), "template", "6.5"),
    ignored({"event_name": "change_oa_daily_quota", "oaId": OA}, "template", "6.5 oaId"),
    ignored(told("event_journey_timeout"), "template", "6.5"),
    ignored(about("extension_purchased"), "marketplace", "5.5"),
    ignored(told("user_send_hologram", message={"msg_id": "a"}), "unknown", "5.5 unknown events are acknowledged"),
    ignored(told("something_new"), "unknown", "5.5"),
    ignored(
        told("user_send_text", recipient={"id": "1111111"}, message={"text": "x"}),
        "unknown_oa",
        "5.1 another account of the app",
    ),
    ignored(about("follow", oa_id="1111111", follower={"id": USER}), "unknown_oa", "5.1"),
    ignored(told("user_send_text", sender={}, message={"text": "x"}), "malformed", "defensive"),
    ignored(told("user_send_text", recipient=None, message={"text": "x"}), "malformed", "defensive"),
    ignored(about("follow"), "malformed", "defensive"),
    ignored({}, "unknown", "5.1 the probe, if it were signed"),
    ignored([], "malformed", "defensive"),
    ignored("x", "malformed", "defensive"),
    ignored({"event_name": 7}, "unknown", "defensive"),
)

ROWS = (*MESSAGES, *RELATIONS, *ANONYMOUS, *SILENT)
