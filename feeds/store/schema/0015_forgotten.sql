-- Articles that were forgotten: never filed again, whatever source brings them under whichever of their addresses.
-- Only hashes of the addresses are kept; `article` holds those of one article together, so that it can be taken back.
CREATE TABLE forgotten(
    key TEXT PRIMARY KEY,               -- SHA-256 of a canonical URL key, or of the number in it, in hexadecimal digits
    article TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX forgotten_article ON forgotten(article);

INSERT OR IGNORE INTO forgotten SELECT lower(hex(sha256(key))), lower(hex(sha256(url))), last FROM outcome
    WHERE outcome='skipped' AND why='removed by hand';
