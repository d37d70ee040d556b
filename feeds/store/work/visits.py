"""Visits to be made and what came of them: the desk asks, procrastinate hands out, scrapers give back, each once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from ...errors import StoreBusy
from .database import WorkDatabase

Queue = Literal["visits", "render"]
TASK = "copydesk:visit"
ANSWERS = "copydesk_answers"  # the channel on which answers are told
LOST = 20.0  # seconds without a sign of life after which a scraper's visits are given to others
TRIES = 5  # of a visit whose scrapers die


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scraper gave back, with the visit that it answers."""

    visit: str
    source: str
    scraper: str
    request: bytes
    document: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit that was handed to a scraper. `job` is procrastinate's."""

    visit: str
    document: bytes | None  # None: it was answered already, or nobody waits for it any more
    job: Any


class WorkTable:
    """The visits of all sources that are to be made now."""

    def __init__(self, database: WorkDatabase) -> None:
        self._database = database

    # --- the desk

    async def ask(self, source: str, document: bytes, *, queue: Queue, priority: int) -> str | None:
        """Queue a visit; its id. None when one of this source is to be made already. Raises StoreBusy."""
        identity = str(uuid.uuid4())
        async with self._database.transaction() as db:
            found = await db.execute(
                "INSERT INTO copydesk_work.visit(id, source, queue, priority, document) VALUES (%s, %s, %s, %s, %s)"
                " ON CONFLICT (source) DO NOTHING",
                (identity, source, queue, priority, document),
            )
            if not found.rowcount:
                return None
            await self._defer(identity, source, queue, priority, db)
        return identity

    async def hurry(self, source: str, priority: int) -> None:
        """Let a visit that still waits go before others. Raises StoreBusy."""
        await self._database.run(
            "UPDATE copydesk_jobs.procrastinate_jobs SET priority = greatest(priority, %s)"
            " WHERE queueing_lock = %s AND status = 'todo'",
            priority,
            source,
        )

    async def answers(self, limit: int = 20) -> list[Answer]:
        """The answers that are not kept yet, in the order of their arrival. Raises StoreBusy."""
        rows = await self._database.all(
            "SELECT visit::text, source, scraper, v.document, a.document"
            " FROM copydesk_work.answer a JOIN copydesk_work.visit v ON v.id = a.visit"
            " ORDER BY n LIMIT %s",
            limit,
        )
        return [Answer(*row) for row in rows]

    async def parts(self, limit: int = 20) -> list[tuple[int, Answer]]:
        """What was given of visits that go on, with numbers, in the order of arrival. Raises StoreBusy."""
        rows = await self._database.all(
            "SELECT n, visit::text, source, scraper, v.document, p.document"
            " FROM copydesk_work.part p JOIN copydesk_work.visit v ON v.id = p.visit"
            " WHERE NOT EXISTS (SELECT 1 FROM copydesk_work.answer a WHERE a.visit = p.visit) ORDER BY n LIMIT %s",
            limit,
        )
        return [(row[0], Answer(*row[1:])) for row in rows]

    async def part_done(self, n: int) -> None:
        """A part is kept or refused. Raises StoreBusy."""
        await self._database.run("DELETE FROM copydesk_work.part WHERE n = %s", n)

    async def done(self, visit: str) -> None:
        """An answer is kept or refused: nothing of the visit stays. Raises StoreBusy."""
        await self._database.run("DELETE FROM copydesk_work.visit WHERE id = %s", visit)

    async def rescue(self, no_run: bytes) -> int:
        """Give visits of scrapers that are gone to others; how many. One that ended five gets `no_run` as its answer.

        Visits without a job, which a restart of the queue leaves behind, are queued again. Raises StoreBusy.
        """
        manager = self._database.jobs
        stalled = await self._database.managed(manager.get_stalled_jobs, seconds_since_heartbeat=LOST)
        count = 0
        for job in stalled:
            try:
                if job.attempts + 1 >= TRIES:
                    await self.give(str(job.task_kwargs["visit"]), "desk", no_run)
                    await self.finish(job)
                else:
                    await self._database.managed(manager.retry_job_by_id_async, job.id, retry_at=_epoch())
            except StoreBusy:
                continue  # another desk or the scraper itself was faster; what is left is seen at the next look
            count += 1
        await self._database.managed(manager.prune_stalled_workers, 3 * LOST)
        for identity, source, queue, priority in await self._database.all(
            "SELECT id::text, source, queue, priority FROM copydesk_work.visit v"
            " WHERE NOT EXISTS (SELECT 1 FROM copydesk_work.answer WHERE visit = v.id) AND NOT EXISTS"
            " (SELECT 1 FROM copydesk_jobs.procrastinate_jobs WHERE queueing_lock = v.source"
            "  AND status IN ('todo', 'doing'))"
        ):
            await self._defer(identity, source, queue, priority, None)
            count += 1
        return count

    async def _defer(self, identity: str, source: str, queue: str, priority: int, db: Any) -> None:
        from procrastinate.exceptions import AlreadyEnqueued
        from procrastinate.jobs import Job

        job = Job(
            queue=queue,
            priority=priority,
            lock=None,  # deep queues of locks are slow, and a host's turn is taken for each request
            queueing_lock=source,
            task_name=TASK,
            task_kwargs={"visit": identity},
        )
        try:
            await self._database.managed(self._database.jobs.batch_defer_jobs_async, [job], connection=db)
        except AlreadyEnqueued as error:
            raise StoreBusy(f"a job of {source} waits that no visit belongs to") from error

    # --- a scraper

    async def register(self) -> int:
        """A new worker's number. Raises StoreBusy."""
        return int(await self._database.managed(self._database.jobs.register_worker))

    async def unregister(self, worker: int) -> None:
        """The worker is gone. Raises StoreBusy."""
        await self._database.managed(self._database.jobs.unregister_worker, worker)

    async def heartbeat(self, worker: int) -> None:
        """The worker lives. Raises StoreBusy."""
        await self._database.managed(self._database.jobs.update_heartbeat, worker)

    async def take(self, queues: list[Queue], worker: int) -> Taken | None:
        """The visit that is to be made next; None when there is none. Raises StoreBusy."""
        job = await self._database.managed(self._database.jobs.fetch_job, queues, worker)
        if job is None:
            return None
        visit = str(job.task_kwargs.get("visit"))
        row = await self._database.one("SELECT copydesk_work.visit_document(%s)", visit)
        return Taken(visit, None if row is None or row[0] is None else bytes(row[0]), job)

    async def give(self, visit: str, scraper: str, document: bytes) -> bool:
        """Give an answer; False when there is one already. Raises StoreBusy."""
        row = await self._database.one("SELECT copydesk_work.give(%s, %s, %s)", visit, scraper, document)
        return bool(row[0])

    async def give_part(self, visit: str, scraper: str, document: bytes) -> bool:
        """Give a part of an answer that comes later; False when it is not taken. Raises StoreBusy."""
        row = await self._database.one("SELECT copydesk_work.give_part(%s, %s, %s)", visit, scraper, document)
        return bool(row[0])

    async def finish(self, job: Any) -> None:
        """The job is done, whoever did it: nothing of it stays. Raises StoreBusy."""
        from procrastinate.jobs import Status

        await self._database.managed(self._database.jobs.finish_job, job, Status.SUCCEEDED, delete_job=True)


def _epoch() -> datetime:
    """A moment that is long over: at once."""
    return datetime.fromtimestamp(0, UTC)


def channels(queues: list[Queue]) -> list[str]:
    """The channels on which procrastinate tells of new jobs."""
    return [f"procrastinate_queue_v1#{queue}" for queue in queues]
