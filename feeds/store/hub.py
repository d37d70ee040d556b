"""Subscriptions and deliveries of the hub in SQLite. Functions over a connection; times in seconds since 1970."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from ..hub import Delivery, Subscription


def keep_subscription(db: sqlite3.Connection, subscription: Subscription) -> None:
    """A confirmed subscription, new or renewed."""
    db.execute(
        "INSERT INTO subscription(callback, topic, secret, until) VALUES(?,?,?,?)"
        " ON CONFLICT(topic, callback) DO UPDATE SET secret=excluded.secret, until=excluded.until",
        (subscription.callback, subscription.topic, subscription.secret, subscription.until),
    )


def end_subscription(db: sqlite3.Connection, callback: str, topic: str) -> bool:
    """Whether there was such a subscription; it is gone, with what it was owed."""
    return db.execute("DELETE FROM subscription WHERE topic=? AND callback=?", (topic, callback)).rowcount > 0


def subscriptions(db: sqlite3.Connection, now: float) -> list[Subscription]:
    """Every subscription whose lease runs; those that ended are removed."""
    db.execute("DELETE FROM subscription WHERE until<=?", (now,))
    rows = db.execute("SELECT callback, topic, until, secret FROM subscription ORDER BY topic, callback")
    return [Subscription(*row) for row in rows]


def is_subscribed(db: sqlite3.Connection, callback: str, topic: str) -> bool:
    """Whether there is such a subscription."""
    row = db.execute("SELECT 1 FROM subscription WHERE topic=? AND callback=?", (topic, callback)).fetchone()
    return row is not None


def count_subscriptions(db: sqlite3.Connection) -> int:
    """How many there are."""
    return int(db.execute("SELECT count(*) FROM subscription").fetchone()[0])


def owe(db: sqlite3.Connection, topics: Iterable[str], now: float) -> None:
    """The documents changed: each of their subscribers is owed the newest version.

    Who did not take an earlier one keeps its place in the row of tries: a dead callback is not asked more often
    because there is more news.
    """
    for topic in topics:
        db.execute(
            "INSERT INTO delivery(callback, topic, since, due) SELECT callback, topic, ?, ? FROM subscription"
            " WHERE topic=? AND until>? ON CONFLICT(topic, callback) DO UPDATE SET version=version+1",
            (now, now, topic, now),
        )


def due_deliveries(db: sqlite3.Connection, now: float, limit: int = 200) -> list[Delivery]:
    """What is to be sent now, the longest owed first."""
    rows = db.execute(
        "SELECT callback, topic, secret, version, since, tries FROM delivery JOIN subscription USING(topic, callback)"
        " WHERE due<=? ORDER BY due LIMIT ?",
        (now, limit),
    )
    return [Delivery(*row) for row in rows]


def next_delivery(db: sqlite3.Connection) -> float | None:
    """When the next delivery is due; None when nobody is owed anything."""
    row = db.execute("SELECT min(due) FROM delivery").fetchone()
    return None if row[0] is None else float(row[0])


def delivered(db: sqlite3.Connection, delivery: Delivery, now: float) -> None:
    """It was taken. If the document changed meanwhile, the newer version is owed from now on."""
    key = (delivery.topic, delivery.callback)
    db.execute("DELETE FROM delivery WHERE topic=? AND callback=? AND version<=?", (*key, delivery.version))
    db.execute("UPDATE delivery SET since=?, due=?, tries=0 WHERE topic=? AND callback=?", (now, now, *key))


def try_later(db: sqlite3.Connection, delivery: Delivery, at: float) -> None:
    """It was not taken; the next try is at `at`."""
    db.execute(
        "UPDATE delivery SET due=?, tries=tries+1 WHERE topic=? AND callback=?", (at, delivery.topic, delivery.callback)
    )


def give_up(db: sqlite3.Connection, delivery: Delivery) -> None:
    """It was not taken for a day: the subscription stays, this delivery goes."""
    db.execute("DELETE FROM delivery WHERE topic=? AND callback=?", (delivery.topic, delivery.callback))
