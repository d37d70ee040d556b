-- Films and sounds whose servers were asked for type and length: each file is asked for once.
CREATE TABLE asked_file(
    key TEXT PRIMARY KEY,               -- hash of the address, which is not kept
    type TEXT NOT NULL,                 -- media type; empty: nothing was told
    length BIGINT,                    -- bytes, where told
    asked BIGINT NOT NULL
);
