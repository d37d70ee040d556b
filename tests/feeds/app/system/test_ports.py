"""Who has a port, and what to do about it."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

import pytest

from feeds.app.system.ports import _program, holder, why_not


def test_who_listens_is_named() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        assert holder(port) is None
        sock.listen()
        if sys.platform == "linux":
            assert f"(process {os.getpid()})" in (holder(port) or "")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["/usr/sbin/nginx", "-g", "daemon off;"], "nginx"),
        (["/usr/bin/python3", "-u", "/opt/bin/copydesk", "run"], "copydesk"),
        (["python3"], "python3"),
        (["-bash"], "told by the kernel"),
        ([], "told by the kernel"),
    ],
)
def test_a_script_is_called_by_its_own_name(tmp_path: Path, words: list[str], name: str) -> None:
    (tmp_path / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in words))
    (tmp_path / "comm").write_text("told by the kernel\n")
    assert _program(tmp_path) == name


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EADDRINUSE, "127.0.0.1:1 is taken by another program; stop it or set [web] listen"),
        (errno.EADDRNOTAVAIL, "127.0.0.1:1: this machine has no such address; set [web] listen"),
        (errno.EACCES, "127.0.0.1:1: ports below 1024 are not ours to take; set [web] listen to a higher one"),
    ],
)
def test_the_reason_says_what_to_do(number: int, said: str) -> None:
    assert why_not(OSError(number, "x"), "127.0.0.1:1", 1) == said
