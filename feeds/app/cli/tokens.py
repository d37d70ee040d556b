"""Commands for tokens: those of readers of private topics, and those of programs (token api)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from cyclopts import App, Parameter

from ...errors import WrongName
from ...store import Store, lock_of
from ...store.tables.tokens import make_token, token_digest
from ..application import open_application
from ..config.config import Config
from ..daemon.control import ask
from ..jobs import reader_tokens
from ..system.clock import utc_now
from ..system.output import ago
from ..web.api.on_demand import signature
from .command import DONE, FAILED, USAGE, Context, Ctx, Json, with_store
from .output.prompts import DryRun, Yes, agreed_to_remove, counted

token = App(name="token", help="Who may read the private topics, and which programs may use the interface.")
api = App(name="api", help="Tokens for programs that use the interface, /api/v1.")
token.command(api)

PATIENCE = 15.0  # seconds for the daemon to take notice
Topic = Annotated[str, Parameter(help="The name of a private topic.")]


@token.command
def add(
    topic: Topic,
    *,
    name: Annotated[str, Parameter(help="For whom: a person or a device. It is what `revoke` is told.")] = "reader",
    ctx: Ctx,
) -> int:
    """Make a token and print the address of the feed with it. It is shown once: only its hash is kept.

    Example: `copydesk token add letters --name phone`
    """
    config = ctx.config()
    try:
        address = with_store(ctx, lambda store: reader_tokens.give(store, config, topic, name, utc_now()))
    except WrongName as error:
        ctx.output.error(error.reason)
        return USAGE
    ctx.output.print(address)
    ctx.output.say("Keep this address: whoever has it can read the topic, and it is not shown again.")
    return _tell_daemon(ctx, config)


@token.command(name="list")
def list_(*, json: Json = False, ctx: Ctx) -> int:
    """Who has a token of which private topic, and since when.

    Example: `copydesk token list`
    """
    found = with_store(ctx, lambda store: store.tokens.all())
    if json:
        ctx.output.json([{"topic": one.topic, "name": one.name, "added": one.added} for one in found])
        return DONE
    now = utc_now()
    ctx.output.table(["topic", "name", "made"], [[one.topic, one.name, ago(one.added, now)] for one in found])
    return DONE


@token.command
def revoke(
    topic: Topic,
    name: Annotated[str | None, Parameter(help="Whose token, as `copydesk token list` shows.")] = None,
    *,
    all_: Annotated[bool, Parameter(name="--all", negative="", help="All tokens of the topic.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    ctx: Ctx,
) -> int:
    """Take a token away; a running daemon refuses it at once.

    Example: `copydesk token revoke letters phone`
    """
    config = ctx.config()
    if (name is None) != all_:
        ctx.output.error("say whose token: its name, or --all")
        return USAGE
    held = with_store(ctx, lambda store: [one.name for one in store.tokens.all() if one.topic == topic])
    count = len(held) if name is None else held.count(name)
    said = f"{counted(count, 'token')} of {topic}" if name is None else f"the token {name} of {topic}"
    if count and dry_run:
        ctx.output.print(f"would remove {said}")
        return DONE
    if count and not agreed_to_remove(ctx.output, f"{said}, whose address then opens nothing", yes=yes):
        return DONE
    try:
        gone = with_store(ctx, lambda store: reader_tokens.take(store, topic, name))
    except WrongName as error:
        ctx.output.error(error.reason)
        return USAGE
    ctx.output.print(f"{gone} revoked")
    return _tell_daemon(ctx, config)


@api.command(name="add")
def api_add(
    name: Annotated[str, Parameter(help="What for: a program or a device. It is what `revoke` is told.")],
    *,
    write: Annotated[bool, Parameter(negative="", help="It may also change sources and topics.")] = False,
    feed: Annotated[bool, Parameter(negative="", help="It may have feeds of any listing, and no more.")] = False,
    ctx: Ctx,
) -> int:
    """Make a token for a program and print it. It is shown once: only its hash is kept.

    Example: `copydesk token api add dashboard`
    """
    config = ctx.config()
    if not reader_tokens.NAME.fullmatch(name):
        ctx.output.error("the name should be 1 to 64 letters, digits and . _ @ + -")
        return USAGE
    made = make_token()
    if feed and write:
        ctx.output.error("--feed and --write: make two tokens; one goes into the addresses of a feed reader")
        return USAGE
    scopes = ("feed",) if feed else ("read", "write") if write else ("read",)

    def work(store: Store) -> bool:
        with store.transaction():
            return store.api_tokens.add(name, token_digest(made), scopes, utc_now())

    if not with_store(ctx, work):
        ctx.output.error(f"{name} has a token already; choose another name, or revoke that one first")
        return USAGE
    ctx.output.print(made)
    ctx.output.say(f"Send it as `Authorization: Bearer TOKEN` to {config.base_url}/api/v1/. It is not shown again.")
    return _tell_daemon(ctx, config)


@token.command
def sign(url: Annotated[str, Parameter(help="The address of a page or feed that lists stories.")], *, ctx: Ctx) -> int:
    """Print an address that gives any listing as a feed, without a token: it is good for this listing alone.

    Example: `copydesk token sign https://www.paper.example/politics`
    """
    config = ctx.config()
    if not config.web.on_demand:
        ctx.output.warn("feeds on demand are off; `on_demand = true` in [web] turns them on")
    key = with_store(ctx, lambda store: store.meta.picture_key())
    ctx.output.print(f"{config.base_url}/feed?{urlencode({'url': url, 'sig': signature(key, url)})}")
    return DONE


@api.command(name="list")
def api_list(*, json: Json = False, ctx: Ctx) -> int:
    """Which programs have a token, what it allows, and since when.

    Example: `copydesk token api list`
    """
    found = with_store(ctx, lambda store: store.api_tokens.all())
    if json:
        ctx.output.json([{"name": one.name, "scopes": list(one.scopes), "added": one.added} for one in found])
        return DONE
    now = utc_now()
    rows = [[one.name, ", ".join(one.scopes), ago(one.added, now)] for one in found]
    ctx.output.table(["name", "may", "made"], rows)
    return DONE


@api.command(name="revoke")
def api_revoke(
    name: Annotated[str, Parameter(help="Whose token, as `copydesk token api list` shows.")],
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    ctx: Ctx,
) -> int:
    """Take the token of a program away; a running daemon refuses it at once.

    Example: `copydesk token api revoke dashboard`
    """
    config = ctx.config()
    if with_store(ctx, lambda store: any(one.name == name for one in store.api_tokens.all())):
        if dry_run:
            ctx.output.print(f"would remove the token {name}")
            return DONE
        if not agreed_to_remove(ctx.output, f"the token {name}, which then opens nothing", yes=yes):
            return DONE

    def work(store: Store) -> bool:
        with store.transaction():
            return store.api_tokens.revoke(name)

    if not with_store(ctx, work):
        ctx.output.error(f"there is no token {name}; `copydesk token api list` names them")
        return USAGE
    ctx.output.print("1 revoked")
    return _tell_daemon(ctx, config)


def _tell_daemon(ctx: Context, config: Config) -> int:
    """Have a running daemon read the tokens before the command ends, so that its message is true."""
    if lock_of(config.store_at).holder() is None:
        return DONE

    async def work() -> str:
        async with open_application(config) as app:
            return str((await ask(app, "tokens", {}, PATIENCE)).get("error", ""))

    error = ctx.run(work())
    if error:
        ctx.output.error(f"the running daemon did not take notice: {error}")
        return FAILED
    return DONE
