"""Subscriptions and deliveries of the hub ; times in seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable

from ...rows import Delivery, Subscription
from ..database.connection import Connection


class WebSubTable:
    """Subscriptions and their pending deliveries. What writes is called inside a transaction."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def keep(self, subscription: Subscription) -> None:
        """A confirmed subscription, new or renewed."""
        self.db.execute(
            "INSERT INTO subscription(callback, topic, secret, until) VALUES(?,?,?,?)"
            " ON CONFLICT(topic, callback) DO UPDATE SET secret=excluded.secret, until=excluded.until",
            (subscription.callback, subscription.topic, subscription.secret, subscription.until),
        )

    def end(self, callback: str, topic: str) -> bool:
        """Whether there was such a subscription; it is gone, with what it was owed."""
        return self.db.execute("DELETE FROM subscription WHERE topic=? AND callback=?", (topic, callback)).rowcount > 0

    def subscriptions(self, now: float) -> list[Subscription]:
        """Every subscription whose lease runs; those that ended are removed."""
        self.db.execute("DELETE FROM subscription WHERE until<=?", (now,))
        rows = self.db.execute("SELECT callback, topic, until, secret FROM subscription ORDER BY topic, callback")
        return [Subscription(*row) for row in rows]

    def is_subscribed(self, callback: str, topic: str) -> bool:
        """Whether there is such a subscription."""
        row = self.db.execute("SELECT 1 FROM subscription WHERE topic=? AND callback=?", (topic, callback)).fetchone()
        return row is not None

    def listed(self, now: float, limit: int) -> list[tuple[Subscription, int]]:
        """Subscriptions whose lease runs, by their feeds, each with how often its delivery was tried in vain."""
        rows = self.db.execute(
            "SELECT subscription.callback, subscription.topic, until, secret, coalesce(delivery.tries, 0)"
            " FROM subscription LEFT JOIN delivery ON delivery.topic=subscription.topic"
            " AND delivery.callback=subscription.callback WHERE until>?"
            " ORDER BY subscription.topic, subscription.callback LIMIT ?",
            (now, limit),
        )
        return [(Subscription(row[0], row[1], row[2], row[3]), row[4]) for row in rows]

    def count(self) -> int:
        """How many there are."""
        return int(self.db.execute("SELECT count(*) FROM subscription").fetchone()[0])

    def owe(self, topics: Iterable[str], now: float) -> None:
        """The documents changed: each of their subscribers is owed the newest version.

        Who did not take an earlier one keeps its place in the row of tries: a dead callback is not asked more often
        because there is more news.
        """
        for topic in topics:
            self.db.execute(
                "INSERT INTO delivery(callback, topic, since, due) SELECT callback, topic, ?, ? FROM subscription"
                " WHERE topic=? AND until>? ON CONFLICT(topic, callback) DO UPDATE SET version=delivery.version+1",
                (now, now, topic, now),
            )

    def due(self, now: float, limit: int = 200) -> list[Delivery]:
        """What is to be sent now, the longest owed first."""
        rows = self.db.execute(
            "SELECT callback, topic, secret, version, since, tries FROM delivery"
            " JOIN subscription USING(topic, callback) WHERE due<=? ORDER BY due LIMIT ?",
            (now, limit),
        )
        return [Delivery(*row) for row in rows]

    def next_due(self) -> float | None:
        """When the next delivery is due; None when nobody is owed anything."""
        row = self.db.execute("SELECT min(due) FROM delivery").fetchone()
        return None if row[0] is None else float(row[0])

    def delivered(self, delivery: Delivery, now: float) -> None:
        """It was taken. If the document changed meanwhile, the newer version is owed from now on."""
        key = (delivery.topic, delivery.callback)
        self.db.execute("DELETE FROM delivery WHERE topic=? AND callback=? AND version<=?", (*key, delivery.version))
        self.db.execute("UPDATE delivery SET since=?, due=?, tries=0 WHERE topic=? AND callback=?", (now, now, *key))

    def try_later(self, delivery: Delivery, at: float) -> None:
        """It was not taken; the next try is at `at`."""
        self.db.execute(
            "UPDATE delivery SET due=?, tries=tries+1 WHERE topic=? AND callback=?",
            (at, delivery.topic, delivery.callback),
        )

    def give_up(self, delivery: Delivery) -> None:
        """It was not taken for a day: the subscription stays, this delivery goes."""
        self.db.execute("DELETE FROM delivery WHERE topic=? AND callback=?", (delivery.topic, delivery.callback))
