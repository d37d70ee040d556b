"""XML lists of stories: Atom, RSS, sitemaps, OPML."""
