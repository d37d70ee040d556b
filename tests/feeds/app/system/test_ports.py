"""Who has a port, and what to do about it."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

import pytest

from feeds.app.system.ports import _inodes, _program, holder, why_not


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


HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
ROWS = """
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 71 1 0
   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 72 1 0
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 73 1 0
"""
SIX = "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 1000 0 74 1 0"


def test_sockets_that_listen_at_a_port_of_both_families(tmp_path: Path) -> None:
    assert _inodes(8080, tmp_path) == set(), "no Linux"
    (tmp_path / "tcp6").write_text(f"{HEAD}\n{SIX}\n")
    assert _inodes(8080, tmp_path) == {"74"}
    (tmp_path / "tcp").write_text(f"{HEAD}{ROWS}")
    assert _inodes(8080, tmp_path) == {"71", "74"}
    assert _inodes(8081, tmp_path) == {"73"}
    assert _inodes(80, tmp_path) == set()
