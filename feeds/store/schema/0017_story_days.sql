-- The stories of a day are looked up by when they were published.
CREATE INDEX story_published ON story(published);
