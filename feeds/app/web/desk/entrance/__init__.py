"""Getting in: links that work once, the password, sessions, and who may ask for what."""
