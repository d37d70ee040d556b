"""A running daemon is asked for its state: where it listens, under its own name, and only if it is the one."""

from __future__ import annotations

import http.client
import json
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.inspect import live


def test_the_daemon_with_this_process_id_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    answer: Any = b""

    class Connection:
        def __init__(self, host: str, port: int, timeout: float) -> None:
            told.append((host, port, timeout))

        def request(self, method: str, path: str, headers: dict[str, str]) -> None:
            told.append((method, path, headers))
            if isinstance(answer, Exception):
                raise answer

        def getresponse(self) -> Any:
            return SimpleNamespace(read=lambda most: answer[:most])

        def close(self) -> None:
            told.append("closed")

    monkeypatch.setattr(http.client, "HTTPConnection", Connection)

    def asked(process: int | None = 7, host: str = "127.0.0.1", base: str = "https://news.example/desk") -> Any:
        told.clear()
        config: Any = SimpleNamespace(address=lambda: (host, 8484), base_url=base)
        return live.asked(config, process)

    answer = json.dumps({"ok": True, "process": 7}).encode()
    assert asked() == {"ok": True, "process": 7}
    assert told == [
        ("127.0.0.1", 8484, live.PATIENCE), ("GET", "/desk/health", {"Host": "news.example"}), "closed",
    ]  # fmt: skip
    asked(base="http://127.0.0.1:8484")
    assert told[1] == ("GET", "/health", {"Host": "127.0.0.1:8484"})
    for host, there in (("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("", "127.0.0.1"), ("192.0.2.1", "192.0.2.1")):
        asked(host=host)
        assert told[0][0] == there
    assert asked(None) is None and told == []
    assert asked(8) is None, "another process"
    for answer in (b"[7]", b"{", b"null", b" " * 70_000 + b"{}", OSError(), http.client.HTTPException(), ValueError()):  # noqa: B007
        assert asked() is None and told[-1] == "closed"
    answer = TimeoutError()
    assert asked() == {"ok": False, "why": "it did not answer for 3 s", "disk": None}
    assert told[-1] == "closed"
