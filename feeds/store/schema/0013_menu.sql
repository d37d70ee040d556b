-- Links that the listings of a source show without being stories, with the days on which that was so: key → days, as JSON.
-- A link that was in the menu for days is no news when a new design makes it look like a story.
ALTER TABLE source ADD COLUMN menu TEXT NOT NULL DEFAULT '{}';
ALTER TABLE source ADD COLUMN menu_day INTEGER NOT NULL DEFAULT 0; -- the day since 1970 of the last count
-- Which way tells of new stories is known from the outcomes of links; nothing ever wrote this.
ALTER TABLE front DROP COLUMN last_new;
