"""Asks /health without pause, in a process of its own: `python -m benchmarks.attacks.probe PORT PID`.

Prints a line for every answer: when it was asked for (monotonic clock), how long it took, and for how much of that
neither the daemon nor this process was given a processor by a machine that does other things (proc(5), schedstat).
It ends when its standard input does.
"""

from __future__ import annotations

import select
import socket
import sys
import time
from pathlib import Path

PAUSE = 0.01
PATIENCE = 60.0


def waiting(pid: int) -> float:
    """Seconds for which the first thread of a process was ready and had to wait for a processor."""
    try:
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def main() -> None:
    """Ask until nobody listens any more."""
    port, pid = int(sys.argv[1]), int(sys.argv[2])
    asked = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    me = socket.socket
    connection: socket.socket | None = None
    own = int(Path("/proc/self/stat").read_text().split()[0]) if Path("/proc/self/stat").exists() else 0
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        begun, before = time.monotonic(), waiting(pid) + waiting(own)
        try:
            if connection is None:
                connection = me(socket.AF_INET, socket.SOCK_STREAM)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.settimeout(PATIENCE)
                connection.connect(("127.0.0.1", port))
            connection.sendall(asked)
            got = connection.recv(65_536)
        except OSError:
            got = b""
        if not got or b"connection: close" in got.lower():
            if connection is not None:
                connection.close()
            connection = None
        took = time.monotonic() - begun
        crowded = waiting(pid) + waiting(own) - before
        print(f"{begun:.3f} {took:.4f} {min(crowded, took):.4f} {got[9:12].decode('latin-1') or 'none'}", flush=True)


if __name__ == "__main__":
    main()
