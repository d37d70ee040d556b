-- The rights in the database of a store, given once by an administrator: psql copydesk -f roles.sql
-- The desk owns the tables that it makes. Scrapers get no right on any of them: the desk lets their role call the
-- functions by which visits are taken and Runs given (feeds/store/queue/rights.sql), each time it starts.
\set ON_ERROR_STOP on
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO copydesk_desk;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO copydesk_desk', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO copydesk_scraper', current_database())
 WHERE EXISTS (SELECT 1 FROM pg_roles WHERE rolname='copydesk_scraper') \gexec
