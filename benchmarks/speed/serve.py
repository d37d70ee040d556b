"""Our web server against nginx over the same published folder: `python -m benchmarks.serve`.

Both serve one file of about 400 KB with its ready-made gzip variant, each alone on one core; wrk loads them from the
other core, as a feed reader asks: gzip, keep-alive, once with a fresh validator (304) and once without (200). Rounds
alternate, so that what else the machine does falls on both; the table gives medians and the ratio, of requests a second
and of requests a second of the server's processor time, which a busy machine spoils less. Needs nginx and wrk; says so
and ends with 0 where one is missing.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.playing import free_port
from tests.support.waiting import PATIENCE

SECONDS = 2
ROUNDS = 5
CONNECTIONS = 16

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=1000 inactive=60s;
    types {{ application/atom+xml atom; }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/public;
        gzip_static on;
        gzip_vary on;
        add_header Cache-Control "public, max-age=1200, stale-if-error=86400";
    }}
}}
"""


def document(size: int = 400_000) -> bytes:
    """A feed-like text of about `size` bytes that compresses as feeds do, to about a third."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(6000)]
    often = [1 / rank for rank in range(3, 6003)]  # as words of a language are
    entries = []
    length = 0
    while length < size:
        text = " ".join(chance.choices(words, often, k=1200))
        entries.append(f"<entry><title>{text[:60]}</title><content type='html'>{text}</content></entry>")
        length += len(entries[-1])
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(entries)}</feed>".encode()


async def serve_here(folder: Path, port: int) -> None:
    """Our server, until it is ended."""
    from feeds.app.web import Site, build
    from feeds.app.web.document_routes import DocumentRoutes, Place
    from feeds.app.web.server import ServerLimits, ServerState, listening, quiet_server

    routes = DocumentRoutes(folder, f"http://127.0.0.1:{port}", places={"t/news": Place()})

    async def health() -> tuple[bool, Mapping[str, Any]]:
        return True, {}

    async def status() -> Mapping[str, Any]:
        return {}

    state = ServerState(routes, ServerLimits(per_address=None))
    await quiet_server(build(Site(routes, health, status)), state).serve(sockets=[listening("127.0.0.1", port)])


def wait_for(url: str) -> str:
    """The ETag of what is served there, once it is."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
            with urllib.request.urlopen(request, timeout=2) as answer:
                assert answer.headers["Content-Encoding"] == "gzip"
                return str(answer.headers["ETag"])
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def spent(pid: int) -> float:
    """Seconds of processor that a process and its children have used. nginx serves in a child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(spent(int(one)) for one in children)


def load(url: str, etag: str | None, cores: list[str]) -> tuple[float, int]:
    """Requests per second under wrk, and how many there were."""
    headers = ["-H", "Accept-Encoding: gzip"] + (["-H", f"If-None-Match: {etag}"] if etag else [])
    command = [*cores, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *headers, url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx or 3xx" not in text, text
    assert "Socket errors" not in text, text
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    count = re.search(r"(\d+) requests in", text)
    assert found and count, text
    return float(found[1]), int(count[1])


def main() -> int:
    missing = [name for name in ("nginx", "wrk") if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin") is None]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed")
        return 0
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    pin = shutil.which("taskset") is not None and len(cores) >= 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        public = folder / "public" / "t"
        public.mkdir(parents=True)
        data = document()
        packed = gzip.compress(data, 7, mtime=0)
        for path, body in ((public / "news.atom", data), (public / "news.atom.gz", packed)):
            path.write_bytes(body)
            os.utime(path, (1_700_000_000, 1_700_000_000))
        folder.chmod(0o755)
        ports = {"copydesk": free_port(), "nginx": free_port()}
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=ports["nginx"]))
        commands = {
            "copydesk": [
                sys.executable,
                "-m",
                "benchmarks.serve",
                "--serve",
                str(folder / "public"),
                str(ports["copydesk"]),
            ],
            "nginx": [nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)],
        }
        processes = {
            name: subprocess.Popen([*(["taskset", "-c", str(cores[0])] if pin else []), *c])
            for name, c in commands.items()
        }
        try:
            urls = {name: f"http://127.0.0.1:{port}/t/news.atom" for name, port in ports.items()}
            tags = {name: wait_for(url) for name, url in urls.items()}
            print(
                f"a feed of {len(data):,} bytes, {len(packed):,} in gzip; {ROUNDS} rounds of {SECONDS} s"
                f"{'' if pin else '; NOT pinned to cores'}"
            )
            results: dict[tuple[str, str], list[tuple[float, float]]] = {}
            for _ in range(ROUNDS):
                for kind in ("304", "200"):
                    for name, url in urls.items():
                        # nginx compares the identity's tag; both get the very tag they gave for gzip
                        before = spent(processes[name].pid)
                        rate, count = load(
                            url, tags[name] if kind == "304" else None, ["taskset", "-c", str(cores[1])] if pin else []
                        )
                        used = max(spent(processes[name].pid) - before, 0.01)
                        results.setdefault((kind, name), []).append((rate, count / used))
            print(f"{'':26}{'nginx/s':>12}{'copydesk/s':>12}{'ratio':>8}")
            for kind in ("304", "200"):
                for place, what in enumerate(("", "of processor")):
                    theirs, ours = (
                        statistics.median(one[place] for one in results[kind, name]) for name in ("nginx", "copydesk")
                    )
                    print(f"{f'{kind} {what}':26}{theirs:12,.0f}{ours:12,.0f}{ours / theirs:8.2f}")
        finally:
            for process in processes.values():
                process.send_signal(signal.SIGTERM)
            for process in processes.values():
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        asyncio.run(serve_here(Path(sys.argv[2]), int(sys.argv[3])))
    else:
        sys.exit(main())
