"""Users, clocks and processes: configuration, jobs, daemon, command, web."""
