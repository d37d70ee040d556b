"""The body of an article: which parts of the page are its text."""
