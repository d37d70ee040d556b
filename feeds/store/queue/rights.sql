-- What a scraper may call, once more after each upgrade: the functions run with the rights of their owner.
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname IN ('copydesk_work', 'copydesk_jobs') AND p.prokind = 'f'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
    FOR one IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE (n.nspname = 'copydesk_work' AND p.proname !~ '^desk_') OR (n.nspname = 'copydesk_jobs' AND p.proname ~ '_(fetch_job|finish_job|register_worker|unregister_worker|update_heartbeat)_v[0-9]+$')
    LOOP
        EXECUTE format(
            'ALTER FUNCTION %s SECURITY DEFINER SET search_path = copydesk_jobs, copydesk_work, pg_catalog, pg_temp', one
        );
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'copydesk_scraper') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO copydesk_scraper', one);
        END IF;
    END LOOP;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'copydesk_scraper') THEN
        GRANT USAGE ON SCHEMA copydesk_work, copydesk_jobs TO copydesk_scraper;
    END IF;
END $$;
