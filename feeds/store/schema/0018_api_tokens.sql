-- What programs may do: a token for each, as its SHA-256 alone. `scopes` are words with blanks between them.
CREATE TABLE api_token(
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    scopes TEXT NOT NULL,
    added INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
