"""Commands for private topics: token add, list, revoke."""

from __future__ import annotations

import re
from typing import Annotated

from cyclopts import App, Parameter

from ... import tokens as chance
from ...store import Lock, Store
from ...store.tokens import add_token, revoke_tokens, tokens
from .. import wishes
from ..config import Config
from ..desk import Desk, utc_now
from . import DONE, FAILED, USAGE, Context, Ctx, Json, app
from .looking import with_store
from .output import ago

token = App(name="token", help="Who may read the private topics: one token for each reader.")
app.command(token)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
PATIENCE = 15.0  # seconds for the daemon to take notice
Topic = Annotated[str, Parameter(help="The name of a private topic.")]


@token.command
def add(
    topic: Topic,
    *,
    name: Annotated[str, Parameter(help="For whom: a person or a device. It is what `revoke` is told.")] = "reader",
    ctx: Ctx,
) -> int:
    """Make a token and print the address of the feed with it. It is shown once: only its hash is kept."""
    config = ctx.config()
    if not NAME.fullmatch(name):
        ctx.output.error("--name: should be 1 to 64 letters, digits and . _ @ + -")
        return USAGE
    known = {one.name: one for one in config.all_topics()}
    if topic not in known or not known[topic].private:
        private = ", ".join(one.name for one in known.values() if one.private) or "none"
        ctx.output.error(f"{topic}: is no private topic; private are: {private} (`private = true` in its [[topics]])")
        return USAGE
    made = chance.make()

    def work(store: Store) -> str | None:
        if all(row.name != topic for row in store.topics()):
            return f"{topic}: is not in the store yet; `copydesk run` or `copydesk publish` takes it up"
        with store.writing():
            if not add_token(store.db, topic, name, chance.digest(made), utc_now()):
                return f"{topic}: {name} has a token already; give another --name, or revoke that one first"
        return None

    mistake = with_store(ctx, work)
    if mistake is not None:
        ctx.output.error(mistake)
        return USAGE
    ctx.output.print(f"{config.base_url}/t/{made}/{topic}.atom")
    ctx.output.say("Keep this address: whoever has it can read the topic, and it is not shown again.")
    return _tell_daemon(ctx, config)


@token.command(name="list")
def list_(*, json: Json = False, ctx: Ctx) -> int:
    """Who has a token of which private topic, and since when."""
    found = with_store(ctx, lambda store: tokens(store.db))
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
    ctx: Ctx,
) -> int:
    """Take a token away; a running daemon refuses it at once."""
    config = ctx.config()
    if (name is None) != all_:
        ctx.output.error("say whose token: its name, or --all")
        return USAGE

    def work(store: Store) -> int:
        with store.writing():
            return revoke_tokens(store.db, topic, name)

    gone = with_store(ctx, work)
    if not gone:
        ctx.output.error(f"{topic}: has no {'tokens' if all_ else f'token of that name ({name})'}")
        return USAGE
    ctx.output.print(f"{gone} revoked")
    return _tell_daemon(ctx, config)


def _tell_daemon(ctx: Context, config: Config) -> int:
    """A running daemon takes notice before the command ends, so that what it says holds."""
    if Lock(config.store_path).holder() is None:
        return DONE

    async def work() -> str:
        async with Desk(config) as desk:
            return str((await wishes.ask(desk, "tokens", {}, PATIENCE)).get("error", ""))

    error = ctx.run(work())
    if error:
        ctx.output.error(f"the running daemon did not take notice: {error}")
        return FAILED
    return DONE
