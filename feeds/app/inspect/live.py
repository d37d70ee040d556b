"""The state of a running daemon, asked over HTTP, as a store that takes no writes cannot hold it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from ..config.config import Config

PATIENCE = 3.0  # seconds for an answer; /health takes milliseconds
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 the wildcard addresses
_MOST = 65_536  # bytes


def asked(config: Config, process: int | None) -> dict[str, Any] | None:
    """The facts of /health of the daemon with this process id; None where there is none, or it serves nothing.

    A daemon that accepts the connection but does not answer in time is not `ok`: it hangs, or was stopped.
    """
    if process is None:
        return None
    from http.client import HTTPConnection, HTTPException  # imported on first use, only when a daemon runs

    host, port = config.address()
    base = urlsplit(config.base_url)
    connection = HTTPConnection(_ANY.get(host, host), port, timeout=PATIENCE)
    try:
        connection.request("GET", f"{base.path}/health", headers={"Host": base.netloc})
        facts = json.loads(connection.getresponse().read(_MOST))
    except TimeoutError:
        return {"ok": False, "why": f"it did not answer for {PATIENCE:.0f} s", "disk": None}
    except (OSError, HTTPException, ValueError):
        return None  # it runs without a server, or somebody else listens there
    finally:
        connection.close()
    return facts if isinstance(facts, dict) and facts.get("process") == process else None
