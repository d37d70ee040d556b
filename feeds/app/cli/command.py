"""What every command gets: the path of the configuration, the output, and the exit codes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from cyclopts import Parameter

from ..system.output import Output

if TYPE_CHECKING:  # imported on first use: not every command reads a configuration
    from ...store import Store
    from ..config.config import Config

T = TypeVar("T")

DONE, BUG, USAGE, CONFIGURATION, IN_USE, UNUSABLE, FAILED = range(7)


@dataclass(frozen=True, slots=True)
class Context:
    """What every command gets."""

    path: Path
    output: Output
    verbose: bool = False
    _loaded: list[Config] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def level(self) -> int:
        """The level of the log."""
        return logging.DEBUG if self.verbose else logging.ERROR if self.output.quiet else logging.INFO

    def config(self) -> Config:
        """The configuration, read once. Raises ConfigError with every mistake."""
        if self._loaded:
            return self._loaded[0]
        from ...errors import ConfigError
        from ..config.config import load

        if not self.path.exists():
            raise ConfigError(
                [f"{self.path}: there is no such file; `copydesk init DIR` makes one, --config names another"]
            )
        self._loaded.append(load(self.path))
        return self._loaded[0]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run asynchronous work to its end."""
        import asyncio

        return asyncio.run(work)


Ctx = Annotated[Context, Parameter(parse=False)]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON, for scripts.")]
Name = Annotated[str, Parameter(help="The name of a source.")]


def an_address(_: object, value: object) -> None:
    """Refuse text that cannot be the address of a page."""
    from scrapers import is_address

    if isinstance(value, str) and not is_address(value):
        raise ValueError(f"should be an address such as https://paper.example/story, not {value[:200]!r}")


def no_wrong_address(_: object, value: object) -> None:
    """Refuse text that begins like an address but is none; names and files are allowed here."""
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, str) and one.lower().startswith(("http:", "https:")):
            an_address(None, one)


def a_moment(_: object, value: object) -> None:
    """Refuse text that is neither a day nor a length of time."""
    from ..system.output import moment

    if isinstance(value, str) and moment(value) is None:
        raise ValueError(f"should be a day such as 2026-01-31 or a length of time such as 7d, not {value[:200]!r}")


def a_count(_: object, value: object) -> None:
    """Refuse a count outside 1 to MOST."""
    if isinstance(value, int) and not 1 <= value <= MOST:
        raise ValueError(f"should be between 1 and {MOST:,}")


MOST = 1_000_000


def with_store(ctx: Context, work: Callable[[Store], T]) -> T:
    """Work on the store of the configuration, beside a daemon or without one."""
    from ...store import open_store

    store = open_store(ctx.config().store_at)
    try:
        return work(store)
    finally:
        store.close()


def known(ctx: Context, config: Config, store: Store, name: str) -> bool:
    """Whether there is a source of this name; if not, print which was probably meant."""
    from ..jobs.source_changes import names_of_sources
    from ..system.suggestions import no_such

    names = names_of_sources(store, config)
    if name in names:
        return True
    ctx.output.error(no_such("source", name, names))
    return False


def tell_daemon(config: Config) -> None:
    """Ask a running daemon to read the seeds anew at once; does nothing without a daemon."""
    from ...store import open_store, store_exists
    from ..system.clock import utc_now

    if not store_exists(config.store_at):
        return
    store = open_store(config.store_at)
    try:
        store.control.ask("reload", {}, utc_now())
    finally:
        store.close()


def write_seed(target: Path, text: str) -> None:
    """Write a new seed file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
