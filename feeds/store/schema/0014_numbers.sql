-- The long number at the end of an article's address names it inside its source, whatever becomes of the words beside it.
INSERT OR IGNORE INTO alias
    SELECT number_key(source, url), n FROM record WHERE number_key(source, url) IS NOT NULL ORDER BY n;
