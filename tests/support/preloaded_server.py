"""The process behind `preloaded`: it loads the program's modules and forks for each line of its standard input."""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from feeds.app.cli.main import main
from feeds.app.workers import fork_server
from feeds.app.workers.pool import Workers
from feeds.store import failpoints
from tests.support.forked_readers import stand_by
from tests.support.reading_inside import once

_LOADED = (
    "feeds.app.application",
    "feeds.app.cli.command",
    "feeds.app.cli.fetch",
    "feeds.app.cli.inspect",
    "feeds.app.cli.main",
    "feeds.app.cli.queries",
    "feeds.app.cli.recover",
    "feeds.app.cli.run",
    "feeds.app.cli.seeds.add",
    "feeds.app.cli.status",
    "feeds.app.cli.tokens",
    "feeds.app.daemon.daemon",
    "feeds.app.daemon.once",
    "feeds.app.installation",
    "feeds.app.workers.worker",
    "feeds.publish.plan",
    "scrapers.crawl.backfill",
    "scrapers.crawl.scrape",
    "scrapers.fetch",
    "scrapers.schedule.next_visit",
)


def serve() -> None:
    """Load the modules, then fork for each line of the standard input; a fork returns and is the program."""
    for name in _LOADED:
        importlib.import_module(name)
    fork_server.read_once()
    gc.freeze()
    assert threading.active_count() == 1
    while line := sys.stdin.readline():
        asked = json.loads(line)
        if "poll" in asked:
            ended, status = os.waitpid(asked["poll"], os.WNOHANG)
            told = os.waitstatus_to_exitcode(status) if ended else None
        else:
            told = os.fork()
            if told == 0:
                _become(asked)
        print(json.dumps(told), flush=True)


def _become(asked: Mapping[str, Any]) -> None:
    """Be the program. Does not return."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the suite may ignore it
    for number, place in ((0, os.devnull), (1, asked["log"]), (2, asked["errors"])):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        file = os.open(place, flags, 0o644)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(write_through="PYTHONUNBUFFERED" in os.environ)
    time.tzset()
    os.chdir(asked["folder"])
    sys.argv = ["copydesk", *asked["arguments"]]
    if "COPYDESK_CRASH_AT" in os.environ:
        importlib.reload(failpoints)
    if asked["inside"]:
        Workers._once = once  # type: ignore[method-assign]
    elif stand_by():
        fork_server.main()
        sys.exit()
    sys.exit(main(asked["arguments"]))


if __name__ == "__main__":
    serve()
