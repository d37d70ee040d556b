-- Who may read a private topic: a token for each reader, as its SHA-256 alone. The word in the path that was the secret before
-- goes on as the first token. The place is where the documents lie and what they say until a reader's token takes its place;
-- it opens nothing, and is another word from now on, for the former one is a token.
CREATE TABLE token(
    topic TEXT NOT NULL REFERENCES topic(name) ON DELETE CASCADE ON UPDATE CASCADE,
    name TEXT NOT NULL,                 -- of the reader: a person or a device
    digest BLOB NOT NULL,
    added INTEGER NOT NULL,
    PRIMARY KEY(topic, name)
) WITHOUT ROWID, STRICT;

INSERT INTO token SELECT name, 'first', sha256(token), added FROM topic WHERE token IS NOT NULL;
UPDATE topic SET token=lower(hex(randomblob(16))), dirty=dirty+1, may_shrink=1 WHERE token IS NOT NULL;
UPDATE archive SET dirty=1 WHERE feed IN (SELECT feed_id FROM topic WHERE token IS NOT NULL);
ALTER TABLE topic RENAME COLUMN token TO place;
