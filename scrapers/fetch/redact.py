"""Addresses as they may be shown: without passwords and without the values of secret-looking parameters."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

# A parameter is secret if one of these words is in its name ("api_key", "X-Amz-Signature", "access_token").
_SECRET = re.compile(r"token|key|sig|auth|pass|secret|session|credential|jwt|code", re.IGNORECASE)
_USER = re.compile(r"\A([\x00-\x20]*(?:[a-z][a-z0-9+.\-]{0,20}:)?[/\\]{2})[^/?#\\]*@", re.IGNORECASE)
_ODD = re.compile("[^ -~]")
_MASK = "***"


def redact(url: str) -> str:
    """`url` with user information and secret values replaced by ***, control characters escaped, cut to 500.

    Text that is no address is shown as far as it is harmless.
    """
    url = _USER.sub(rf"\1{_MASK}@", url)  # before it is cut: it may be long
    url = url[:2000].encode("ascii", "backslashreplace").decode("ascii")
    url = _ODD.sub(lambda odd: f"\\x{ord(odd[0]):02x}", url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return _MASK + " (no valid address)" if "@" in url else url.partition("?")[0][:500]
    netloc = parts.netloc
    if "@" in netloc:
        netloc = _MASK + "@" + netloc.rpartition("@")[2]
    fragment = _masked(parts.fragment) if "=" in parts.fragment else ""
    return urlunsplit((parts.scheme, netloc, parts.path, _masked(parts.query), fragment))[:500]


def _masked(query: str) -> str:
    if not query:
        return ""
    out = []
    for pair in query.split("&"):
        name, eq, value = pair.partition("=")
        out.append(f"{name}={_MASK}" if eq and value and _SECRET.search(name) else pair)
    return "&".join(out)
