"""The rules of a WebSub hub (W3C Recommendation, 2018): what a form asks, what is sent, what answers mean. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from ..rows import Delivery

DAY = 86_400.0
DEFAULT_LEASE = 10 * DAY
LEASES = (DAY, 30 * DAY)  # shortest and longest
MAX_SECRET = 199  # bytes: "MUST be less than 200 bytes in length" (§5.1)
MAX_CALLBACK = 2000
GAPS = (10.0, 60.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0)  # seconds between the tries of a delivery
VERIFY_GAPS = (5.0, 30.0)
GIVE_UP = DAY  # a delivery is tried for so long


@dataclass(frozen=True, slots=True)
class Intent:
    """A subscription request, unconfirmed until the callback has agreed."""

    mode: Literal["subscribe", "unsubscribe"]
    topic: str
    callback: str
    lease: float = DEFAULT_LEASE  # seconds
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form is refused: an HTTP status and a sentence."""

    status: int
    words: str


def read_form(form: Mapping[str, str]) -> Intent | Refusal:
    """The intent of a subscription request (§5.1). Whether its topic is one of ours is for the caller to see."""
    mode, topic, callback = form.get("hub.mode", ""), form.get("hub.topic", ""), form.get("hub.callback", "")
    if mode not in ("subscribe", "unsubscribe"):
        return Refusal(400, "hub.mode has to be subscribe or unsubscribe.")
    if not topic or len(topic) > MAX_CALLBACK:
        return Refusal(400, "hub.topic is missing.")
    if not _is_callback(callback):
        return Refusal(400, "hub.callback has to be an http or https address without user name and fragment.")
    secret = form.get("hub.secret") or None
    if secret is not None and len(secret.encode("utf-8", "surrogatepass")) > MAX_SECRET:
        return Refusal(400, "hub.secret has to be shorter than 200 bytes.")
    return Intent("subscribe" if mode == "subscribe" else "unsubscribe", topic, callback, _lease(form), secret)


def _is_callback(url: str) -> bool:
    if not url or len(url) > MAX_CALLBACK or not all("!" <= c <= "~" for c in url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and not parts.fragment


def _lease(form: Mapping[str, str]) -> float:
    text = form.get("hub.lease_seconds", "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return DEFAULT_LEASE
    return min(max(float(text), LEASES[0]), LEASES[1])


def verification_url(intent: Intent, challenge: str) -> str:
    """The address that asks the callback to confirm the intent (§5.3)."""
    asked = {"hub.mode": intent.mode, "hub.topic": intent.topic, "hub.challenge": challenge}
    if intent.mode == "subscribe":
        asked["hub.lease_seconds"] = str(int(intent.lease))
    return _with_query(intent.callback, asked)


def denial_url(callback: str, topic: str, reason: str) -> str:
    """The address by which a subscriber hears that it gets nothing any more (§5.2)."""
    return _with_query(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": reason})


def _with_query(url: str, more: Mapping[str, str]) -> str:
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in more.items())
    return f"{url}{'&' if '?' in url else '?'}{query}"


def confirmed(status: int, body: bytes, challenge: str) -> bool:
    """Whether the callback confirmed: 2xx, and the challenge as the whole body."""
    return 200 <= status < 300 and hmac.compare_digest(body, challenge.encode())


def delivery_headers(topic: str, hub: str, media_type: str, secret: str | None, body: bytes) -> dict[str, str]:
    """The headers of a distribution request (§7, §8): type, links, and the signature where a secret was given."""
    headers = {"Content-Type": media_type, "Link": f'<{hub}>; rel="hub", <{topic}>; rel="self"'}
    if secret is not None:
        digest = hmac.new(secret.encode("utf-8", "surrogatepass"), body, hashlib.sha256).hexdigest()
        headers["X-Hub-Signature"] = f"sha256={digest}"
    return headers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows for a delivery. `at`: when to try again, in seconds since 1970."""

    kind: Literal["delivered", "ended", "later", "given up"]
    at: float = 0.0


def outcome(delivery: Delivery, status: int | None, retry_after: float | None, now: float) -> Outcome:
    """What an answer means (§7): 2xx is success, 410 ends the subscription, all else is tried again for a day.

    `status` is None when no answer came.
    """
    if status is not None and 200 <= status < 300:
        return Outcome("delivered")
    if status == 410:
        return Outcome("ended")
    gap = max(GAPS[min(delivery.tries, len(GAPS) - 1)], retry_after or 0.0)
    if now + gap > delivery.since + GIVE_UP:
        return Outcome("given up")
    return Outcome("later", now + gap)
