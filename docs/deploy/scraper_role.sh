#!/bin/sh
# The role of scrapers, made once as the owner of the server. It has no right on any table: when a desk starts, it lets
# the role call the functions by which visits are taken and Runs given, and nothing else.
set -eu
psql --set ON_ERROR_STOP=1 --set secret="$SCRAPER_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE copydesk_scraper LOGIN PASSWORD :'secret';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
