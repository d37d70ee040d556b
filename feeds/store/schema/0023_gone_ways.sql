-- Feeds and sitemaps that answered 404 or 410, for status and for the next visit.
CREATE INDEX outcome_front ON outcome(source, again) WHERE way='front';
