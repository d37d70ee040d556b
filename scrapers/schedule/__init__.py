"""When to visit a source next. Pure."""
