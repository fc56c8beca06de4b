"""Error codes of the OA OpenAPI and what carries them (reference §2.1, §4.1; state of 2026-09)."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """`error` of an answer; HTTP stays 200."""

    RATE_LIMIT = -32
    UPLOAD_EXPIRED = -100
    PARAMETER = -201
    ACCOUNT_DISABLED = -204
    ACCOUNT_UNKNOWN = -205
    APP_NOT_ACTIVE = -209
    TOO_LONG = -210
    QUOTA_EXHAUSTED = -211
    API_NOT_REGISTERED = -212
    NO_RELATION = -213
    TOKEN_INVALID = -216
    BLOCKED = -217
    PERSON_QUOTA = -218
    TOKEN_EXPIRED = -220
    NOT_AUTHORISED = -223
    PACKAGE_TOO_LOW = -224
    INACTIVE = -227
    OUTSIDE_WINDOW = -230
    NO_INTERACTION = -232
    NOT_SUPPORTED = -233
    SHUT_DOWN = -240
    WRONG_PROOF = -242
    TYPE_OFF = -244
    NO_WALLET = -320
    WALLET_EMPTY = -321


_MESSAGES = {
    Code.RATE_LIMIT: "Your Official Account has reached the limit of requests per minute",
    Code.UPLOAD_EXPIRED: "Attachment id or token is expired or invalid",
    Code.PARAMETER: "Parameter is invalid",
    Code.ACCOUNT_DISABLED: "Official Account has been disabled",
    Code.ACCOUNT_UNKNOWN: "Official Account does not exist",
    Code.APP_NOT_ACTIVE: "Application is not activated",
    Code.TOO_LONG: "Parameter exceeds the allowed limit",
    Code.QUOTA_EXHAUSTED: "Quota of this API is exhausted",
    Code.API_NOT_REGISTERED: "Application has not registered Official Account API",
    Code.NO_RELATION: "User has not followed the Official Account",
    Code.TOKEN_INVALID: "Access token is invalid",
    Code.BLOCKED: "User has blocked messages from the Official Account",
    Code.PERSON_QUOTA: "Quota of messages to this user is exhausted",
    Code.TOKEN_EXPIRED: "Access token is expired or revoked",
    Code.NOT_AUTHORISED: "Official Account has not authorised the application",
    Code.PACKAGE_TOO_LOW: "Official Account package does not include this API",
    Code.INACTIVE: "User is banned or has been inactive for more than 45 days",
    Code.OUTSIDE_WINDOW: "User has not interacted with the Official Account in the past 7 days",
    Code.NO_INTERACTION: "User has no interaction with the Official Account",
    Code.NOT_SUPPORTED: "Message type is not supported",
    Code.SHUT_DOWN: "This API has been shut down, please use API v3",
    Code.WRONG_PROOF: "Invalid appsecret_proof",
    Code.TYPE_OFF: "User has turned off this type of message",
    Code.NO_WALLET: "Application has not linked a Zalo Cloud Account",
    Code.WALLET_EMPTY: "Zalo Cloud Account is out of balance",
}


class RefusalError(Exception):
    """The platform refuses a call."""

    def __init__(self, code: Code, message: str = "") -> None:
        super().__init__(message or _MESSAGES[code])
        self.code = code
        self.message = message or _MESSAGES[code]
