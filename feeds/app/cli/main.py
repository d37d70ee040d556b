"""The command `copydesk`. Commands are thin: they parse, call one function, and print.

A command's module is imported when the command is called; `--help` and `--version` import none of them.
"""

from __future__ import annotations

import errno
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, CycloptsError, Group, Parameter

from ..system.output import Output
from ..system.version import VERSION
from .command import BUG, CONFIGURATION, DONE, FAILED, IN_USE, UNUSABLE, USAGE, Context, Ctx

HELP = """Turns news sites into feeds: one entry per story, one Atom feed per topic.

Start with `copydesk demo` (needs no internet), or `copydesk init DIR` for sites of your own.
Exit codes: 0 done · 1 bug · 2 wrong usage · 3 configuration invalid · 4 store or address in use · 5 store unusable ·
6 finished, some sources failed."""

# Where the commands are. Names that Python or the module uses itself end with an underscore.
MODULES = {
    "setup": "demo init sample backup forget remember schema_",
    "seeds.add": "add",
    "seeds.opml": "opml",
    "inspect": "check search why history log",
    "run": "run scraper feed try_ publish",
    "fetch": "fetch backfill",
    "status": "status",
    "seeds.sources": "sources",
    "queries": "topics retopic",
    "seeds.repair": "repair",
    "tokens": "token",
    "records.export": "export",
    "records.import_": "import_",
    "records.move": "store",
    "desk": "desk",
    "recover": "restore rebuild_ vacuum",
    "main": "completion",
    "output.completion": "names",
}
# How --help lists the commands: each with the first line of its help.
LISTED = {
    "To begin": """
demo       The whole program without the internet: a small newsroom of sample sites on loopback, and the daemon on it.
init       Make an installation: a commented config.toml, starter seeds of real news sites, and schemas for editors.
add        Find how a site offers its stories, show it, and write seeds/NAME.toml.
opml       Lists of subscriptions (OPML).
check      Check configuration, seeds and store; every mistake is named.
run        The daemon: visits the sources, publishes the feeds, and serves them.
scraper    Make visits for a desk that has its store in PostgreSQL: any number of these, on any machine.
""",
    "To see": """
status     How every source and topic is doing, at a glance.
sources    The sources: how they are doing; pause, resume, rename, remove.
topics     The topics: what they hold, and trying out a query.
search     Search what is stored.
why        What became of a page: fetched or not, which record, story and topics, where published, and why.
history    The versions of an article that were seen, and what changed, in words.
log        The latest visits of a source and what became of its links.
feed       Print a topic's feed, as it would be published now.
""",
    "To fetch, and to try out": """
fetch      Fetch now, once: sources by their names, or articles by their addresses.
backfill   Fetch older stories of a source from its sitemaps and archive pages, politely. Again for more.
try        What would be read from a page, and which witness gave each field. Stores nothing.
repair     Find the selectors of a source again after a redesign, by the stories and articles that are stored of it.
sample     Save a page and what is read from it under seeds/NAME/, as a test. Read the answer: it is a claim.
""",
    "To publish": """
publish    Write the folder of feeds and pages without the daemon; what did not change is left alone.
retopic    Apply every topic to all that is stored again; no entry's dates move.
token      Who may read the private topics, and which programs may use the interface.
desk       Getting into the desk, your pages in the browser at /desk.
""",
    "To keep": """
backup     A whole copy of the store while it is in use, verified by opening it.
restore    Put a copy of the store in the place of the store; ids and dates stay, nothing is announced again.
rebuild    Make the store anew from the published folder, when it is lost or damaged and there is no copy.
vacuum     Write the store anew without its free pages: the file shrinks, and gives room back by itself from then on.
export     Write the stored records as lines of JSON, CSV or Parquet, newest first.
import     Read an archive or a crawl into the store: pages and articles become records, nothing is fetched.
forget     Remove a record or a whole source for good: from the store, the feeds and the archives (a legal removal).
store      The store as a whole: moved from a file to a server, and back.
remember   Let an article come back that was forgotten: the next visit that finds it files it anew.
""",
    "For shells and editors": """
completion Print the completion script of a shell, to be put where that shell looks for completions.
names      Print the names of sources or topics, one a line; completion asks for them.
schema     Print the JSON Schema of config.toml or of a seed, for editors.
""",
}

_OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO)

WHERE = {one.rstrip("_"): f"{__package__}.{module}:{one}" for module, all_ in MODULES.items() for one in all_.split()}

CONFIG, VERBOSE, QUIET = ("--config", "-c"), ("--verbose", "-v"), ("--quiet", "-q")
CONFIG_VARIABLE, CONFIG_FILE = "COPYDESK_CONFIG", "config.toml"

Parsed = tuple[Callable[..., object], inspect.BoundArguments, dict[str, Any]]

PARTS = ("sources", "topics", "token", "opml", "desk", "store")  # commands of several parts

OPTIONS = Group("Global options", sort_key=len(LISTED))


def build(tokens: Sequence[str] = ()) -> App:
    """The command with all its commands. The first one named in `tokens` is loaded and brings its whole help itself."""
    app = App(name="copydesk", help=HELP, version=VERSION, help_format="markdown", suppress_keyboard_interrupt=False)
    app.meta.group_parameters = OPTIONS
    app.meta.suppress_keyboard_interrupt = False  # we report the interruption ourselves
    named = next((token for token in tokens if token in WHERE), None)  # `names topics` needs nothing of `topics`
    for place, (title, listed) in enumerate(LISTED.items()):
        group = Group(title, sort_key=place)
        for order, line in enumerate(listed.strip().splitlines()):
            name, text = line.split(maxsplit=1)
            app.command(WHERE[name], name=name, group=group, sort_key=order, help=None if name == named else text)
    for name in ("--help", "--version"):
        app[name].group = OPTIONS
    if named is not None:
        app[named]  # it is resolved here, with the groups of `app` and not with those of `app.meta`

    @app.meta.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        config: Annotated[Path, Parameter(name=CONFIG, env_var=CONFIG_VARIABLE, help="The configuration file.")] = Path(
            CONFIG_FILE
        ),
        verbose: Annotated[bool, Parameter(name=VERBOSE, negative="", help="Say more of what is done.")] = False,
        quiet: Annotated[bool, Parameter(name=QUIET, negative="", help="Say only what went wrong.")] = False,
    ) -> object:
        if mistake := _no_such_part(app, tokens):
            Output().error(mistake)
            return USAGE
        parsed = app.parse_args(tokens, exit_on_error=False, print_error=True)
        return _call(parsed, Context(config, Output(quiet=quiet), verbose))

    return app


def directly(tokens: Sequence[str]) -> tuple[Parsed, Context] | None:
    """A command line of the usual form, read by its command alone: most of the work of parsing is thus not done.

    None for every other one, wrong ones and those that ask for help among them: `build` reads and explains it.
    """
    rest: list[str] = []
    told: dict[str, str] = {}
    words = iter(tokens)
    for word in words:
        name, is_, value = word.partition("=")
        if name in CONFIG and (word == name or name.startswith("--")):
            known, value = CONFIG[0], value if is_ else next(words, "-")
        elif word in VERBOSE or word in QUIET:
            known = VERBOSE[0] if word in VERBOSE else QUIET[0]
        elif word.startswith("-") and (len(word) < 4 or word[1] != "-" or name in ("--help", "--version")):
            return None
        else:
            rest.append(word)
            continue
        if known in told or value.startswith("-"):
            return None
        told[known] = value
    if not rest or rest[0] not in WHERE:
        return None
    module, _, function = WHERE[rest[0]].partition(":")
    command = getattr(importlib.import_module(module), function)
    if isinstance(command, App):
        app = command
    else:
        app = App(name=rest[0])
        app.default(command)
    try:
        parsed = app.parse_args(rest[1:], exit_on_error=False, print_error=False)
    except CycloptsError:
        return None
    if isinstance(getattr(parsed[0], "__self__", None), App):
        return None  # a command of several parts, without one: its help is shown
    config = told.get(CONFIG[0], os.environ.get(CONFIG_VARIABLE, CONFIG_FILE))
    return parsed, Context(Path(config), Output(quiet=QUIET[0] in told), VERBOSE[0] in told)


