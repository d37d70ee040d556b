-- Visits that were made elsewhere and are kept, so that none is kept twice; an id goes when its visit left the queue.
CREATE TABLE given_visit(
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
