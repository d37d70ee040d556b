-- The first stories of a first visit, given while it goes on; the Run brings them once more.
CREATE TABLE copydesk_work.part(
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visit uuid NOT NULL REFERENCES copydesk_work.visit ON DELETE CASCADE,
    scraper text NOT NULL,
    document bytea NOT NULL CHECK (octet_length(document) <= 8000000)
);
CREATE INDEX part_visit ON copydesk_work.part(visit);
