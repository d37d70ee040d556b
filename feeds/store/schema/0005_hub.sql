-- The WebSub hub: who is subscribed to what, and who is still owed the newest version of a document.

CREATE TABLE subscription(
    callback TEXT NOT NULL,
    topic TEXT NOT NULL,                -- address of the document
    secret TEXT,                        -- of the subscriber, for the signature
    until REAL NOT NULL,                -- end of the lease
    PRIMARY KEY(topic, callback)
) WITHOUT ROWID, STRICT;

CREATE TABLE delivery(
    callback TEXT NOT NULL,
    topic TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1, -- grows with every change: what is sent meanwhile may be old already
    since REAL NOT NULL,
    due REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(topic, callback),
    FOREIGN KEY(topic, callback) REFERENCES subscription(topic, callback) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
CREATE INDEX delivery_due ON delivery(due);
