"""`copydesk demo`: sample sites on loopback and the real daemon."""
