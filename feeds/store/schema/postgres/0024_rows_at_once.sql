-- Many rows of one statement are noted at once for the next archive, not each by itself. SQLite has no such triggers.
-- OFFSET 0: each is looked up by its name, however few the server thinks there are.
CREATE OR REPLACE FUNCTION unarchived_topic() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO unarchived SELECT feed_id, added.record FROM added
        CROSS JOIN LATERAL (SELECT feed_id FROM topic WHERE name=added.topic OFFSET 0) AS its ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
DROP TRIGGER unarchived_topic ON topic_record;
CREATE TRIGGER unarchived_topic AFTER INSERT ON topic_record REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION unarchived_topic();

CREATE OR REPLACE FUNCTION unarchived_source() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO unarchived SELECT feed_id, added.n FROM added
        CROSS JOIN LATERAL (SELECT feed_id FROM source WHERE name=added.source OFFSET 0) AS its ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
DROP TRIGGER unarchived_source ON record;
CREATE TRIGGER unarchived_source AFTER INSERT ON record REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION unarchived_source();
