-- Nothing here: the number is that of PostgreSQL, whose triggers note many rows at once. SQLite has no such triggers.
SELECT 1;
