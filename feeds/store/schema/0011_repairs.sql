-- Selectors of seeds that stopped giving, what was found in their place, and whether it is used. Seed files are never
-- changed by the daemon; a selector that is another one in the file ends its row.
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
) WITHOUT ROWID, STRICT;
