"""config.toml → Config."""
