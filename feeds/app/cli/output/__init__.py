"""How commands talk to a person: questions and progress."""
