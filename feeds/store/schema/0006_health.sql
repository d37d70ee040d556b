-- Health: what was made of each source after its last visit, and every trouble with its begin and its end.

CREATE TABLE health(
    source TEXT PRIMARY KEY,
    at INTEGER NOT NULL,                -- of the visit that it was made after
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    since INTEGER NOT NULL,
    facts TEXT NOT NULL                 -- learnt numbers and field coverage, as JSON
) WITHOUT ROWID, STRICT;

CREATE TABLE trouble(
    n INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,              -- source:NAME, topic:NAME, disk, backup
    kind TEXT NOT NULL,                 -- visits, silent, few, field:NAME, way:NAME …
    state TEXT NOT NULL,
    cause TEXT NOT NULL,                -- as it was when it was noticed
    since INTEGER NOT NULL,             -- when it began, as far as it can be known
    opened INTEGER NOT NULL,            -- when it was noticed
    closed INTEGER                      -- when it was over
) STRICT;
CREATE UNIQUE INDEX trouble_open ON trouble(subject, kind) WHERE closed IS NULL;

-- Which alarm went out by which channel: each once.
CREATE TABLE told(
    trouble INTEGER NOT NULL REFERENCES trouble(n) ON DELETE CASCADE,
    what TEXT NOT NULL,                 -- begin, end
    channel TEXT NOT NULL,              -- command, webhook, mail
    at INTEGER NOT NULL,
    PRIMARY KEY(trouble, what, channel)
) WITHOUT ROWID, STRICT;

CREATE INDEX record_arrival ON record(source, first_seen);
CREATE INDEX outcome_kept ON outcome(source, first) WHERE outcome='kept';
