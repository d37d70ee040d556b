"""Visits to be made and what came of them: the desk asks, procrastinate hands out, scrapers give back, each once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from ...errors import StoreBusy
from .database import TASK, WorkDatabase

Queue = Literal["visits", "render"]
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
class Job:
    """What hands a visit out: a job of procrastinate."""

    id: int
    worker_id: int
    queueing_lock: str  # the source


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit that was handed to a scraper."""

    visit: str
    document: bytes | None  # None: it was answered already, or nobody waits for it any more
    job: Job
    more: bool  # others wait


class WorkTable:
    """The visits of all sources that are to be made now."""

    def __init__(self, database: WorkDatabase) -> None:
        self._database = database

    # --- the desk

    async def ask(self, source: str, document: bytes, *, queue: Queue, priority: int) -> str | None:
        """Queue a visit; its id. None when one of this source is to be made already. Raises StoreBusy."""
        identity = str(uuid.uuid4())
        sql = "SELECT copydesk_work.desk_ask(%s, %s, %s, %s, %s)"
        row = await self._database.one(sql, identity, source, queue, priority, document)
        return identity if row[0] else None

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
                    await self.finish(job.id)
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
            await self._defer(identity, source, queue, priority)
            count += 1
        return count

    async def _defer(self, identity: str, source: str, queue: str, priority: int) -> None:
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
            await self._database.managed(self._database.jobs.batch_defer_jobs_async, [job])
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
        sql = "SELECT job, visit, source, document, more FROM copydesk_work.take_visit(%s, %s)"
        job, visit, source, document, more = await self._database.one(sql, queues, worker)
        if job is None:
            return None
        return Taken(visit, None if document is None else bytes(document), Job(job, worker, source), more)

    async def give(self, visit: str, scraper: str, document: bytes) -> bool:
        """Give an answer; False when there is one already. Raises StoreBusy."""
        row = await self._database.one("SELECT copydesk_work.give(%s, %s, %s)", visit, scraper, document)
        return bool(row[0])

    async def give_and_finish(self, taken: Taken, scraper: str, document: bytes) -> bool:
        """Give an answer and finish its job; False when there is an answer already. Raises StoreBusy."""
        sql = "SELECT copydesk_work.give_and_finish(%s, %s, %s, %s)"
        row = await self._database.one(sql, taken.visit, scraper, document, taken.job.id)
        return bool(row[0])

    async def give_part(self, visit: str, scraper: str, document: bytes) -> bool:
        """Give a part of an answer that comes later; False when it is not taken. Raises StoreBusy."""
        row = await self._database.one("SELECT copydesk_work.give_part(%s, %s, %s)", visit, scraper, document)
        return bool(row[0])

    async def finish(self, job: int) -> None:
        """The job is done, whoever did it: nothing of it stays. Raises StoreBusy."""
        from procrastinate.jobs import Status

        manager = self._database.jobs
        await self._database.managed(manager.finish_job_by_id_async, job, Status.SUCCEEDED, delete_job=True)

    async def place_of(self, scraper: str) -> tuple[int, int]:
        """Which of the scrapers that live this one is, from 0, and how many there are. Raises StoreBusy."""
        row = await self._database.one("SELECT place, scrapers FROM copydesk_work.place_of(%s)", scraper)
        return int(row[0]), int(row[1])


def _epoch() -> datetime:
    """A moment that is long over: at once."""
    return datetime.fromtimestamp(0, UTC)


def channels(queues: list[Queue]) -> list[str]:
    """The channels on which procrastinate tells of new jobs."""
    return [f"procrastinate_queue_v1#{queue}" for queue in queues]
