-- Look-alikes: the sketch of every record, and sorted segments of postings made from many sketches.
-- The sketch rows are the truth; a segment saves reading them one by one when a store is opened.

CREATE TABLE sketch(
    n INTEGER PRIMARY KEY AUTOINCREMENT,    -- grows with every sketch that is written, those of revisions too
    record INTEGER NOT NULL UNIQUE REFERENCES record(n) ON DELETE CASCADE,
    content INTEGER NOT NULL,               -- hash of the whole run of words
    hashes BLOB NOT NULL                    -- at most 16 hashes of 32 bits, little-endian
) STRICT;
CREATE INDEX sketch_content ON sketch(content);

CREATE TABLE sketch_segment(
    first INTEGER PRIMARY KEY,              -- from this sketch
    last INTEGER NOT NULL,                  -- to this one
    hashes BLOB NOT NULL,                   -- 32 bits each, sorted, little-endian
    records BLOB NOT NULL                   -- 32 bits each, in the order of their hashes
) STRICT;
