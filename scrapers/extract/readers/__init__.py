"""One reader for each witness of an article page; each returns claims."""
