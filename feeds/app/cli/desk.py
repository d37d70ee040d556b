"""Commands for getting into the desk, the owner's pages in the browser: desk link, desk password."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated

from cyclopts import App, Parameter

from ...store import Store, lock_of
from ..application import open_application
from ..config.config import Config
from ..daemon.control import ask
from ..web.desk.desk import SESSIONS
from ..web.desk.entrance import links, passwords
from .command import DONE, FAILED, USAGE, Context, Ctx, with_store
from .output.prompts import Yes, agreed_to_remove

desk = App(name="desk", help="Getting into the desk, your pages in the browser at /desk.")

PATIENCE = 15.0  # seconds for the daemon to take notice


@desk.command
def link(*, ctx: Ctx) -> int:
    """Print a link that opens the desk in a browser, once, within an hour.

    Example: `copydesk desk link`
    """
    config = ctx.config()
    if lock_of(config.store_at).holder() is None:
        ctx.output.error("no daemon is running: `copydesk run` starts it, and prints a link itself")
        return FAILED
    token = links.make_link_token()
    answer = _ask(ctx, config, "desk_link", {"digest": links.link_digest(token)})
    if "error" in answer:
        ctx.output.error(answer["error"])
        return FAILED
    ctx.output.print(f"{answer['address']}/enter?link={token}")
    return DONE


@desk.command
def password(
    *,
    remove: Annotated[bool, Parameter(negative="", help="Take the password away.")] = False,
    yes: Yes = False,
    ctx: Ctx,
) -> int:
    """Set the password of the desk: asked for at a terminal, else the first line of the standard input.

    Whoever is signed in is signed out. Only a hash is kept (argon2id).

    Example: `copydesk desk password` · `copydesk desk password --remove`
    """
    config = ctx.config()
    kept = ""
    if remove:
        if not agreed_to_remove(ctx.output, "the password, and sign everybody out", yes=yes):
            return DONE
    else:
        told = _told()
        if told is None:
            ctx.output.error("the two were not the same; nothing was changed")
            return USAGE
        if mistake := passwords.mistake(told):
            ctx.output.error(f"the password {mistake}; nothing was changed")
            return USAGE
        kept = passwords.hashed(told)

    def work(store: Store) -> None:
        with store.transaction():
            store.meta.put(passwords.FACT, kept)
            store.meta.put(SESSIONS, "[]")

    with_store(ctx, work)
    ctx.output.print(
        "the desk has no password any more" if remove else f"the password of {config.base_url}/desk is set"
    )
    if lock_of(config.store_at).holder() is None:
        return DONE
    answer = _ask(ctx, config, "desk_password", {})
    if "error" in answer:
        ctx.output.error(f"the running daemon did not take notice: {answer['error']}")
        return FAILED
    return DONE


def _told() -> str | None:
    """The password, typed twice by a person or sent by a script; None where the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password of the desk: ")
    return first if getpass("Once more: ") == first else None


def _ask(ctx: Context, config: Config, kind: str, payload: dict[str, str]) -> dict[str, str]:
    async def work() -> dict[str, str]:
        async with open_application(config) as app:
            return await ask(app, kind, payload, PATIENCE)

    return ctx.run(work())
