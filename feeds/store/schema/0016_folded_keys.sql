-- Parameters that only show a page in another dress belong to no key any more: what is stored is found under the shorter one too.
INSERT OR IGNORE INTO alias SELECT folded_key(key), record FROM alias WHERE folded_key(key)<>key ORDER BY record;
INSERT OR IGNORE INTO outcome(source, key, url, outcome, why, way, first, last, tries, again)
    SELECT source, folded_key(key), url, outcome, why, way, first, last, tries, again FROM outcome
    WHERE folded_key(key)<>key;
