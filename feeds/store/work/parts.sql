-- The first stories of a first visit, given while it goes on; the Run brings them once more.
CREATE TABLE copydesk_work.part(
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visit uuid NOT NULL REFERENCES copydesk_work.visit ON DELETE CASCADE,
    scraper text NOT NULL,
    document bytea NOT NULL CHECK (octet_length(document) <= 8000000)
);
CREATE INDEX part_visit ON copydesk_work.part(visit);

-- Give a part; false when the visit was answered, or when there are too many.
CREATE FUNCTION copydesk_work.give_part(answered uuid, by_scraper text, what bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO copydesk_work.part(visit, scraper, document)
        SELECT id, left(by_scraper, 200), what FROM copydesk_work.visit v WHERE id = answered
        AND NOT EXISTS (SELECT 1 FROM copydesk_work.answer WHERE visit = answered)
        AND (SELECT count(*) FROM copydesk_work.part WHERE visit = answered) < 20;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_notify('copydesk_answers', '');
    RETURN true;
END $$;
