-- What is to do. The functions are all that a scraper may call: its role needs no right on any table.
CREATE TABLE copydesk_work.meta(key text PRIMARY KEY, value text NOT NULL);

CREATE TABLE copydesk_work.visit(
    id uuid PRIMARY KEY,
    source text NOT NULL UNIQUE,        -- one visit a source
    queue text NOT NULL,                -- visits, or render: for scrapers with a browser
    priority integer NOT NULL,
    queued timestamptz NOT NULL DEFAULT clock_timestamp(),
    document bytea NOT NULL
);

CREATE TABLE copydesk_work.answer(
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- the order of arrival
    visit uuid NOT NULL UNIQUE REFERENCES copydesk_work.visit ON DELETE CASCADE,
    scraper text NOT NULL,
    given timestamptz NOT NULL DEFAULT clock_timestamp(),
    document bytea NOT NULL CHECK (octet_length(document) <= 24000000)
);

-- Whose turn it is at a host, and when the next request may begin. The clock is the database's alone.
CREATE TABLE copydesk_work.host(
    host text PRIMARY KEY CHECK (length(host) <= 2100),
    owner text,                         -- who asks it at this moment
    until timestamptz,                  -- when that request is over at the latest
    next_allowed timestamptz NOT NULL DEFAULT clock_timestamp(),
    retry_until timestamptz,            -- the host asked to be left alone
    refusals integer NOT NULL DEFAULT 0,
    seen timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX host_seen ON copydesk_work.host(seen);

CREATE TABLE copydesk_work.robots(
    origin text PRIMARY KEY CHECK (length(origin) <= 2100),
    copy text CHECK (octet_length(copy) <= 2000000),
    fetched timestamptz,
    failed timestamptz,
    seen timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX robots_seen ON copydesk_work.robots(seen);

CREATE TABLE copydesk_work.scraper(
    name text PRIMARY KEY CHECK (length(name) <= 200),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    beat timestamptz NOT NULL DEFAULT clock_timestamp(),
    facts jsonb NOT NULL CHECK (length(facts::text) <= 20000)
);

-- The settings that scrapers work with, as the desk has them.
CREATE TABLE copydesk_work.settings(one boolean PRIMARY KEY DEFAULT true CHECK (one), value text NOT NULL);

CREATE FUNCTION copydesk_work.settings() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT value FROM copydesk_work.settings $$;

-- The visit to be made; nothing when it was answered or taken back.
CREATE FUNCTION copydesk_work.visit_document(asked uuid) RETURNS bytea LANGUAGE sql STABLE AS
$$ SELECT document FROM copydesk_work.visit
   WHERE id = asked AND NOT EXISTS (SELECT 1 FROM copydesk_work.answer WHERE visit = asked) $$;

-- Give an answer; false when there is one already, or nobody waits for it.
CREATE FUNCTION copydesk_work.give(answered uuid, by_scraper text, what bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO copydesk_work.answer(visit, scraper, document)
        SELECT id, left(by_scraper, 200), what FROM copydesk_work.visit WHERE id = answered
        ON CONFLICT (visit) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_notify('copydesk_answers', '');
    RETURN true;
END $$;

-- A turn at a host for at most `hold` seconds, then `gap`: all is written now, so that nothing is lost with its taker.
CREATE FUNCTION copydesk_work.take_host(
    wanted text, by_owner text, hold double precision, gap double precision,
    OUT ours boolean, OUT wait double precision, OUT retry_in double precision, OUT refused integer
) LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz;
    row copydesk_work.host;
BEGIN
    INSERT INTO copydesk_work.host(host) VALUES (wanted) ON CONFLICT (host) DO NOTHING;
    SELECT * INTO row FROM copydesk_work.host WHERE host = wanted FOR UPDATE;
    at := clock_timestamp();
    retry_in := greatest(0, extract(epoch FROM row.retry_until - at));
    retry_in := coalesce(retry_in, 0);
    refused := row.refusals;
    wait := greatest(0, extract(epoch FROM row.next_allowed - at));
    ours := wait = 0 AND retry_in = 0;
    IF ours THEN
        UPDATE copydesk_work.host SET owner = left(by_owner, 200), until = at + make_interval(secs => least(hold, 900)),
            next_allowed = at + make_interval(secs => least(hold, 900) + least(gap, 900)), seen = at
            WHERE host = wanted;
    END IF;
END $$;

-- The turn is over. Only its taker can end it, and only while nobody else has the next one.
CREATE FUNCTION copydesk_work.give_host_back(
    wanted text, by_owner text, pause double precision, retry_in double precision, refused integer
) RETURNS void LANGUAGE sql AS $$
    UPDATE copydesk_work.host SET owner = NULL, until = NULL, refusals = greatest(0, least(refused, 1000)),
        next_allowed = clock_timestamp() + make_interval(secs => least(greatest(pause, 0), 900)),
        retry_until = CASE WHEN retry_in > 0 THEN clock_timestamp() + make_interval(secs => least(retry_in, 86400)) END,
        seen = clock_timestamp()
        WHERE host = wanted AND owner = left(by_owner, 200)
$$;

CREATE FUNCTION copydesk_work.robots_copy(
    wanted text, OUT copy text, OUT fetched double precision, OUT failed double precision
) LANGUAGE sql STABLE AS $$
    SELECT copy, extract(epoch FROM fetched)::double precision, extract(epoch FROM failed)::double precision
        FROM copydesk_work.robots WHERE origin = wanted
$$;

CREATE FUNCTION copydesk_work.keep_robots(
    wanted text, new_copy text, new_fetched double precision, new_failed double precision
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO copydesk_work.robots(origin, copy, fetched, failed)
        VALUES (wanted, new_copy, to_timestamp(new_fetched), to_timestamp(new_failed))
        ON CONFLICT (origin) DO UPDATE SET copy = excluded.copy, fetched = excluded.fetched, failed = excluded.failed,
            seen = clock_timestamp()
$$;

-- A scraper is there, and says what it does.
CREATE FUNCTION copydesk_work.beat(by_name text, told jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO copydesk_work.scraper(name, facts) VALUES (by_name, told)
        ON CONFLICT (name) DO UPDATE SET beat = clock_timestamp(), facts = excluded.facts
$$;

CREATE FUNCTION copydesk_work.leave(by_name text) RETURNS void LANGUAGE sql AS
$$ DELETE FROM copydesk_work.scraper WHERE name = by_name $$;
