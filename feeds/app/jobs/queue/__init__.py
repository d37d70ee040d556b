"""Where visits wait until somebody makes them: in this process, or in a database that scrapers on any machine ask."""
