-- The schema for PostgreSQL as the files up to this number make it for SQLite; types are SQLite's and are translated.
-- A later number is one file for both, or one here beside the one for SQLite where the two must differ.

CREATE TABLE schema_version(
    version INTEGER NOT NULL
);

-- What SQLite has and statements use.
CREATE FUNCTION json_each(listed text, OUT value text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20 AS 'SELECT json_array_elements_text(listed::json)';

CREATE FUNCTION instr(whole text, part text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT strpos(whole, part)';

CREATE TABLE meta(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE source(
    name TEXT PRIMARY KEY,
    feed_id TEXT NOT NULL UNIQUE,
    home TEXT NOT NULL,
    title TEXT,                         -- as the seed says, else as the site calls itself
    language TEXT,
    added INTEGER NOT NULL,
    removed INTEGER,                    -- its seed is gone; records stay
    paused INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'new',  -- new, ok, slow, degraded, failing, gone
    cause TEXT NOT NULL DEFAULT '',
    since INTEGER NOT NULL,             -- when this state began
    failures INTEGER NOT NULL DEFAULT 0,
    last_visit INTEGER,
    last_success INTEGER,
    last_new INTEGER,
    typical REAL,                       -- stories that a good visit offers (running median)
    redirected TEXT,                    -- permanent new address of the home, and on how many visits and since when
    redirects INTEGER NOT NULL DEFAULT 0,
    redirected_since INTEGER,
    shapes TEXT NOT NULL DEFAULT '{}',  -- URL shapes of proven articles, with counts
    queued TEXT NOT NULL DEFAULT '[]',  -- addresses left over from a visit that ran out of time
    may_shrink INTEGER NOT NULL DEFAULT 0, -- it lost records for a reason
    dirty INTEGER NOT NULL DEFAULT 0,   -- its own feed must be published anew
    pace TEXT NOT NULL DEFAULT '',      -- why it is due when it is due
    menu TEXT NOT NULL DEFAULT '{}',    -- links that are no stories, with their days
    menu_day INTEGER NOT NULL DEFAULT 0 -- the day since 1970 of the last count
);

CREATE INDEX source_due ON source(due);

CREATE TABLE front(
    source TEXT NOT NULL REFERENCES source(name) ON DELETE CASCADE DEFERRABLE,
    url TEXT NOT NULL,
    way TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    whole INTEGER,                      -- when it was last read whole
    unchanged INTEGER NOT NULL DEFAULT 0,
    links INTEGER NOT NULL DEFAULT 0,   -- how many stories it gave when last read whole
    PRIMARY KEY(source, url)
);

CREATE TABLE visit(
    n INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'visit', -- visit, revisit, fetch, backfill
    started INTEGER NOT NULL,
    seconds REAL NOT NULL,
    links INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    revised INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    outcome TEXT NOT NULL,              -- ok, unchanged, failed
    why TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '[]'
);

CREATE INDEX visit_source ON visit(source, n);

CREATE TABLE outcome(
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    outcome TEXT NOT NULL,              -- kept, refused, failed, gone, skipped, queued
    why TEXT NOT NULL DEFAULT '',
    way TEXT NOT NULL DEFAULT '',
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 1,
    again REAL,                         -- when it may be asked for again; NULL: never by itself
    PRIMARY KEY(source, key)
);

CREATE INDEX outcome_key ON outcome(key);

CREATE TABLE story(
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    first_seen INTEGER NOT NULL,
    published INTEGER NOT NULL,         -- never moves
    updated INTEGER NOT NULL UNIQUE,    -- no two entries of a feed share it to the second
    representative INTEGER,
    reason TEXT NOT NULL DEFAULT ''     -- why that member represents the story
);

CREATE TABLE record(
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    story INTEGER NOT NULL REFERENCES story(n),
    evidence TEXT NOT NULL DEFAULT '',  -- why it belongs to its story
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    subtitle TEXT,
    authors TEXT NOT NULL DEFAULT '[]',
    published INTEGER NOT NULL,
    published_estimated INTEGER NOT NULL DEFAULT 0,
    modified INTEGER,                   -- what the page says of its last change
    updated INTEGER NOT NULL UNIQUE,    -- our atom:updated: moves for a real change only
    first_seen INTEGER NOT NULL,
    section TEXT,
    tags TEXT NOT NULL DEFAULT '[]',
    language TEXT,
    publisher TEXT,
    image TEXT,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    paywalled INTEGER NOT NULL DEFAULT 0,
    sponsored INTEGER NOT NULL DEFAULT 0,
    canonical TEXT,
    guid TEXT,
    way TEXT NOT NULL,                  -- page, feed or hint: where its text comes from
    fingerprint TEXT NOT NULL,
    witnesses TEXT NOT NULL DEFAULT '{}',
    revisions INTEGER NOT NULL DEFAULT 0,
    checks INTEGER NOT NULL DEFAULT 0,  -- revisits done
    looked INTEGER NOT NULL DEFAULT 0,  -- when its page was read last
    recheck REAL,                       -- when to look at the page again; NULL: no more
    etag TEXT,
    last_modified TEXT,
    quarantined TEXT,                   -- why it is kept out of the feeds
    furniture TEXT NOT NULL DEFAULT '[]', -- lines of its text that its site has on many pages
    robots TEXT NOT NULL DEFAULT '[]',  -- what its page holds back
    around TEXT NOT NULL DEFAULT '{}'   -- licence, contributors, comments
);

CREATE INDEX record_source ON record(source, published);

CREATE INDEX record_story ON record(story);

CREATE INDEX record_published ON record(published);

CREATE INDEX record_fingerprint ON record(fingerprint);

CREATE INDEX record_recheck ON record(recheck) WHERE recheck IS NOT NULL;

CREATE TABLE alias(
    key TEXT PRIMARY KEY,               -- canonical URL key, or guid:SOURCE:ID
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE
);

CREATE INDEX alias_record ON alias(record);

CREATE TABLE revision(
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    title TEXT NOT NULL,                -- as it was before
    text TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    public INTEGER NOT NULL DEFAULT 1,  -- whether atom:updated moved for it
    PRIMARY KEY(record, at)
);

CREATE TABLE topic(
    name TEXT PRIMARY KEY,
    feed_id TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,             -- the whole topic as JSON: a change re-applies it to what is stored
    position INTEGER NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER,                    -- answered with 410 from then on
    place TEXT,                         -- a private topic's secret part of the path
    ttl INTEGER NOT NULL DEFAULT 30,    -- minutes; a stored, rounded value
    may_shrink INTEGER NOT NULL DEFAULT 0, -- it lost records for a reason: a removal, another query
    dirty INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE moved(
    was TEXT PRIMARY KEY,               -- former name of a topic or source: answered with 301
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE topic_record(
    topic TEXT NOT NULL REFERENCES topic(name) ON DELETE CASCADE ON UPDATE CASCADE,
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE,
    clause TEXT NOT NULL DEFAULT '',    -- the clause that decided
    PRIMARY KEY(topic, record)
);

CREATE INDEX topic_record_record ON topic_record(record);

CREATE TABLE host(
    host TEXT PRIMARY KEY,
    pace TEXT NOT NULL
);

CREATE TABLE wish(
    n INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL DEFAULT '{}',
    asked REAL NOT NULL,
    claimed REAL,
    done REAL,
    result TEXT
);

CREATE INDEX wish_open ON wish(n) WHERE done IS NULL;

CREATE TABLE bad_page(
    hash TEXT PRIMARY KEY,
    until REAL NOT NULL
);

CREATE TABLE sketch(
    n INTEGER PRIMARY KEY AUTOINCREMENT,    -- grows with every sketch that is written, those of revisions too
    record INTEGER NOT NULL UNIQUE REFERENCES record(n) ON DELETE CASCADE,
    content INTEGER NOT NULL,               -- hash of the whole run of words
    hashes BLOB NOT NULL                    -- at most 16 hashes of 32 bits, little-endian
);

CREATE INDEX sketch_content ON sketch(content);

CREATE TABLE sketch_segment(
    first INTEGER PRIMARY KEY,              -- from this sketch
    last INTEGER NOT NULL,                  -- to this one
    hashes BLOB NOT NULL,                   -- 32 bits each, sorted, little-endian
    records BLOB NOT NULL                   -- 32 bits each, in the order of their hashes
);

CREATE TABLE archive(
    n INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,
    number INTEGER NOT NULL,
    followed INTEGER NOT NULL,          -- the next one was closed at the same time: the document names it
    dirty INTEGER NOT NULL DEFAULT 1,   -- its file must be written, or removed when it has no entry left
    removed INTEGER NOT NULL DEFAULT 0, -- nothing is left of it; its number is never given again
    UNIQUE(feed, number)
);

CREATE TABLE archived(
    archive INTEGER NOT NULL REFERENCES archive(n) ON DELETE CASCADE,
    entry TEXT NOT NULL,                -- a story's or a record's id
    place INTEGER NOT NULL,
    PRIMARY KEY(entry, archive)
);

CREATE INDEX archived_archive ON archived(archive, place);

CREATE TABLE unarchived(
    feed TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE,
    PRIMARY KEY(feed, record)
);

CREATE INDEX unarchived_record ON unarchived(record);

CREATE TABLE subscription(
    callback TEXT NOT NULL,
    topic TEXT NOT NULL,                -- address of the document
    secret TEXT,                        -- of the subscriber, for the signature
    until REAL NOT NULL,                -- end of the lease
    PRIMARY KEY(topic, callback)
);

CREATE TABLE delivery(
    callback TEXT NOT NULL,
    topic TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1, -- grows with every change: what is sent meanwhile may be old already
    since REAL NOT NULL,
    due REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(topic, callback),
    FOREIGN KEY(topic, callback) REFERENCES subscription(topic, callback) ON DELETE CASCADE
);

CREATE INDEX delivery_due ON delivery(due);

CREATE TABLE health(
    source TEXT PRIMARY KEY,
    at INTEGER NOT NULL,                -- of the visit that it was made after
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    since INTEGER NOT NULL,
    facts TEXT NOT NULL                 -- learnt numbers and field coverage, as JSON
);

CREATE TABLE trouble(
    n INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,              -- source:NAME, topic:NAME, disk, backup
    kind TEXT NOT NULL,                 -- visits, silent, few, field:NAME, way:NAME …
    state TEXT NOT NULL,
    cause TEXT NOT NULL,                -- as it was when it was noticed
    since INTEGER NOT NULL,             -- when it began, as far as it can be known
    opened INTEGER NOT NULL,            -- when it was noticed
    closed INTEGER                      -- when it was over
);

CREATE UNIQUE INDEX trouble_open ON trouble(subject, kind) WHERE closed IS NULL;

CREATE TABLE told(
    trouble INTEGER NOT NULL REFERENCES trouble(n) ON DELETE CASCADE,
    what TEXT NOT NULL,                 -- begin, end
    channel TEXT NOT NULL,              -- command, webhook, mail
    at INTEGER NOT NULL,
    PRIMARY KEY(trouble, what, channel)
);

CREATE INDEX outcome_kept ON outcome(source, first) WHERE outcome='kept';

CREATE INDEX record_arrival ON record(source, first_seen, published, published_estimated);

CREATE INDEX record_quarantined ON record(n) WHERE quarantined IS NOT NULL;

CREATE TABLE token(
    topic TEXT NOT NULL REFERENCES topic(name) ON DELETE CASCADE ON UPDATE CASCADE,
    name TEXT NOT NULL,                 -- of the reader: a person or a device
    digest BLOB NOT NULL,
    added INTEGER NOT NULL,
    PRIMARY KEY(topic, name)
);

CREATE TABLE repair(
    source TEXT NOT NULL,
    field TEXT NOT NULL,                -- the key in the seed file: discover.links, extract.title …
    written TEXT NOT NULL,              -- the selector in the seed file
    since INTEGER NOT NULL,             -- since when it gives nothing
    missed INTEGER NOT NULL DEFAULT 0,  -- visits in a row in which the selector of the listing found nothing
    looked INTEGER,                     -- when another one was looked for last
    state TEXT NOT NULL DEFAULT '',     -- what came of it: certain, unsure, lost, holds, unknown
    found TEXT,                         -- the selector that was found
    used INTEGER NOT NULL DEFAULT 0,    -- it is used in the place of the written one
    evidence TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(source, field)
);

CREATE TABLE forgotten(
    key TEXT PRIMARY KEY,               -- SHA-256 of a canonical URL key, or of the number in it, in hexadecimal digits
    article TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE INDEX forgotten_article ON forgotten(article);

CREATE INDEX story_published ON story(published);

CREATE TABLE api_token(
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    scopes TEXT NOT NULL,
    added INTEGER NOT NULL
);

CREATE TABLE asked_feed(
    name TEXT PRIMARY KEY,              -- of the source
    url TEXT NOT NULL UNIQUE,
    way TEXT NOT NULL,                  -- rss or pages: how its stories are offered
    token TEXT NOT NULL,                -- of the program that asked first; empty for a signed address
    added INTEGER NOT NULL,
    asked INTEGER NOT NULL              -- when somebody asked last, to the hour
);

-- Words: our own tokens, each behind the letter of its field. It nominates; whoever asks evaluates the query.
CREATE TABLE search(
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE,
    words tsvector,                     -- NULL: more than the type takes
    PRIMARY KEY(record)
);
CREATE INDEX search_words ON search USING gin(words);
CREATE INDEX search_unworded ON search(record) WHERE words IS NULL;

CREATE FUNCTION unarchived_topic() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO unarchived SELECT feed_id, new.record FROM topic WHERE name=new.topic ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER unarchived_topic AFTER INSERT ON topic_record FOR EACH ROW EXECUTE FUNCTION unarchived_topic();

CREATE FUNCTION unarchived_topic_left() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM unarchived WHERE record=old.record AND feed=(SELECT feed_id FROM topic WHERE name=old.topic);
    RETURN NULL;
END $$;
CREATE TRIGGER unarchived_topic_left AFTER DELETE ON topic_record
    FOR EACH ROW EXECUTE FUNCTION unarchived_topic_left();

CREATE FUNCTION unarchived_source() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO unarchived SELECT feed_id, new.n FROM source WHERE name=new.source ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER unarchived_source AFTER INSERT ON record FOR EACH ROW EXECUTE FUNCTION unarchived_source();

-- A legal removal: the documents that hold the text are written anew, whoever removes it.
CREATE FUNCTION archived_record_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE archive SET dirty=1 WHERE n IN (
        SELECT archive FROM archived WHERE entry IN (old.id, (SELECT id FROM story WHERE n=old.story)));
    DELETE FROM archived WHERE entry=old.id;
    RETURN old;
END $$;
CREATE TRIGGER archived_record_removed BEFORE DELETE ON record
    FOR EACH ROW EXECUTE FUNCTION archived_record_removed();

CREATE FUNCTION archived_story_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE archive SET dirty=1 WHERE n IN (SELECT archive FROM archived WHERE entry=old.id);
    DELETE FROM archived WHERE entry=old.id;
    RETURN old;
END $$;
CREATE TRIGGER archived_story_removed BEFORE DELETE ON story FOR EACH ROW EXECUTE FUNCTION archived_story_removed();
