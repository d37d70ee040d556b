"""Tokens of private topics: made for a reader, and taken away. The caller tells a running daemon."""

from __future__ import annotations

import re
from datetime import datetime

from ...errors import WrongName
from ...store import Store
from ...store.tables.tokens import make_token, token_digest
from ..config.config import Config
from ..system.suggestions import no_such

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")


def give(store: Store, config: Config, topic: str, reader: str, now: datetime) -> str:
    """The address of a private topic for one reader, with a token that is kept as its hash alone. Raises WrongName."""
    if not NAME.fullmatch(reader):
        raise WrongName("the name of a reader should be 1 to 64 letters, digits and . _ @ + -")
    known = {one.name: one for one in config.all_topics()}
    if topic not in known or not known[topic].private:
        private = [one.name for one in known.values() if one.private]
        raise WrongName(f"{no_such('private topic', topic, private)} (`private = true` in its [[topics]] makes one)")
    if all(row.name != topic for row in store.topics.all()):
        raise WrongName(f"{topic}: is not in the store yet; `copydesk run` or `copydesk publish` takes it up")
    made = make_token()
    with store.transaction():
        if not store.tokens.add(topic, reader, token_digest(made), now):
            raise WrongName(f"{topic}: {reader} has a token already; give another name, or revoke that one first")
    return f"{config.base_url}/t/{made}/{topic}.atom"


def take(store: Store, topic: str, reader: str | None) -> int:
    """Take one token of a topic away, or all of them; how many. Raises WrongName where there is none."""
    with store.transaction():
        gone = store.tokens.revoke(topic, reader)
    if not gone:
        raise WrongName(f"{topic}: has no {'tokens' if reader is None else f'token of that name ({reader})'}")
    return gone
