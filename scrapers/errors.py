"""The ways a source can fail, named after how the caller should react.

CopydeskError
├── FetchError              the page did not arrive
│   ├── Unreachable         no usable answer; worth another try soon
│   ├── Refused             they do not want us now (401, 403, 429, robots.txt); come back much later
│   ├── Gone                the page was taken away (404, 410); stop asking
│   └── Forbidden           our own guard says no (private address, bad scheme or port); never ask
├── PageChanged             the page is there, but not what the scraper expects; a person should look
├── ReadFailed              the page could not be parsed within its limits; not again for a day
│   └── Unread          not read, through our own fault; worth another try soon
└── SeedError               a seed or a setting is wrong; its author should mend it
"""

from __future__ import annotations

UNLIKE = "the page is "  # begins the reason of a page that came and is not the story: "the page is a consent wall"


class CopydeskError(Exception):
    """Anything that this program knows can go wrong. Carries the source and the URL where there are any."""

    def __init__(self, reason: str, *, url: str | None = None, source: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.url = url
        self.source = source


class FetchError(CopydeskError):
    """The page did not arrive. `status` is the HTTP status where there was one.

    `unconnected`: nobody at this address and port speaks its protocol; another scheme may be answered.
    """

    def __init__(
        self,
        reason: str,
        *,
        url: str | None = None,
        source: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
        unconnected: bool = False,
    ) -> None:
        super().__init__(reason, url=url, source=source)
        self.status = status
        self.retry_after = retry_after  # seconds that the host asked for, clamped
        self.unconnected = unconnected


class Unreachable(FetchError):
    """No usable answer. Worth another try soon."""


class Refused(FetchError):
    """They do not want us now (401, 403, 429, robots.txt). Come back much later."""


class Gone(FetchError):
    """The page was taken away (404, 410). Stop asking."""


class Forbidden(FetchError):
    """Our own guard refuses the address: private network, scheme, port, user information. Never ask."""


class PageChanged(CopydeskError):
    """The page is there, but not what the scraper expects. A person should look."""


class ReadFailed(CopydeskError):
    """The page could not be parsed within its limits of time and memory. Not again for a day."""


class Unread(ReadFailed):
    """The page was not read: its worker could not be started, or was killed from outside. Worth another try soon."""


class SeedError(CopydeskError):
    """A seed or a setting is wrong: file, key, and what would be right."""
