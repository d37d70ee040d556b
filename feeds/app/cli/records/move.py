"""Commands for the store as a whole: store copy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from scrapers import is_reference

from ....errors import StoreBusy, StoreInUse, StoreUnusable
from ....store import Location, PostgresLocation, lock_of, open_store, store_exists
from ....store.copying import copy_store
from ....store.database.location import is_postgres, wrong_url
from ..command import DONE, IN_USE, UNUSABLE, USAGE, Ctx
from ..output.progress import progress
from ..output.prompts import counted

store = App(name="store", help="The store as a whole: moved from a file to a server, and back.")

_FROM = Parameter(help="The store to copy: sqlite:PATH or postgresql://USER@HOST/DATABASE.")
_TO = Parameter(help="An empty store, in the same form; a file is made.")


def _a_reference(_: object, value: object) -> None:
    if isinstance(value, str) and not is_reference(value):
        raise ValueError('should be "env:NAME" or "file:PATH", where the password is kept')


_SECRET = Parameter(help="Where the password of its user is kept: env:NAME or file:PATH.", validator=_a_reference)


@store.command
def copy(
    from_: Annotated[str, _FROM],
    to: Annotated[str, _TO],
    *,
    from_password: Annotated[str | None, _SECRET] = None,
    to_password: Annotated[str | None, _SECRET] = None,
    ctx: Ctx,
) -> int:
    """Copy a store into an empty one with all its numbers, ids, dates, archives and tokens. The daemon must not run.

    Then say the new one as store.url. What lies beside a store in files stays where it is: copies, pages that failed,
    private feeds (they are written anew).

    Example: `copydesk store copy sqlite:var/copydesk.db postgresql://copydesk@db.example.org/copydesk`
    """
    for told in (from_, to):
        if (wrong := wrong_url(told)) is not None:
            ctx.output.error(f"{told if ':' in told and not is_postgres(told) else 'the address'}: {wrong}")
            return USAGE
    source, target = _location(from_, from_password), _location(to, to_password)
    if source == target:
        ctx.output.error("both are the same store")
        return USAGE
    locks = [lock_of(source)]
    try:
        if not store_exists(source):
            ctx.output.error(f"{source}: there is no store")
            return USAGE
        locks[0].take()
        locks.append(lock_of(target))
        locks[1].take()
        count = _copied(ctx, source, target)
    except StoreInUse as error:
        ctx.output.error(f"{error.reason}; stop it before")
        return IN_USE
    except (StoreBusy, StoreUnusable) as error:
        ctx.output.error(error.reason)
        return UNUSABLE
    finally:
        for lock in reversed(locks):
            lock.release()
    ctx.output.print(f"{counted(count, 'row')} of {source} are in {target}; now say it as store.url")
    return DONE


def _copied(ctx: Ctx, source: Location, target: Location) -> int:
    opened = open_store(source)
    try:
        empty = open_store(target, daemon=True)
        try:
            with progress(ctx, "copying the store") as told:
                return copy_store(opened, empty, told)
        finally:
            empty.close()
    finally:
        opened.close()


def _location(url: str, password: str | None) -> Location:
    if is_postgres(url):
        return PostgresLocation(url, Path(), password)
    return Path(re.sub(r"^sqlite:", "", url))
