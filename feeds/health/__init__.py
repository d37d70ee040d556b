"""How each source is doing. Pure."""

PATH = "t/_health"
"""Where the feed of troubles is: under a name that no topic can have."""
