-- What an article's page says of its licence, of those who helped and where comments are: an object of JSON, empty for most.
ALTER TABLE record ADD COLUMN around TEXT NOT NULL DEFAULT '{}';
