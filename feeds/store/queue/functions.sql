-- What is asked in one journey that was several: made anew at each start of a desk. {…}: statements of procrastinate.

-- A visit that is due, and the job that hands it out; false when one of this source is to be made already.
CREATE OR REPLACE FUNCTION copydesk_work.desk_ask(
    asked uuid, of_source text, in_queue text, with_priority integer, what bytea
) RETURNS boolean LANGUAGE plpgsql SET search_path = copydesk_jobs, copydesk_work, pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO copydesk_work.visit(id, source, queue, priority, document)
        VALUES (asked, of_source, in_queue, with_priority, what) ON CONFLICT (source) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM * FROM ({defer_jobs}) AS deferred;
    RETURN true;
END $$;

-- The visit that is to be made next, its job, and whether more wait; NULL where none does.
CREATE OR REPLACE FUNCTION copydesk_work.take_visit(
    queues text[], by_worker bigint,
    OUT job bigint, OUT visit text, OUT source text, OUT document bytea, OUT more boolean
) LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    SELECT * INTO found FROM ({fetch_job}) AS fetched;
    more := false;
    IF found.id IS NOT NULL THEN
        job := found.id;
        visit := found.args ->> 'visit';
        source := found.queueing_lock;
        document := copydesk_work.visit_document(visit::uuid);
        more := EXISTS (SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = ANY (queues));
    END IF;
END $$;

-- Give an answer and finish its job; false when there is an answer already, or nobody waits for it.
CREATE OR REPLACE FUNCTION copydesk_work.give_and_finish(
    answered uuid, by_scraper text, what bytea, done bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    taken boolean;
BEGIN
    taken := copydesk_work.give(answered, by_scraper, what);
    IF EXISTS (SELECT 1 FROM procrastinate_jobs WHERE id = done AND status = 'doing') THEN
        PERFORM * FROM ({finish_job}) AS finished;
    END IF;
    RETURN taken;
END $$;

-- Which of the scrapers that live this one is, by their names, and how many there are: who is to ask for a new job.
CREATE OR REPLACE FUNCTION copydesk_work.place_of(
    by_name text, OUT place integer, OUT scrapers integer
) LANGUAGE sql STABLE AS $$
    SELECT count(*) FILTER (WHERE name < by_name)::integer, count(*)::integer
        FROM copydesk_work.scraper WHERE beat > clock_timestamp() - interval '15 seconds'
$$;

-- Give a part of a first visit; false when the visit was answered, or when there are too many.
CREATE OR REPLACE FUNCTION copydesk_work.give_part(answered uuid, by_scraper text, what bytea)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO copydesk_work.part(visit, scraper, document)
        SELECT id, left(by_scraper, 200), what FROM copydesk_work.visit v WHERE id = answered
        AND NOT EXISTS (SELECT 1 FROM copydesk_work.answer WHERE visit = answered)
        AND (SELECT count(*) FROM copydesk_work.part WHERE visit = answered) < 20;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_notify('copydesk_answers', 'part');
    RETURN true;
END $$;

-- Turns at hosts that are over are given back, and one at another host is taken where one is wanted. Rows are locked in
-- one order, so that nobody waits for each other.
CREATE OR REPLACE FUNCTION copydesk_work.change_hosts(
    ended text[], by_owner text, pauses double precision[], retries double precision[], refusals integer[],
    wanted text, hold double precision, gap double precision,
    OUT ours boolean, OUT wait double precision, OUT retry_in double precision, OUT refused integer
) LANGUAGE plpgsql AS $$
BEGIN
    IF wanted IS NOT NULL THEN
        INSERT INTO copydesk_work.host(host) VALUES (wanted) ON CONFLICT (host) DO NOTHING;
    END IF;
    PERFORM FROM copydesk_work.host WHERE host = ANY (ended || wanted) ORDER BY host FOR UPDATE;
    PERFORM copydesk_work.give_host_back(o.host, by_owner, o.pause, o.retry, o.refused)
        FROM unnest(ended, pauses, retries, refusals) AS o(host, pause, retry, refused);
    IF wanted IS NOT NULL THEN
        SELECT t.* INTO ours, wait, retry_in, refused
            FROM copydesk_work.take_host(wanted, by_owner, hold, gap) AS t;
    END IF;
END $$;
