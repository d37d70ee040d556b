-- Archive documents (RFC 5005 §4): which entry is in which one, and what waits. `feed` is the id of a topic's or
-- source's feed, which no renaming changes.

CREATE TABLE archive(
    n INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,
    number INTEGER NOT NULL,
    followed INTEGER NOT NULL,          -- the next one was closed at the same time: the document names it
    dirty INTEGER NOT NULL DEFAULT 1,   -- its file must be written, or removed when it has no entry left
    removed INTEGER NOT NULL DEFAULT 0, -- nothing is left of it; its number is never given again
    UNIQUE(feed, number)
) STRICT;

CREATE TABLE archived(
    archive INTEGER NOT NULL REFERENCES archive(n) ON DELETE CASCADE,
    entry TEXT NOT NULL,                -- a story's or a record's id
    place INTEGER NOT NULL,
    PRIMARY KEY(entry, archive)
) WITHOUT ROWID, STRICT;
CREATE INDEX archived_archive ON archived(archive, place);

CREATE TABLE unarchived(
    feed TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES record(n) ON DELETE CASCADE,
    PRIMARY KEY(feed, record)
) WITHOUT ROWID, STRICT;
CREATE INDEX unarchived_record ON unarchived(record);

INSERT INTO unarchived SELECT topic.feed_id, topic_record.record FROM topic_record JOIN topic ON topic.name=topic_record.topic;
INSERT INTO unarchived SELECT source.feed_id, record.n FROM record JOIN source ON source.name=record.source;

CREATE TRIGGER unarchived_topic AFTER INSERT ON topic_record BEGIN
    INSERT OR IGNORE INTO unarchived SELECT feed_id, new.record FROM topic WHERE name=new.topic;
END;

CREATE TRIGGER unarchived_topic_left AFTER DELETE ON topic_record BEGIN
    DELETE FROM unarchived WHERE record=old.record AND feed=(SELECT feed_id FROM topic WHERE name=old.topic);
END;

CREATE TRIGGER unarchived_source AFTER INSERT ON record BEGIN
    INSERT OR IGNORE INTO unarchived SELECT feed_id, new.n FROM source WHERE name=new.source;
END;

-- A legal removal: the documents that hold the text are written anew, whoever removes it.
CREATE TRIGGER archived_record_removed BEFORE DELETE ON record BEGIN
    UPDATE archive SET dirty=1 WHERE n IN (
        SELECT archive FROM archived WHERE entry IN (old.id, (SELECT id FROM story WHERE n=old.story)));
    DELETE FROM archived WHERE entry=old.id;
END;

CREATE TRIGGER archived_story_removed BEFORE DELETE ON story BEGIN
    UPDATE archive SET dirty=1 WHERE n IN (SELECT archive FROM archived WHERE entry=old.id);
    DELETE FROM archived WHERE entry=old.id;
END;
