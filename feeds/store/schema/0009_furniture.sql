-- The lines of a record's text that its site has on many pages, by their numbers, as JSON: published, but neither searched
-- nor put to topics nor compared. Decided when a record is filed, and mended when more pages tell.
ALTER TABLE record ADD COLUMN furniture TEXT NOT NULL DEFAULT '[]';
