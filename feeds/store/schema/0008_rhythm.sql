-- A source's own rhythm is learnt from an index alone; what was made of it is told as words.

ALTER TABLE source ADD COLUMN pace TEXT NOT NULL DEFAULT '';    -- why it is due when it is due

DROP INDEX record_arrival;
CREATE INDEX record_arrival ON record(source, first_seen, published, published_estimated);

-- Records that no document takes: looked for every few seconds, and there are none.
CREATE INDEX record_quarantined ON record(n) WHERE quarantined IS NOT NULL;
