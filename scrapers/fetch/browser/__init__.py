"""Pages that need scripts: Chromium without a network of its own."""
