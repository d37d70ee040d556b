-- Everything that is kept: sources and their memory, records and their aliases, stories, topics, wishes.
-- Times are whole seconds since 1970 in UTC; lists and small tables inside a row are JSON.

CREATE TABLE meta(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;

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
    dirty INTEGER NOT NULL DEFAULT 0    -- its own feed must be published anew
) STRICT;
CREATE INDEX source_due ON source(due);

CREATE TABLE front(
    source TEXT NOT NULL REFERENCES source(name) ON DELETE CASCADE,
    url TEXT NOT NULL,
    way TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    whole INTEGER,                      -- when it was last read whole
    unchanged INTEGER NOT NULL DEFAULT 0,
    links INTEGER NOT NULL DEFAULT 0,   -- how many stories it gave when last read whole
    last_new INTEGER,                   -- when it last gave a story that was new
    PRIMARY KEY(source, url)
) WITHOUT ROWID, STRICT;

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
) STRICT;
CREATE INDEX visit_source ON visit(source, n);

-- What became of every link that was seen: one row a link and source.
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
) WITHOUT ROWID, STRICT;
CREATE INDEX outcome_key ON outcome(key);

CREATE TABLE story(
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    first_seen INTEGER NOT NULL,
    published INTEGER NOT NULL,         -- never moves
    updated INTEGER NOT NULL UNIQUE,    -- no two entries of a feed share it to the second
    representative INTEGER,
    reason TEXT NOT NULL DEFAULT ''     -- why that member represents the story
) STRICT;

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
    quarantined TEXT                    -- why it is kept out of the feeds
) STRICT;
CREATE INDEX record_source ON record(source, published);
CREATE INDEX record_story ON record(story);
CREATE INDEX record_published ON record(published);
CREATE INDEX record_fingerprint ON record(fingerprint);
CREATE INDEX record_recheck ON record(recheck) WHERE recheck IS NOT NULL;

CREATE TABLE alias(
    key TEXT PRIMARY KEY,               -- canonical URL key, or guid:SOURCE:ID
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
CREATE INDEX alias_record ON alias(record);

CREATE TABLE revision(
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    title TEXT NOT NULL,                -- as it was before
    text TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    public INTEGER NOT NULL DEFAULT 1,  -- whether atom:updated moved for it
    PRIMARY KEY(record, at)
) WITHOUT ROWID, STRICT;

CREATE TABLE topic(
    name TEXT PRIMARY KEY,
    feed_id TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,             -- the whole topic as JSON: a change re-applies it to what is stored
    position INTEGER NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER,                    -- answered with 410 from then on
    token TEXT,                         -- a private topic's secret part of the path
    ttl INTEGER NOT NULL DEFAULT 30,    -- minutes; a stored, rounded value
    may_shrink INTEGER NOT NULL DEFAULT 0, -- it lost records for a reason: a removal, another query
    dirty INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE moved(
    was TEXT PRIMARY KEY,               -- former name of a topic or source: answered with 301
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE topic_record(
    topic TEXT NOT NULL REFERENCES topic(name) ON DELETE CASCADE ON UPDATE CASCADE,
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE,
    clause TEXT NOT NULL DEFAULT '',    -- the clause that decided
    PRIMARY KEY(topic, record)
) WITHOUT ROWID, STRICT;
CREATE INDEX topic_record_record ON topic_record(record);

CREATE TABLE host(
    host TEXT PRIMARY KEY,
    pace TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE wish(
    n INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL DEFAULT '{}',
    asked REAL NOT NULL,
    claimed REAL,
    done REAL,
    result TEXT
) STRICT;
CREATE INDEX wish_open ON wish(n) WHERE done IS NULL;

-- Pages that broke or outran a parser, by the hash of their bytes: not parsed again for a day.
CREATE TABLE bad_page(
    hash TEXT PRIMARY KEY,
    until REAL NOT NULL
) WITHOUT ROWID, STRICT;
