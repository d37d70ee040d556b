"""The database under the store: its connection, its file or server, its schema."""
