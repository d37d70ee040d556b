-- Listings that somebody asks for as feeds: each is a source without a seed file while it is asked for.
CREATE TABLE asked_feed(
    name TEXT PRIMARY KEY,              -- of the source
    url TEXT NOT NULL UNIQUE,
    way TEXT NOT NULL,                  -- rss or pages: how its stories are offered
    token TEXT NOT NULL,                -- of the program that asked first; empty for a signed address
    added INTEGER NOT NULL,
    asked INTEGER NOT NULL              -- when somebody asked last, to the hour
) WITHOUT ROWID, STRICT;
