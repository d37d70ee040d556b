"""Addresses under which our own server proxies the pictures of articles, so that readers do not contact the sites.

Pure.

Each carries the address of the picture and a signature of this installation, so that forged ones fetch nothing.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac
from urllib.parse import urlsplit

_SIGNATURE = 16  # bytes of the HMAC-SHA256: 128 bits
_OWN, _FOREIGN = "o", "f"
PATH = re.compile(r"/i/([A-Za-z0-9_-]{22})/([A-Za-z0-9_-]{1,4000})")
_OURS = re.compile(r"https?://[^\s\"'<>]{1,200}?" + PATH.pattern)


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture that may be fetched."""

    url: str
    own: bool  # whether it is on the host of its source, which may be in a network opened by the settings


def link(base_url: str, key: bytes, url: str, home: str) -> str:
    """Our address for a picture of a source whose home is `home`."""
    whose = _OWN if urlsplit(url).netloc == urlsplit(home).netloc else _FOREIGN
    told = _coded(f"{whose}{url}".encode())
    return f"{base_url}/i/{_coded(_signature(key, told))}/{told}"


def asked(key: bytes, path: str) -> Asked | None:
    """The picture that a path of ours (`/i/…/…`) names; None for one that we did not sign."""
    found = PATH.fullmatch(path)
    if found is None:
        return None
    told = found[2]
    if not compare_digest(_coded(_signature(key, told)), found[1]):
        return None
    url = _decoded(told)
    return None if url is None else Asked(url[1:], own=url[0] == _OWN)


def unwrapped(text: str) -> str:
    """Markup or an address with the pictures' own addresses again, whichever installation signed ours."""
    if "/i/" not in text:
        return text
    return _OURS.sub(lambda found: (_decoded(found[2]) or f" {found[0]}")[1:], text)


def _signature(key: bytes, told: str) -> bytes:
    return hmac(key, told.encode(), sha256)[:_SIGNATURE]


def _coded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(told: str) -> str | None:
    try:
        text = urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return text if text[:1] in (_OWN, _FOREIGN) and text[1:].startswith(("http://", "https://")) else None