def _call(parsed: Parsed, context: Context) -> object:
    """Call a command with the arguments that were read for it."""
    if "structlog" in sys.modules:  # else the command logs nothing, and the logging need not be loaded
        from ..system import logs

        logs.configure(level=context.level)
    command, bound, ignored = parsed
    return command(*bound.args, **bound.kwargs, **dict.fromkeys(ignored, context))


def _no_such_part(app: App, tokens: Sequence[str]) -> str | None:
    """The error for `sources pasue NAME`: an unknown subcommand, with the nearest one."""
    if len(tokens) < 2 or tokens[0] not in PARTS or tokens[1].startswith("-"):
        return None
    from ..system.suggestions import no_such

    parts = [name for name in app[tokens[0]] if not name.startswith("-")]
    return None if tokens[1] in parts else no_such(f"command copydesk {tokens[0]}", tokens[1], parts)


def completion(shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(help="Which shell.")], *, ctx: Ctx) -> int:
    """Print the completion script of a shell, to be put where that shell looks for completions.

    Names of sources and topics are completed, too.

    Example: `copydesk completion bash > ~/.local/share/bash-completion/completions/copydesk`
    """
    from .output.completion import script

    ctx.output.out.file.write(script(build().generate_completion(shell=shell), shell) + "\n")
    return DONE


def main(arguments: list[str] | None = None) -> int:
    """The entry point: run a command and give its exit code. Known trouble never shows a traceback."""
    tokens = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it scans all installed packages
    if any("\0" in token or (not token.isprintable() and _is_no_text(token)) for token in tokens):
        Output().error("an argument holds bytes that are no text")
        return USAGE
    try:
        if found := directly(tokens):
            result = _call(*found)
        else:
            result = build(tokens).meta(tokens, exit_on_error=False, print_error=True, result_action="return_value")
        return result if isinstance(result, int) else DONE
    except CycloptsError:
        return USAGE
    except KeyboardInterrupt:
        Output().error("stopped")
        return 130
    except BrokenPipeError:
        # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        told = str(error.filename or "")
        if not any(token and not token.startswith("-") and told.startswith(token) for token in tokens):
            return _failed(error, Output())
        shown = told if len(told) < 200 else f"{told[:100]}…"
        Output().error(f"{shown}: {error.strerror}")  # a file that an argument named
        return USAGE
    except Exception as error:  # noqa: BLE001 the last handler: known errors in one line, bugs with their traceback
        return _failed(error, Output())


def _is_no_text(token: str) -> bool:
    """Whether an argument cannot be encoded as UTF-8."""
    return any("\ud800" <= sign <= "\udfff" for sign in token)


def _failed(error: Exception, output: Output) -> int:
    """Print what went wrong; the exit code."""
    import traceback

    from scrapers import CopydeskError, Forbidden, SeedError

    from ...errors import ConfigError, QueryError, StoreBusy, StoreInUse, StoreUnusable

    if isinstance(error, ConfigError | QueryError | SeedError):
        output.error(error.pointed() if isinstance(error, QueryError) else error.reason)
        return CONFIGURATION
    if isinstance(error, StoreInUse):
        output.error(error.reason)
        return IN_USE
    if isinstance(error, StoreUnusable):
        output.error(error.reason)
        return UNUSABLE
    if isinstance(error, StoreBusy):  # a full or read-only disk, or another process that writes for very long
        output.error(f"{error.reason}; nothing was changed, try again")
        return UNUSABLE
    if isinstance(error, CopydeskError):
        where = f"{error.url}: " if error.url and error.url not in error.reason else ""
        closed = isinstance(error, Forbidden) and error.reason.endswith("is not a public address")
        hint = "; `allow_networks` in [fetch] opens networks of your own" if closed else ""
        output.error(f"{where}{error.reason}{hint}")
        return FAILED
    if isinstance(error, OSError) and (error.filename or error.errno in _OF_THE_MACHINE):
        where = f"{error.filename}: " if error.filename else ""
        output.error(f"{where}{error.strerror or error}")
        return FAILED
    traceback.print_exception(error)
    output.error("This is a bug in copydesk. Please report it with the lines above.")
    return BUG
