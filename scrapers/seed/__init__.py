"""A source as data: seeds/NAME.toml → Seed."""
