"""The command `copydesk`. Commands are thin: they parse, call one function, and print."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from cyclopts import App, CycloptsError, Group, Parameter

from scrapers import CopydeskError, SeedError

from ...errors import ConfigError, QueryError, StoreInUse, StoreUnusable
from ...store import refusal
from .. import logs
from ..config import Config, load
from ..fetching import VERSION
from .output import Output

T = TypeVar("T")

DONE, BUG, USAGE, CONFIGURATION, IN_USE, UNUSABLE, FAILED = range(7)
HELP = """Turns news sites into feeds: one entry per story, one Atom feed per topic.

Start with `copydesk demo` (needs no internet), or `copydesk init DIR` for sites of your own.
Exit codes: 0 done · 1 bug · 2 wrong usage · 3 configuration invalid · 4 store in use · 5 store unusable ·
6 finished, some sources failed."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every command is given: where the configuration is, and how to print."""

    path: Path
    output: Output
    verbose: bool = False

    @property
    def level(self) -> int:
        """From which level on the log tells."""
        return logging.DEBUG if self.verbose else logging.ERROR if self.output.quiet else logging.INFO

    def config(self) -> Config:
        """The configuration. Raises ConfigError with every mistake."""
        if not self.path.exists():
            raise ConfigError(
                [f"{self.path}: there is no such file; `copydesk init DIR` makes one, --config names another"]
            )
        return load(self.path)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run asynchronous work to its end."""
        return asyncio.run(work)


Ctx = Annotated[Context, Parameter(parse=False)]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON, for scripts.")]

GROUPS = {  # how --help lists the commands
    "To begin": ("demo", "init", "add", "opml", "check", "run"),
    "To see": ("status", "sources", "topics", "search", "why", "history", "log", "feed"),
    "To fetch, and to try out": ("fetch", "backfill", "try", "repair", "sample"),
    "To publish": ("publish", "retopic", "token"),
    "To keep": ("backup", "restore", "rebuild", "vacuum", "forget"),
    "For shells and editors": ("completion", "schema"),
}

OPTIONS = Group("Global options", sort_key=len(GROUPS))

app = App(name="copydesk", help=HELP, version=VERSION, help_format="markdown")
app.meta.group_parameters = OPTIONS


@app.meta.default
def _launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    config: Annotated[
        Path, Parameter(name=["--config", "-c"], env_var="COPYDESK_CONFIG", help="The configuration file.")
    ] = Path("config.toml"),
    verbose: Annotated[
        bool, Parameter(name=["--verbose", "-v"], negative="", help="Say more of what is done.")
    ] = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", help="Say only what went wrong.")] = False,
) -> object:
    command, bound, ignored = app.parse_args(tokens, exit_on_error=False, print_error=True)
    context = Context(config, Output(quiet=quiet), verbose)
    logs.configure(level=context.level)
    return command(*bound.args, **bound.kwargs, **dict.fromkeys(ignored, context))


def main(arguments: list[str] | None = None) -> int:
    """The entry point: run a command and give its exit code. Known trouble never shows a traceback."""
    errors = Output()
    try:
        result = _run(lambda: app.meta(arguments, exit_on_error=False, print_error=True, result_action="return_value"))
        return result if isinstance(result, int) else DONE
    except CycloptsError:
        return USAGE
    except (ConfigError, QueryError, SeedError) as error:
        errors.error(error.pointed() if isinstance(error, QueryError) else error.reason)
        return CONFIGURATION
    except StoreInUse as error:
        errors.error(error.reason)
        return IN_USE
    except StoreUnusable as error:
        errors.error(error.reason)
        return UNUSABLE
    except CopydeskError as error:
        where = f"{error.url}: " if error.url and error.url not in error.reason else ""
        errors.error(f"{where}{error.reason}")
        return FAILED
    except KeyboardInterrupt:
        errors.error("stopped")
        return 130
    except BrokenPipeError:
        # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 the last handler: a bug, shown whole
        why = refusal(error)
        if why is not None:  # a full or read-only disk, or another process that writes for very long
            errors.error(f"{why}; nothing was changed, try again")
            return UNUSABLE
        traceback.print_exc()
        errors.error("This is a bug in copydesk. Please report it with the lines above.")
        return BUG


def _run(call: Callable[[], object]) -> object:
    """The commands are registered when they are first needed, so that --version stays quick."""
    from . import adding, keeping, letting_in, looking, repairing, rescuing, trying, working  # noqa: F401 for their commands

    arrange()
    return call()


def arrange() -> None:
    """Put the commands into the groups of GROUPS."""
    for place, (title, names) in enumerate(GROUPS.items()):
        group = Group(title, sort_key=place)
        for order, name in enumerate(names):
            app[name].group, app[name].sort_key = group, order
    for name in ("--help", "--version"):
        app[name].group = OPTIONS
